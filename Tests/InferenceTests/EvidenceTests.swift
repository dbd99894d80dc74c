import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Forward and backward recursions over finitely many states, of a symbol that leads to one state and of one that leads to
/// several, against sums over all sequences by the walk.
@Suite struct EvidenceTests {
  private static let words = ["hidden"] + BackoffAutomatonTests.words.filter { !$0.contains("/tau") }

  private func model(_ word: String) throws -> SequenceModel {
    try word == "hidden" ? HiddenChainConditional.model(.small) : Toys.model(word, alphabetSize: 2)
  }

  private func agrees(_ sequence: [Symbol], _ evidence: [Evidence]) -> Bool {
    guard evidence.contains(.end) ? sequence.count == evidence.count - 1 : sequence.count >= evidence.count else {
      return false
    }
    return zip(evidence, sequence).allSatisfy { $0.agrees(with: $1) }
  }

  private static let evidence: [[Evidence]] = [
    [.end], [.anything, .anything, .end], [.symbol(1), .anything, .symbol(0), .end],
    [.anything, .symbol(1), .anything, .oneOf([0, 1]), .end], [.oneOf([1]), .oneOf([]), .end],
    [.symbol(0), .anything, .symbol(1)], [.anything, .anything, .anything, .anything],
  ]

  /// P(evidence) by the forward recursion, by the backward one, and by both from each step in between; with an open end it is
  /// what begins so, whatever follows.
  @Test(arguments: words, evidence) func probabilitiesAreSums(_ word: String, _ evidence: [Evidence]) throws {
    let model = try model(word)
    let process = try #require(model.finiteStates)
    let steps = evidence.count
    let strings = Toys.allSequences(2, longest: steps).filter {
      $0.count == (evidence.contains(.end) ? steps - 1 : steps) && agrees($0, evidence)
    }
    let expected = strings.reduce(0.0) { sum, string in
      sum
        + exp(
          evidence.contains(.end)
            ? -model.score(of: string).nats : -model.stepScores(of: string).prefix(steps).reduce(0) { $0 + $1.nats })
    }

    var alpha = [[Double](repeating: 0, count: process.stateCount)]
    for start in process.start(StepInputs(time: 0)) { alpha[0][start.state] += start.probability }
    var workspace = Workspace()
    var ended = 0.0
    for (time, seen) in evidence.enumerated() {
      var next = alpha[time]
      ended = process.forward(alpha[time], seen, StepInputs(time: time), into: &next, &workspace)
      alpha.append(next)
    }
    let reach = process.reached(from: Array(0..<process.stateCount), times: 0...steps)
    var beta = [Double](repeating: 1, count: process.stateCount)
    for time in (0..<steps).reversed() {
      beta = process.backward(beta, evidence[time], StepInputs(time: time), within: reach)
      let both = zip(alpha[time], beta).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(both - expected) < 1e-12, "\(word), from step \(time) on")
    }
    let forward = evidence.contains(.end) ? ended : alpha[steps].reduce(0, +)
    #expect(abs(forward - expected) < 1e-12, "\(word)")
  }

  /// P(state | elements) continues as the walk does.
  @Test(arguments: words) func statesAfterElementsAreTheWalk(_ word: String) throws {
    let model = try model(word)
    let process = try #require(model.finiteStates)
    var possible = 0
    for string in Toys.allSequences(2, longest: 4) {
      let steps = model.stepScores(of: string)
      let isPossible = steps.prefix(string.count).allSatisfy { $0.nats.isFinite }
      let states = process.states(after: string)
      #expect((states != nil) == isPossible, "\(word) after \(string)")
      guard let states else { continue }
      possible += 1
      let step = StepInputs(time: string.count)
      let stop = states.reduce(0) { $0 + $1.probability * process.stopProbability($1.state, step) }
      #expect(abs(stop - exp(-steps[string.count].nats)) < 1e-12, "\(word) after \(string)")
    }
    #expect(possible >= 5)
  }

  @Test func lengthsOfHiddenStates() throws {
    let model = try HiddenChainConditional.model(.small)
    let lengths = try model.lengthDistribution(seed: 0)
    #expect(lengths.isExact && lengths.endless == 0)
    for length in 0...8 {
      let sum = Toys.allSequences(2, longest: length).filter { $0.count == length }
        .reduce(0.0) { $0 + exp(-model.score(of: $1).nats) }
      #expect(abs(lengths.probabilities[length] - sum) < 1e-12)
    }
    #expect(abs(lengths.probabilities.reduce(0, +) + lengths.beyond - 1) < 1e-9)
  }

  /// Sequences that come to the third state never end: a share of the second's symbols and of the first's.
  @Test func hiddenStatesThatNeverEnd() throws {
    let small = HiddenChain.small
    let chain = HiddenChain(
      shape: small.shape, initial: small.initial, stop: [0.2, 0, 0], emission: small.emission,
      transition: small.transition)
    #expect(chain.endlessStates() == [false, false, true])
    #expect(small.endlessStates() == nil)
    let lengths = try HiddenChainConditional.model(chain).lengthDistribution(seed: 0)
    // The probability m of coming to an end solves m = stop + (1 − stop) A m with m(3) = 0.
    // m1 = 0.2 + 0.8 (0.5 m1 + 0.3 m2), m2 = 0.6 m1 + 0.1 m2.
    let m1 = 0.2 / (1 - 0.4 - 0.24 * 0.6 / 0.9)
    #expect(abs(1 - lengths.endless - (0.7 * m1 + 0.3 * 0.6 / 0.9 * m1)) < 1e-9)
  }

  /// Draws of a given length, with a prefix, and of at least a length: P(y | condition) by enumeration.
  @Test(arguments: [(3, []), (4, [1]), (4, [1, 0])] as [(Int, [Symbol])])
  func drawsOfHiddenStates(_ length: Int, _ prefix: [Symbol]) throws {
    let model = try HiddenChainConditional.model(.small)
    var options = SamplingOptions()
    (options.length, options.prefix) = (length, prefix)
    let strings = Toys.allSequences(2, longest: length).filter { $0.count == length && $0.starts(with: prefix) }
    let masses = strings.map { exp(-model.score(of: $0).nats) }
    let exact = Dictionary(uniqueKeysWithValues: zip(strings, masses.map { $0 / masses.reduce(0, +) }))
    let draws = try model.samples(20_000, seed: 3, options, threads: 2)
    #expect(draws.allSatisfy { $0.tries == 1 })
    #expect(pValue(draws.map(\.sequence), exact.filter { $0.value > 0 }, "\(length) after \(prefix), seed 3") > 1e-4)

    options.length = nil
    options.minimumLength = 3
    let all = Toys.allSequences(2, longest: 10).filter { $0.count >= 3 && $0.starts(with: prefix) }
    let weights = all.map { exp(-model.score(of: $0).nats) }
    let least = Dictionary(uniqueKeysWithValues: zip(all, weights.map { $0 / weights.reduce(0, +) }))
    let longer = try model.samples(20_000, seed: 5, options, threads: 2)
    #expect(longer.allSatisfy { $0.sequence.count >= 3 })
    #expect(
      pValue(
        longer.map(\.sequence).filter { $0.count <= 10 }, least.filter { $0.value > 0 },
        "at least 3 after \(prefix), seed 5")
        > 1e-4)
  }

  @Test func hiddenStatesPassTheAudit() throws {
    let model = try HiddenChainConditional.model(.small)
    let lines = try model.audit()
    #expect(lines.contains { $0.check == .tightness && $0.isSound })
    for line in lines { #expect(line.isSound, "\(line)") }
  }
}
