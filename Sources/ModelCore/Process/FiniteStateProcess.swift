import Probability
import Sequences

/// What is known of one step of a sequence.
public enum Evidence: Sendable, Hashable {
  /// That the sequence continues, with whatever element.
  case anything
  /// That it continues with this symbol.
  case symbol(Symbol)
  /// That it continues with one of these.
  case oneOf(Set<Symbol>)
  /// That it ends here.
  case end

  /// Whether it allows the sequence to continue with a symbol.
  public func agrees(with symbol: Symbol) -> Bool {
    switch self {
    case .anything: true
    case .symbol(let wanted): symbol == wanted
    case .oneOf(let wanted): wanted.contains(symbol)
    case .end: false
    }
  }
}

/// A process whose past is one of finitely many states: exact distributions of the length, draws under conditions and
/// probabilities of evidence are computed by forward and backward recursions over them (Rabiner 1989, section III), whatever
/// the states are: the contexts of a Markov model, of which a symbol leads to one, or the hidden states of a chain, of which
/// it may lead to several.
///
/// A family writes one step for `Evidence.anything`, in each direction, and the successors of one state by one symbol; the
/// rest has defaults. All probabilities are joint: to continue, with the symbol, and to come to the state.
public protocol FiniteStateProcess: Sendable {
  /// What each step gives.
  var shape: OutputShape { get }
  /// The number of states; they are numbered from 0.
  var stateCount: Int { get }
  /// The t from which on a step does not depend on t; 0 for a homogeneous process.
  var homogeneousFrom: Int { get }
  /// About how many additions a step takes.
  var stepCost: Int { get }

  /// The distribution of the state before the first element: those with a probability above 0.
  func start(_ step: StepInputs) -> [StateProbability]

  /// P(the sequence ends | state); 0 where its length is given.
  func stopProbability(_ state: Int, _ step: StepInputs) -> Double

  /// P(the sequence continues with the symbol, next state | state), for the next states at which it is above 0; none for what
  /// is no symbol of the alphabet.
  func successors(of state: Int, by symbol: Symbol, _ step: StepInputs) -> [StateProbability]

  /// next(s′) = Σ_s mass(s) P(the sequence continues, s′ | s).
  /// - Parameters:
  ///   - next: `stateCount` numbers, whatever they hold.
  ///   - workspace: of earlier steps of this process.
  /// - Returns: Σ_s mass(s) P(the sequence ends | s).
  func forward(_ mass: [Double], _ step: StepInputs, into next: inout [Double], _ workspace: inout Workspace) -> Double

  /// before(s) = Σ_s′ P(the sequence continues, s′ | s) after(s′), for the reached states; others are 0.
  func backward(_ after: [Double], _ step: StepInputs, within reach: ReachedStates) -> [Double]

  /// The same for any evidence. By each state's successors, unless a family has a faster way.
  func forward(
    _ mass: [Double], _ seen: Evidence, _ step: StepInputs, into next: inout [Double], _ workspace: inout Workspace
  ) -> Double

  /// The same for any evidence; of the end P(the sequence ends | s).
  func backward(_ after: [Double], _ seen: Evidence, _ step: StepInputs, within reach: ReachedStates) -> [Double]

  /// An upper bound on the worth of the best next symbol of each state, max_w Σ_s′ P(the sequence continues with w, s′ | s)
  /// after(s′) (the max-product recursion). By each state's ways, unless a family has a faster bound.
  func bestContinuation(_ after: [Double], _ step: StepInputs) -> [Double]

  /// The ways on from a state, those above 0, by rising symbols.
  func ways(from state: Int, _ step: StepInputs, _ workspace: inout Workspace) -> [Way]

  /// Calls `body` for each way on from a state by one of some symbols, or by any where none are given, by rising symbols.
  func forEachWay(
    from state: Int, by symbols: [Symbol]?, _ step: StepInputs, _ workspace: inout Workspace,
    _ body: (_ symbol: Symbol, _ state: Int, _ probability: Double) -> Void)

  /// before(s) = Σ_w Σ_s′ P(the sequence continues with w, s′ | s) after[target(w)](s′), for all states: the backward step
  /// of evidence whose automaton goes different ways by different symbols.
  /// - Parameters:
  ///   - after: `stateCount` numbers for each target.
  ///   - targets: of each symbol; −1 where it is ruled out.
  func backward(_ after: [[Double]], _ targets: [Int32], _ step: StepInputs) -> [Double]

  /// next[target(w)](s′) += Σ_s mass(s) P(the sequence continues with w, s′ | s) for all symbols w: its forward step.
  func forward(_ mass: [Double], _ targets: [Int32], _ step: StepInputs, into next: inout [[Double]])

  /// Draws the element and the next state of a sequence that continues, in proportion to
  /// P(the sequence continues with the element, s′ | state) after(s′).
  /// - Returns: `nil` where all of them are 0.
  func draw(
    from state: Int, toward after: [Double], _ step: StepInputs, _ stream: inout RandomStream,
    _ workspace: inout Workspace
  ) -> (symbol: Symbol, state: Int)?

  /// The states that sequences from these ones on may come to.
  func reached(from states: [Int], times: ClosedRange<Int>) -> ReachedStates

  /// The states, in steps from `homogeneousFrom` on, from which no end can be reached; `nil` where there is none.
  func endlessStates() -> [Bool]?
}

/// A conditional whose states can be listed: what is remembered of the past is one of finitely many. Exact distributions
/// of the length and exact draws of a given length are written against this.
public protocol FiniteStateConditional: Conditional {
  /// The states with their successors; `nil` where they are too many to list. O(entries · order); a test holds them
  /// against the walk.
  func finiteStates() -> (any FiniteStateProcess)?
}

/// A state and its probability.
public struct StateProbability: Sendable, Hashable {
  /// The state's number.
  public var state: Int
  /// Its probability; of a transition jointly with the symbol.
  public var probability: Double

  /// A state with its probability.
  public init(state: Int, probability: Double) {
    self.state = state
    self.probability = probability
  }
}

/// A way on from a state: with which symbol, to which state, and how probable both are together, with continuing.
public struct Way: Sendable, Hashable {
  /// The symbol.
  public var symbol: Symbol
  /// The next state.
  public var state: Int
  /// P(the sequence continues with the symbol, next state | state).
  public var probability: Double

  /// A way on.
  public init(symbol: Symbol, state: Int, probability: Double) {
    (self.symbol, self.state, self.probability) = (symbol, state, probability)
  }
}

/// Arrays that a process uses again from step to step: those of the forward step, and those of draws.
public struct Workspace: Sendable {
  /// Arrays of the forward step.
  public var forward: [[Double]] = []
  /// The probabilities of one state's symbols.
  public var probabilities: [Double] = []
  /// The next states of one state's symbols.
  public var successors: [Int32] = []

  /// Empty arrays.
  public init() {}
}

/// What of a process matters to sequences that begin in some of its states. Both lists rise.
public struct ReachedStates: Sendable {
  /// The states that such a sequence may come to, and perhaps some more.
  public let reached: [Int]
  /// The states whose rows say what follows those.
  public let used: [Int]

  /// Two rising lists of states.
  public init(reached: [Int], used: [Int]) {
    self.reached = reached
    self.used = used
  }
}

extension FiniteStateProcess {
  /// By default the process is homogeneous.
  public var homogeneousFrom: Int { 0 }
  /// By default that of a dense matrix of transitions.
  public var stepCost: Int { stateCount * stateCount }

  /// By default all states. O(states).
  public func reached(from states: [Int], times: ClosedRange<Int>) -> ReachedStates {
    ReachedStates(reached: Array(0..<stateCount), used: Array(0..<stateCount))
  }

  /// By each symbol's successors. O(symbols · successors).
  public func ways(from state: Int, _ step: StepInputs, _ workspace: inout Workspace) -> [Way] {
    (0..<shape.alphabetSize).flatMap { symbol in
      successors(of: state, by: symbol, step).map {
        Way(symbol: symbol, state: $0.state, probability: $0.probability)
      }
    }
  }

  /// By each symbol's successors. O(symbols · successors).
  public func forEachWay(
    from state: Int, by symbols: [Symbol]?, _ step: StepInputs, _ workspace: inout Workspace,
    _ body: (_ symbol: Symbol, _ state: Int, _ probability: Double) -> Void
  ) {
    guard let symbols else {
      for way in ways(from: state, step, &workspace) { body(way.symbol, way.state, way.probability) }
      return
    }
    for symbol in symbols {
      for next in successors(of: state, by: symbol, step) { body(symbol, next.state, next.probability) }
    }
  }

  /// By each state's ways. O(states · ways).
  public func backward(_ after: [[Double]], _ targets: [Int32], _ step: StepInputs) -> [Double] {
    var workspace = Workspace()
    return (0..<stateCount).map { state in
      var sum = 0.0
      forEachWay(from: state, by: nil, step, &workspace) { symbol, next, probability in
        let target = Int(targets[symbol])
        if target >= 0 { sum += probability * after[target][next] }
      }
      return sum
    }
  }

  /// By each state's ways. O(states · ways).
  public func forward(_ mass: [Double], _ targets: [Int32], _ step: StepInputs, into next: inout [[Double]]) {
    var workspace = Workspace()
    for state in mass.indices where mass[state] > 0 {
      forEachWay(from: state, by: nil, step, &workspace) { symbol, after, probability in
        let target = Int(targets[symbol])
        if target >= 0 { next[target][after] += mass[state] * probability }
      }
    }
  }

  /// By each state's ways. O(states · ways).
  public func bestContinuation(_ after: [Double], _ step: StepInputs) -> [Double] {
    var workspace = Workspace()
    return (0..<stateCount).map { state in
      var (best, worth, symbol) = (0.0, 0.0, -1)
      for way in ways(from: state, step, &workspace) {
        if way.symbol != symbol { (worth, symbol) = (0, way.symbol) }
        worth += way.probability * after[way.state]
        best = max(best, worth)
      }
      return best
    }
  }

  /// By each symbol's successors. O(symbols · successors).
  public func draw(
    from state: Int, toward after: [Double], _ step: StepInputs, _ stream: inout RandomStream,
    _ workspace: inout Workspace
  ) -> (symbol: Symbol, state: Int)? {
    let ways = ways(from: state, step, &workspace)
    let weights = ways.map { $0.probability * after[$0.state] }
    guard weights.contains(where: { $0 > 0 }) else { return nil }
    let way = ways[stream.index(weights: weights)]
    return (way.symbol, way.state)
  }

  /// Backwards from the states that may end, to those that may come to one that may. O(states · step) at most.
  public func endlessStates() -> [Bool]? {
    let step = StepInputs(time: homogeneousFrom)
    let all = reached(from: Array(0..<stateCount), times: homogeneousFrom...homogeneousFrom)
    // A marked state counts as 1, so that nothing is lost to small numbers.
    var ends: [Double] = (0..<stateCount).map { stopProbability($0, step) > 0 ? 1 : 0 }
    while true {
      let before = backward(ends, step, within: all)
      var isSettled = true
      for state in ends.indices where ends[state] == 0 && before[state] > 0 {
        ends[state] = 1
        isSettled = false
      }
      if isSettled { break }
    }
    return ends.contains(0) ? ends.map { $0 == 0 } : nil
  }

  // MARK: Evidence

  /// next(s′) = Σ_s mass(s) P(evidence, s′ | s).
  /// - Returns: Σ_s mass(s) P(the sequence ends | s).
  public func forward(
    _ mass: [Double], _ seen: Evidence, _ step: StepInputs, into next: inout [Double], _ workspace: inout Workspace
  ) -> Double {
    func follow(_ symbols: some Sequence<Symbol>) -> Double {
      for state in next.indices { next[state] = 0 }
      var stopped = 0.0
      for state in mass.indices where mass[state] > 0 {
        stopped += mass[state] * stopProbability(state, step)
        for symbol in symbols {
          for after in successors(of: state, by: symbol, step) {
            next[after.state] += mass[state] * after.probability
          }
        }
      }
      return stopped
    }
    return switch seen {
    case .anything: forward(mass, step, into: &next, &workspace)
    case .symbol(let symbol): follow(CollectionOfOne(symbol))
    case .oneOf(let symbols): follow(symbols.sorted())
    case .end: follow([])
    }
  }

  /// before(s) = Σ_s′ P(evidence, s′ | s) after(s′), for the reached states; of the end P(the sequence ends | s).
  public func backward(
    _ after: [Double], _ seen: Evidence, _ step: StepInputs, within reach: ReachedStates
  ) -> [Double] {
    var before = [Double](repeating: 0, count: stateCount)
    func sum(_ symbols: some Sequence<Symbol>) {
      for state in reach.reached {
        for symbol in symbols {
          for next in successors(of: state, by: symbol, step) {
            before[state] += next.probability * after[next.state]
          }
        }
      }
    }
    switch seen {
    case .anything: return backward(after, step, within: reach)
    case .symbol(let symbol): sum(CollectionOfOne(symbol))
    case .oneOf(let symbols): sum(symbols.sorted())
    case .end: for state in reach.reached { before[state] = stopProbability(state, step) }
    }
    return before
  }

  /// The distribution of the state after some elements, P(state | elements); `nil` where they are impossible.
  /// O(elements · states in question).
  /// - Parameter inputs: those of a step after so many elements.
  public func states(
    after elements: some Sequence<Symbol>, _ inputs: (Int) -> StepInputs = { StepInputs(time: $0) }
  ) -> [StateProbability]? {
    var states = start(inputs(0))
    for (time, element) in elements.enumerated() {
      var next: [Int: Double] = [:]
      for state in states {
        for after in successors(of: state.state, by: element, inputs(time)) {
          next[after.state, default: 0] += state.probability * after.probability
        }
      }
      // In the order of the states: sums have the same bits in every run.
      let rising = next.sorted { $0.key < $1.key }
      let sum = rising.reduce(0) { $0 + $1.value }
      guard sum > 0 else { return nil }
      states = rising.map { StateProbability(state: $0.key, probability: $0.value / sum) }
    }
    return states
  }
}
