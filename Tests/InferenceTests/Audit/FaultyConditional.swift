import Foundation
import Models
import Sequences

/// A small Markov chain over two symbols with a stop variable, and perhaps something wrong with it.
struct FaultyConditional: Conditional {
  enum Fault: String, CaseIterable {
    case none
    /// Distributions sum to 1.0001.
    case unnormalised
    /// One outcome alone has another probability than among all.
    case alone
    /// Stop and go on sum to less than one.
    case stop
    /// The first symbol is more probable in sequences of odd length.
    case looksAtLength
    /// s = 1/(t + 2)²: with probability 1/2 it never stops.
    case neverStops
  }

  /// What else may come: s = 1/(t + 2), which always ends, with infinite mean; and one that takes its time.
  enum Stop { case often, harmonic, rarely }

  let fault: Fault
  var stop = Stop.often

  var shape: OutputShape {
    OutputShape(alphabetSize: 2, stop: .variable, lengthInput: fault == .looksAtLength ? LengthInput(.total) : nil)
  }

  func start(_ inputs: StepInputs) -> Symbol { 0 }
  func advance(_ state: inout Symbol, past element: Symbol, _ inputs: StepInputs) { state = element }

  func predict(_ state: Symbol, _ inputs: StepInputs, into prediction: inout Prediction) {
    for outcome in 0..<2 { prediction.logProbabilities[outcome] = among(outcome, state, inputs) }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  func logProbability(of outcome: Symbol, _ state: Symbol, _ inputs: StepInputs) -> Double {
    among(outcome, state, inputs) + (fault == .alone && outcome == 1 ? 1e-6 : 0)
  }

  private func among(_ outcome: Symbol, _ state: Symbol, _ inputs: StepInputs) -> Double {
    var first = state == 0 ? 0.6 : 0.3
    if let length = inputs.length, length % 2 == 1 { first += 0.001 }
    return log(outcome == 0 ? first : 1 - first) + (fault == .unnormalised ? 1e-4 : 0)
  }

  func logStop(_ state: Symbol, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    let t = Double(inputs.time + 2)
    let s =
      switch (fault, stop) {
      case (.neverStops, _): 1 / (t * t)
      case (_, .often): 0.3
      case (_, .harmonic): 1 / t
      case (_, .rarely): 1e-3
      }
    return (log(s) - (fault == .stop ? 1e-5 : 0), log1p(-s))
  }

  var storedParameters: Int { 3 }
  var notes: [String] { [] }
  func write(to file: inout TensorFile) {}

  /// The walk's score, added up here.
  func walk(_ sequence: some Collection<Symbol>) -> SequenceScore {
    var score = SequenceScore()
    var state = 0
    for (time, element) in sequence.enumerated() {
      let inputs = StepInputs(time: time)
      score.natsLength -= logStop(state, inputs).continuing
      score.natsElements -= logProbability(of: element, state, inputs)
      state = element
    }
    score.natsLength -= logStop(state, StepInputs(time: sequence.count)).stop
    return score
  }
}

/// The chain's walk, which is sound, and its own way to score many.
protocol ChainWithScores: BatchedConditional where Element == Symbol, State == Symbol {
  var chain: FaultyConditional { get }
}

extension ChainWithScores {
  var chain: FaultyConditional { FaultyConditional(fault: .none) }
  var shape: OutputShape { chain.shape }
  func start(_ inputs: StepInputs) -> Symbol { chain.start(inputs) }
  func advance(_ state: inout Symbol, past element: Symbol, _ inputs: StepInputs) { state = element }
  func predict(_ state: Symbol, _ inputs: StepInputs, into prediction: inout Prediction) {
    chain.predict(state, inputs, into: &prediction)
  }
  func logProbability(of outcome: Symbol, _ state: Symbol, _ inputs: StepInputs) -> Double {
    chain.logProbability(of: outcome, state, inputs)
  }
  func logStop(_ state: Symbol, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    chain.logStop(state, inputs)
  }
  var storedParameters: Int { 3 }
  var notes: [String] { [] }
  func write(to file: inout TensorFile) {}
}

struct FaultyScores: ChainWithScores {
  enum Fault: String, CaseIterable {
    case none
    /// An element costs more where a 1 comes next.
    case looksAhead
    case dependsOnCompany, dependsOnOrder, dependsOnThreads
    /// Another number than the walk's.
    case another
  }

  let fault: Fault

  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    (0..<set.count).map { index in
      var score = chain.walk(set[index])
      switch fault {
      case .none: break
      case .looksAhead:
        for (element, next) in zip(set[index], set[index].dropFirst()) where next != element {
          score.natsElements += next == 1 ? 1e-6 : 0
        }
      case .dependsOnCompany: score.natsElements += 1e-6 * Double(set.count - 1)
      case .dependsOnOrder: score.natsElements += 1e-6 * Double(index)
      case .dependsOnThreads: score.natsLength += 1e-6 * Double(threads - 1)
      case .another: score.natsElements += 1e-6
      }
      return score
    }
  }
}

/// A chain whose draws in lockstep come from another distribution, or from its own.
struct FaultyLanes: ChainWithScores, LockstepConditional {
  let isFaulty: Bool

  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    (0..<set.count).map { chain.walk(set[$0]) }
  }

  func lanes(_ count: Int) -> Lanes { Lanes(count, isFaulty: isFaulty) }

  final class Lanes: WalkLanes {
    private var states: [Symbol]
    private let outcomes: UnsafeMutablePointer<Double>
    private let isFaulty: Bool

    init(_ count: Int, isFaulty: Bool) {
      states = Array(repeating: 0, count: count)
      outcomes = .allocate(capacity: 2 * count)
      outcomes.initialize(repeating: 0, count: 2 * count)
      self.isFaulty = isFaulty
    }

    deinit { outcomes.deallocate() }

    func start(_ lane: Int, _ inputs: StepInputs) { states[lane] = 0 }
    func set(_ lane: Int, past element: Symbol, _ inputs: StepInputs) { states[lane] = element }
    func advance(_ count: Int) {
      for lane in 0..<count {
        outcomes[2 * lane] = states[lane] == 0 ? (isFaulty ? 0.68 : 0.6) : 0.3
        outcomes[2 * lane + 1] = 1 - outcomes[2 * lane]
      }
    }
    func weights(_ lane: Int) -> OutcomeWeights {
      OutcomeWeights(outcomes: outcomes + 2 * lane, elements: 1, stopLogit: log(0.3 / 0.7))
    }
    func predict(_ lane: Int, into prediction: inout Prediction) {
      FaultyConditional(fault: .none).predict(states[lane], StepInputs(time: 0), into: &prediction)
    }
    func move(_ lane: Int, to target: Int) { states[target] = states[lane] }
  }
}

/// A way to end that shows each element the whole length, and draws none first.
struct ShownLength: LengthStrategy {
  static let name = "shown"
  static let examples = ["shown"]
  static let summary = "for tests"

  init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}
  func word(complete: Bool) -> String { Self.name }
  func shape(_ elements: ElementKind) -> OutputShape {
    OutputShape(elements, stop: .variable, lengthInput: LengthInput(.total))
  }
}
