import Foundation

/// One thing that was checked of a model: a figure, what it may be, and a sentence.
public struct AuditLine: Sendable, Hashable {
  /// The checks of an audit, in their order.
  public enum Check: String, Sendable, CaseIterable {
    /// Each step's probabilities sum to one.
    case steps = "steps sum to one"
    /// A step does not depend on later elements and inputs.
    case causality
    /// Scores do not depend on the order of sequences, on batches or on threads.
    case invariance = "order, batches, threads"
    /// Batched scores agree with the walk.
    case walk = "batches against the walk"
    /// The densities of a step integrate to one, of vectors of which not all can be added up.
    case densities = "densities sum to one"
    /// The probabilities of all sequences sum to one.
    case sequences = "sequences sum to one"
    /// Samples occur as often as the likelihood says.
    case sampler = "draws against likelihood"
    /// The probability of never ending.
    case tightness
  }

  /// What was checked.
  public var check: Check
  /// Never a NaN.
  public var figure: Double
  /// What the figure may be at most, or, of a p-value, at least.
  public var tolerance: Double
  /// Whether the figure is a p-value, which must not be below the tolerance.
  public var isPValue: Bool
  /// Of a line that rests on random numbers: how probable a figure as bad is, at most, if the model is sound.
  public internal(set) var pValue: Double?
  /// What the figure is, for a person.
  public var sentence: String

  /// - Parameter figure: a NaN counts as infinite, and as a p-value of 0.
  init(_ check: Check, _ figure: Double, within tolerance: Double, isPValue: Bool = false, _ sentence: String) {
    self.check = check
    self.figure = figure.isNaN ? (isPValue ? 0 : .infinity) : figure
    self.tolerance = tolerance
    self.isPValue = isPValue
    self.sentence = sentence
  }

  /// Whether the check holds.
  public var isSound: Bool { isPValue ? figure >= tolerance : figure <= tolerance }

  /// A test of what random numbers say.
  init(_ check: Check, _ figure: Double, _ bound: Bound, pValue: Double, _ sentence: String) {
    self.init(check, figure, within: 0, isPValue: bound == .level, sentence)
    self.pValue = pValue
    self.bound = bound
  }

  /// What a test's figure may be at a level.
  enum Bound: Sendable, Hashable {
    /// The figure is a p-value, and the level the least that it may be.
    case level
    /// a + b x + c x² with x = √(log(4/level)).
    case polynomial(a: Double, b: Double, c: Double)

    func at(_ level: Double) -> Double {
      switch self {
      case .level: return level
      case .polynomial(let a, let b, let c):
        let x = log(4 / level).squareRoot()
        return a + b * x + c * x * x
      }
    }
  }

  /// Whether independent weights between 0 and a bound have the mean 1: how far theirs may be off at a level is known for any
  /// number of them (empirical Bernstein bound; Maurer and Pontil 2009, theorem 4, on both sides):
  ///
  ///     √(2 V log(4/δ) / n) + 7 B log(4/δ) / (3 (n − 1)).
  /// - Parameters:
  ///   - largest: B.
  ///   - rounding: what their mean may be off besides.
  ///   - sentence: is given the standard error.
  init(
    _ check: Check, weights: [Double], atMost largest: Double, rounding: Double, _ sentence: (_ error: String) -> String
  ) {
    let n = Double(weights.count)
    let mean = weights.reduce(0, +) / n
    let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let (root, linear) = ((2 * variance / n).squareRoot(), 7 * largest / (3 * (n - 1)))
    // √(log(4/δ)) at which the bound is the figure.
    let off = max(abs(mean - 1) - rounding, 0)
    let x = (-root + (root * root + 4 * linear * off).squareRoot()) / (2 * linear)
    self.init(
      check, abs(mean - 1), .polynomial(a: rounding, b: root, c: linear), pValue: min(4 * exp(-x * x), 1),
      sentence(String(format: "%.1g", (variance / n).squareRoot())))
  }

  private var bound: Bound?

  /// Gives the tests among some lines their levels, such that one of sound models fails with no more than a probability in
  /// all (Holm 1979): of m tests the least p-value is held against α/m, the next, if that one failed, against α/(m − 1), and
  /// so on. A test that passes ends it, and those behind it have its level.
  static func adjust(_ lines: inout [AuditLine], level: Double) {
    let tests = lines.indices.filter { lines[$0].pValue != nil }
      .sorted { (lines[$0].pValue ?? 1, $0) < (lines[$1].pValue ?? 1, $1) }
    var (rank, hasPassed) = (0, false)
    for test in tests {
      let here = level / Double(tests.count - rank)
      lines[test].tolerance = lines[test].bound?.at(here) ?? 0
      hasPassed = hasPassed || lines[test].isSound
      if !hasPassed { rank += 1 }
    }
  }
}
