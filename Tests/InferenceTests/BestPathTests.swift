import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// The max-product recursion, of a symbol that leads to one state and of one that leads to several, against the maximum over
/// all ways.
@Suite struct BestPathTests {
  private static let evidence: [[Evidence]] = [
    [.end], [.anything, .anything, .end], [.symbol(1), .anything, .symbol(0), .end],
    [.anything, .oneOf([1]), .anything, .anything], [.symbol(0), .symbol(1), .symbol(0)],
  ]

  /// All ways through states and symbols that agree with the evidence, with log P.
  private func ways(
    _ process: any FiniteStateProcess, _ evidence: ArraySlice<Evidence>, _ state: Int, _ time: Int
  ) -> [(states: [Int], symbols: [Symbol], log: Double)] {
    let step = StepInputs(time: time)
    guard let seen = evidence.first else { return [([state], [], 0)] }
    if seen == .end { return [([state], [], log(process.stopProbability(state, step)))] }
    return (0..<process.shape.alphabetSize).filter { seen.agrees(with: $0) }.flatMap { symbol in
      process.successors(of: state, by: symbol, step).flatMap { next in
        ways(process, evidence.dropFirst(), next.state, time + 1).map {
          ([state] + $0.states, [symbol] + $0.symbols, log(next.probability) + $0.log)
        }
      }
    }
  }

  @Test(arguments: ["hidden", "markov:2/eos", "markov:1,time=bucket:3/halt", "ctw:2/eos", "vlmc:2/halt"], evidence)
  func itIsTheMaximum(word: String, evidence: [Evidence]) throws {
    let process = try process(word)
    let all = process.start(StepInputs(time: 0)).flatMap { start in
      ways(process, evidence[...], start.state, 0).map { ($0.states, $0.symbols, log(start.probability) + $0.log) }
    }
    let largest = all.map(\.2).max() ?? -.infinity
    let path = BestPath(process, evidence)
    guard largest > -.infinity else {
      #expect(path == nil)
      return
    }
    let found = try #require(path)
    #expect(abs(found.logProbability - largest) < 1e-12)
    // Of equals it may be another one.
    #expect(all.contains { $0.0 == found.states && $0.1 == found.symbols && abs($0.2 - largest) < 1e-12 })
  }

  private func process(_ word: String) throws -> any FiniteStateProcess {
    try #require(
      try word == "hidden" ? HiddenChain.small : Toys.model(word, alphabetSize: 2).finiteStates)
  }

  /// Where the length is known, the steps are told.
  @Test func lengthsArePartOfTheInputs() throws {
    let model = try Toys.model("markov:1/tau:input=remaining", alphabetSize: 2)
    let process = try #require(model.finiteStates)
    let path = try #require(
      BestPath(process, [.anything, .anything, .anything]) { model.inputs(time: $0, length: 3) })
    let best = Toys.allSequences(2, longest: 3).filter { $0.count == 3 }.map {
      model.stepScores(of: $0).dropFirst().reduce(0) { $0 + $1.nats }
    }
    let least = try #require(best.min())
    #expect(abs(path.logProbability + least) < 1e-12)
  }

  @Test func nothingFollowsAnEnd() {
    #expect(BestPath(HiddenChain.small, [.end, .symbol(0)]) == nil)
    #expect(BestPath(HiddenChain.small, [.oneOf([]), .end]) == nil)
    #expect(BestPath(HiddenChain.small, [])?.states == [0])
  }

  /// The most probable sequences are sums over hidden states, and found exactly: among all of at most ten elements.
  @Test(arguments: [nil, 3]) func hiddenStatesAreSummedOver(length: Int?) throws {
    let model = try HiddenChainConditional.model(.small)
    let found = try MostProbable(of: model, 8, length: length)
    let expected = Toys.allSequences(2, longest: 10).filter { length == nil || $0.count == length }
      .map { model.score(of: $0).nats }.sorted().prefix(8)
    #expect(found.isExact && found.sequences.count == 8)
    for (sample, nats) in zip(found.sequences, expected) { #expect(abs(sample.score.nats - nats) < 1e-12) }
    let after = try MostProbable(of: model, 3, length: 4, prefix: [1, 1])
    let best = try #require(
      Toys.allSequences(2, longest: 4).filter { $0.count == 4 && $0.prefix(2) == [1, 1] }
        .map { model.score(of: $0).nats }.min())
    #expect(after.isExact && abs(after.sequences[0].score.nats - best) < 1e-12)
  }
}
