/// A directed model as a template: variables with and without a time index, and for each of them its parents at this
/// and earlier steps. A Markov model of order 2 over k symbols, whose length is not modelled:
///
///     let k = Size("k", 27)
///     let template = DirectedTemplate([
///       .init("y", .random, domain: .values(k), parents: [.init("y", lags: [1, 2])], conditional: .table(outcomes: k))
///     ])
///     try template.unrolled(steps: 6).isSeparated("y1 ; y4 | y2, y3")   // true
///     template.freeParameters(longest: 6)                               // (k − 1)(1 + k + k²)
///
/// It lives on steps 1 … T. A lag is a number of steps; what a lag would reach before step 1 is not there. At step T + 1
/// there are only the nodes that are one longer, which decide that nothing more comes: e(t) is the decision after t
/// elements, that of step t + 1, so that its parents are those that y(t + 1) has or would have. The graph describes the
/// steps that exist; that none follows a stop is no edge in it.
///
/// The template says nothing of the numbers in the conditionals. `validate` must hold before it is unrolled.
public struct DirectedTemplate: Sendable, Hashable {
  /// The nodes in the order in which they are shown.
  public var nodes: [Node]
  /// Whether the free parameters are the most there can be, fewer being decided by data.
  public var countIsBound: Bool

  /// A template of nodes, each with its parents.
  public init(_ nodes: [Node], countIsBound: Bool = false) {
    self.nodes = nodes
    self.countIsBound = countIsBound
  }

  /// The node of a name.
  public subscript(_ name: String) -> Node? { nodes.first { $0.name == name } }

  /// What a variable is.
  public enum Kind: String, Sendable, Hashable {
    /// It has a distribution given its parents.
    case random
    /// A function of its parents.
    case deterministic
    /// Given from outside: x(t). The model has no distribution of it.
    case input
    /// Always known: t.
    case constant
  }

  /// At which steps a node has a variable.
  public enum Span: Sendable, Hashable {
    /// One variable without a time index.
    case untimed
    /// One at each step 1 … T, the first with this index.
    case steps(from: Int)
    /// The same and one more, at step T + 1.
    case oneLonger(from: Int)

    /// Whether its variables have an index.
    public var isTimed: Bool { self != .untimed }

    /// The index at step 1; 0 without one.
    public var first: Int {
      switch self {
      case .untimed: 0
      case .steps(let first), .oneLonger(let first): first
      }
    }
  }

  /// What children see of a variable.
  public enum Domain: Sendable, Hashable {
    /// One of so many values for a table, as many numbers for a network.
    case values(Size)
    /// A whole number made from the sequence's length, τ or τ − t, of which a network sees so many numbers.
    case length(LengthLabels, features: Size)
    /// The number t of elements so far.
    case clock(Clock, features: Size)

    /// The numbers that a network sees.
    var features: Size {
      switch self {
      case .values(let size), .length(_, let size), .clock(_, let size): size
      }
    }
  }

  /// Which lengths a table tells apart at the step after t of at most T elements.
  public enum LengthLabels: Sendable, Hashable {
    /// All T − t of them.
    case each
    /// Stretches of τ (`ofTotal`) or of τ − t, by the first of each, rising from 1.
    case stretches([Int], ofTotal: Bool)

    /// Their number.
    func count(after t: Int, longest: Int) -> Int {
      switch self {
      case .each: longest - t
      case .stretches(let starts, ofTotal: false): starts.count { $0 <= longest - t }
      case .stretches(let starts, ofTotal: true):
        starts.count { $0 <= longest } - starts.count { $0 <= t + 1 } + 1
      }
    }

    /// The t at which that number changes, where it is not each.
    func changes(longest: Int) -> [Int] {
      switch self {
      case .each: []
      case .stretches(let starts, ofTotal: false): starts.map { longest - $0 + 1 }
      case .stretches(let starts, ofTotal: true): starts.map { $0 - 1 }
      }
    }
  }

  /// Which t a table tells apart.
  public enum Clock: Sendable, Hashable {
    /// All of them.
    case each
    /// Stretches of t; the first t of each, rising from 0.
    case starts([Int])
  }

  /// An edge from a parent.
  public struct Parent: Sendable, Hashable {
    /// Which of the parent's variables are there.
    public enum Reach: Sendable, Hashable {
      /// So many steps ago.
      case lags([Int])
      /// Each earlier step.
      case everyEarlier
      /// The parent has no time index.
      case untimed
      /// That of the first step, of a parent that has no parents itself; the child has no time index.
      case firstStep
    }

    /// The parent's name.
    public var name: String
    /// Which of its variables are there.
    public var reach: Reach
    /// Whether it is multiplied by weights of the child's own; else it enters as it is, and costs none.
    public var hasWeights: Bool

    /// A parent.
    public init(_ name: String, _ reach: Reach, hasWeights: Bool = true) {
      self.name = name
      self.reach = reach
      self.hasWeights = hasWeights
    }

    /// A parent some steps ago, 0 being the same step.
    public init(_ name: String, lags: [Int], hasWeights: Bool = true) {
      self.init(name, .lags(lags), hasWeights: hasWeights)
    }
  }

  /// How a variable follows from its parents, as far as its numbers can be counted.
  public enum Conditional: Sendable, Hashable {
    /// It has no numbers here: inputs, constants, a length whose law is counted elsewhere.
    case none
    /// One distribution over so many outcomes for each assignment of the parents that are there, the same at each step.
    case table(outcomes: Size)
    /// Weights for each number that a parent is seen by, and a bias, in so many rows; the same at each step. Beside them so many
    /// weights of its own, such as those between the components of a vector.
    case affine(rows: Size, own: Size = 0)
  }

  /// Variables of one name, one for each step.
  public struct Node: Sendable, Hashable {
    /// As it is shown: `y`, `h2`, `τ`.
    public var name: String
    /// What it is.
    public var kind: Kind
    /// At which steps there is one.
    public var span: Span
    /// What children see of it.
    public var domain: Domain
    /// Its parents.
    public var parents: [Parent]
    /// How it follows from them.
    public var conditional: Conditional

    /// A node.
    public init(
      _ name: String, _ kind: Kind, span: Span = .steps(from: 1), domain: Domain, parents: [Parent] = [],
      conditional: Conditional = .none
    ) {
      self.name = name
      self.kind = kind
      self.span = span
      self.domain = domain
      self.parents = parents
      self.conditional = conditional
    }
  }
}

extension DirectedTemplate.Parent.Reach {
  /// The last `order` steps.
  public static func last(_ order: Int) -> Self { .lags(Array(stride(from: 1, through: order, by: 1))) }
}
