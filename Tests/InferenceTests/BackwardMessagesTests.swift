import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Draws of a given length where not everything can be kept.
@Suite struct KeptMessagesTests {
  /// They are those for which all is kept, to the bit.
  @Test(arguments: ["markov:2/eos", "markov:2,time=each/halt", "ctw:2/eos"], [2, 7, 40])
  func memoryChangesNothing(_ word: String, _ length: Int) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let states = try #require(model.finiteStates).stateCount
    var options = SamplingOptions()
    options.length = length
    options.prefix = [1]
    let all = try Sampler(model, seed: 3, options, tables: TableLimits(messages: .max)).samples(0..<40)
    // √τ of them, and as many for the way between.
    let few = states * 2 * (length / Int(Double(length).squareRoot()) + 2)
    #expect(try Sampler(model, seed: 3, options, tables: TableLimits(messages: few)).samples(0..<40, threads: 2) == all)
    #expect(all.allSatisfy { $0.tries == 1 && $0.sequence.count == length })
  }

  /// Where messages stand still one serves all earlier steps, so that lengths go far beyond what may be kept; what does
  /// not is said with a length that may be drawn.
  @Test func longLengthsAreDrawnWhereMessagesConverge() throws {
    let model = try Toys.model("markov:2/eos", alphabetSize: 3)
    let states = try #require(model.finiteStates).stateCount
    var options = SamplingOptions()
    options.length = 10_000
    let few = states * 2 * 42
    let drawn = try Sampler(model, seed: 3, options, tables: TableLimits(messages: few)).samples(0..<4, threads: 2)
    #expect(drawn.allSatisfy { $0.sequence.count == 10_000 && $0.isComplete })
    #expect(try Sampler(model, seed: 3, options).samples(0..<4) == drawn)
    // Two states that take turns never stand still.
    let turns = try Chains.model(Chains.turns())
    #expect(try Sampler(turns, seed: 3, options).samples(0..<4).allSatisfy { $0.sequence.count == 10_000 })
    do {
      _ = try Sampler(turns, seed: 3, options, tables: TableLimits(messages: 2 * 2 * 42))
      Issue.record("its tables are too large")
    } catch let error as SpecificationError {
      #expect(error.description.contains("at most 1681"))
      options.length = 1680
      #expect(
        try Sampler(turns, seed: 3, options, tables: TableLimits(messages: 2 * 2 * 42)).samples(0..<1)[0].sequence.count
          == 1680)
    }
  }

  /// How often the first of two states is left when, by powers of the two growth rates.
  @Test func convergedMessagesAreTheLaw() throws {
    // From 0: to itself by symbol 0 (0.5), to 1 by symbol 1 (0.2), the end 0.3; from 1: itself (0.6), the end 0.4.
    let model = try Chains.model(
      Chains.chain(
        [[(0, 0.5, 0), (1, 0.2, 1), (2, 0.3, -1)], [(1, 0.6, 1), (2, 0.4, -1)]], alphabetSize: 2))
    var options = SamplingOptions()
    options.length = 400
    // P(k zeros and then ones | τ = 400), k = 0 … 400.
    let masses = (0...400).map { zeros in
      let ones = 400 - zeros
      return pow(0.5, Double(zeros)) * (ones == 0 ? 0.3 : 0.2 * pow(0.6, Double(ones - 1)) * 0.4)
    }
    let all = masses.reduce(0, +)
    let draws = try Sampler(model, seed: 9, options).samples(0..<20_000, threads: 2)
    var counts = [Double](repeating: 0, count: 401)
    for draw in draws { counts[draw.sequence.count { $0 == 0 }] += 1 }
    var (statistic, cells) = (0.0, 0)
    for (zeros, mass) in masses.enumerated() where mass / all * 20_000 >= 5 {
      let wanted = mass / all * 20_000
      statistic += (counts[zeros] - wanted) * (counts[zeros] - wanted) / wanted
      cells += 1
    }
    let p = chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1))
    print("seed 9, chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
    #expect(p > 1e-4)
  }
}

/// Probabilities of a length that are far apart.
@Suite struct FarApartTests {
  /// A component that cannot be reached from where draws begin, and in which sequences are far longer, changes nothing.
  @Test(arguments: [100, 1440, 1460, 1490, 3000]) func whatCannotBeReachedDoesNotMatter(_ length: Int) throws {
    // 0: the start; 1: a, which goes on and on; 2 and 3: b and c, which end soon. Symbols a, b, c.
    let shortLived: [(Int32, Double, Int32)] = [(1, 0.36, 2), (2, 0.24, 3), (3, 0.4, -1)]
    let model = try Chains.model(
      Chains.chain(
        [[(0, 0.2, 1), (1, 0.4, 2), (2, 0.4, 3)], [(0, 0.999, 1), (3, 0.001, -1)], shortLived, shortLived],
        alphabetSize: 3))
    var options = SamplingOptions()
    options.length = length
    options.prefix = [1]
    let draws = try Sampler(model, seed: 2, options).samples(0..<1_000, threads: 2)
    for place in [1, length / 2, length - 1] {
      let count = Double(draws.count { $0.sequence[place] == 1 })
      // 0.6 of them, within five standard deviations.
      #expect(abs(count - 600) < 5 * (1_000 * 0.24).squareRoot())
    }
    // Without the prefix the far more probable way is taken, and the other one is not missed.
    options.prefix = []
    if length >= 1440 {
      #expect(try Sampler(model, seed: 2, options).samples(0..<50).allSatisfy { $0.sequence.allSatisfy { $0 == 0 } })
    }
  }

  /// What is possible is never said to be impossible: rare ways that double precision does not hold beside others are
  /// drawn where they are all there is, and refused where it cannot tell.
  @Test func whatNumbersDoNotHoldIsSaid() throws {
    // 0 stays or goes to 1 with a probability of 1e-100, and 1 likewise to 2, which hardly ends; 0 ends.
    let rare = 1e-100
    let chain = Chains.chain(
      [
        [(0, 0.5, 0), (1, rare, 1), (3, 0.5, -1)], [(1, 0.5, 1), (2, rare, 2), (3, 0.5, -1)],
        [(2, 0.999, 2), (3, 0.001, -1)],
      ], alphabetSize: 3)
    let model = try Chains.model(chain)
    var options = SamplingOptions()
    options.length = 300
    #expect(try Sampler(model, seed: 2, options).samples(0..<20).allSatisfy { $0.sequence.allSatisfy { $0 == 0 } })
    options.length = 2_000
    do {
      // At once to 2: the ways there are 1e-200 times as probable, those that stay 1e-602 times.
      let draws = try Sampler(model, seed: 2, options).samples(0..<20)
      #expect(draws.allSatisfy { $0.sequence[10] == 2 })
    } catch let error as SpecificationError {
      #expect(error.description.contains("too far apart"))
    }
  }
}

/// Chains by hand, which list all that may follow.
private enum Chains {
  /// - Parameter states: of each its outcomes, their probabilities and what follows.
  static func chain(_ states: [[(outcome: Int32, probability: Double, next: Int32)]], alphabetSize k: Int)
    -> BackoffAutomaton
  {
    BackoffAutomaton(
      shape: OutputShape(alphabetSize: k, stop: .outcome), shorter: Array(repeating: 0, count: states.count),
      firstEntry: states.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) },
      outcomes: states.flatMap { $0.map(\.outcome) }, values: states.flatMap { $0.map(\.probability) },
      next: states.flatMap { $0.map(\.next) }, weight: Array(repeating: 0, count: states.count), extra: [], stop: [],
      continuing: [], homogeneousFrom: 0, start: { _ in 0 }, refine: nil)
  }

  /// Two states that take turns; one of them is left with probability 0.5 alone.
  static func turns() -> BackoffAutomaton {
    chain([[(0, 0.5, 1), (1, 0.5, -1)], [(0, 1, 0)]], alphabetSize: 1)
  }

  static func model(_ chain: BackoffAutomaton) throws -> SequenceModel {
    SequenceModel(
      specification: try ModelSpecification("markov:1/eos"), alphabet: try Toys.alphabet(chain.shape.alphabetSize),
      conditional: Chain(chain: chain), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
  }
}

private struct Chain: FiniteStateConditional {
  let chain: BackoffAutomaton
  let storedParameters = 0
  let notes: [String] = []
  var shape: OutputShape { chain.shape }

  func start(_ inputs: StepInputs) -> Int { chain.startState(inputs) }
  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) {
    state = chain.step(element, from: state).next
  }
  func write(to file: inout TensorFile) {}
  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    let stop = chain.stopProbability(state)
    return (log(stop), log(1 - stop))
  }
  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double {
    log(chain.step(outcome, from: state).probability)
  }
  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
    prediction.logProbabilities = (0..<shape.outcomes).map { logProbability(of: $0, state, inputs) }
  }
  func finiteStates() -> (any FiniteStateProcess)? { chain }
}
