import Foundation
import Inference
import Models
import Sequences
import Testing

/// The most probable sequences against an enumeration.
@Suite struct MostProbableTests {
  private func enumerated(_ model: SequenceModel, length: Int?) -> [Double] {
    Toys.allSequences(2, longest: 11).filter { length == nil || $0.count == length }
      .map { model.score(of: $0).nats }.sorted()
  }

  private func check(_ word: String, length: Int?, tolerance: Double = 1e-9) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    let found = try MostProbable(of: model, 8, length: length)
    let wanted = enumerated(model, length: length).filter { $0 < .infinity }
    #expect(found.isExact && found.missedNats == nil, "\(word)")
    #expect(found.sequences.count == min(8, wanted.count), "\(word)")
    for (sample, nats) in zip(found.sequences, wanted) {
      #expect(abs(sample.score.nats - nats) < tolerance * max(nats, 1), "\(word)")
      #expect(sample.score == model.score(of: sample.sequence))
    }
    #expect(Set(found.sequences.map(\.sequence)).count == found.sequences.count)
  }

  @Test(arguments: Toys.words) func ofAnyLength(_ word: String) throws { try check(word, length: nil, tolerance: 1e-5) }

  @Test(arguments: BackoffAutomatonTests.words + ["markov:2,time=each/eos", "markov:1,time=bucket:3/halt"])
  func ofOneLength(_ word: String) throws { try check(word, length: 4) }

  @Test(arguments: ["markov:2,time=each/eos", "markov:1,time=bucket:3/halt"])
  func ofChainsThatLookAtTime(_ word: String) throws { try check(word, length: nil) }

  /// Lengths that would take too long are refused, those that a table can be made for are not.
  @Test(arguments: ["markov:1/eos", "markov:1/tau", "gru:4/eos", "gru:4/tau"]) func longLengths(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    for length in [Int.max, 1 << 40] {
      #expect(throws: SpecificationError.self) { try MostProbable(of: model, 3, length: length) }
    }
    #expect(try MostProbable(of: model, 1, length: 30).sequences.map(\.sequence.count) == [30])
  }

  /// A beam too narrow says what it may have missed, and nothing that it found is better than the truth.
  @Test func aNarrowBeamSaysSo() throws {
    let model = try Toys.model("gru:4,epochs=3/eos", alphabetSize: 2)
    let wanted = enumerated(model, length: nil)
    let found = try MostProbable(of: model, 3, beam: 1)
    for (sample, nats) in zip(found.sequences, wanted) { #expect(sample.score.nats > nats - 1e-5) }
    if let missed = found.missedNats { #expect(missed < found.sequences[2].score.nats) }
    #expect(try MostProbable(of: model, 0).sequences.isEmpty)
  }

  /// With a single symbol a sequence is its length, so that more are asked for than a law lists: those beyond are looked at
  /// as well.
  @Test(arguments: ["gru:3,epochs=1", "markov:1"], ["poisson", "table"])
  func lengthsBeyondThoseListed(_ family: String, _ prior: String) throws {
    let model = try Toys.model("\(family)/tau:input=none,prior=\(prior)", alphabetSize: 1)
    let listed = try model.lengthDistribution(seed: 1).probabilities.count
    let found = try MostProbable(of: model, listed + 12)
    #expect(found.isExact && found.sequences.count == listed + 12)
    let law = try #require(model.lengthLaw())
    let wanted = (0..<(listed + 100)).map { -law.logProbability($0) }.sorted().prefix(listed + 12)
    for (sample, nats) in zip(found.sequences, wanted) { #expect(abs(sample.score.nats - nats) < 1e-6 * nats + 1e-9) }
    // Where lengths are ruled out by a bound, what is missed is at most as probable as they are together.
    let short = try MostProbable(of: model, listed + 12, longest: 2)
    if family == "markov:1" {
      #expect(short.isExact)
    } else {
      #expect(short.sequences.count == 3)
      let missed = try #require(short.missedNats)
      #expect(missed <= (3..<50).map { -law.logProbability($0) }.min() ?? 0)
    }
  }
}
