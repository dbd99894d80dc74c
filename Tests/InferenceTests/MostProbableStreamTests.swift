import Foundation
import Inference
import ModelCore
import Models
import Sequences
import Synchronization
import Testing

/// The most probable sequences as a stream against an enumeration.
@Suite struct MostProbableStreamTests {
  private static let words = Toys.words { $0 is any FiniteStateConditional }

  private func check(
    _ word: String, _ count: Int, length: Int? = nil, prefix: [Symbol] = [], longest: Int = 9, tolerance: Double = 1e-9
  ) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    // A family may have states for some models alone.
    if model.finiteStates == nil { return }
    let wanted = Toys.allSequences(2, longest: longest)
      .filter { (length == nil || $0.count == length) && $0.starts(with: prefix) }
      .map { model.score(of: $0).nats }.filter { $0 < .infinity }.sorted()
    if wanted.isEmpty {
      #expect(throws: SpecificationError.self) {
        try MostProbableStream(of: model, length: length, prefix: prefix)
      }
      return
    }
    var stream = try MostProbableStream(of: model, length: length, prefix: prefix)
    var found: [Sample] = []
    while found.count < count, let sample = stream.next() { found.append(sample) }
    #expect(found.count == min(count, wanted.count), "\(word)")
    #expect(Set(found.map(\.sequence)).count == found.count, "\(word)")
    for (sample, nats) in zip(found, wanted) {
      #expect(abs(sample.score.nats - nats) < tolerance * max(nats, 1), "\(word)")
      #expect(sample.score == model.score(of: sample.sequence) && sample.isComplete)
    }
  }

  @Test(arguments: words) func ofAnyLength(_ word: String) throws { try check(word, 16) }

  @Test(arguments: words) func ofOneLength(_ word: String) throws { try check(word, 100, length: 5, longest: 5) }

  @Test(arguments: ["markov:2/eos", "markov:1/halt", "markov:2/tau", "tabular/tau"])
  func withAPrefix(_ word: String) throws { try check(word, 12, prefix: [1, 0]) }

  @Test(arguments: ["markov:2,time=each/eos", "markov:1,time=bucket:3/halt"])
  func ofChainsThatLookAtTime(_ word: String) throws { try check(word, 24) }

  /// A table of what occurred has as many sequences as there were, with their shares, and then the stream is at its end.
  @Test(arguments: ["eos", "halt", "tau:prior=table:ml"]) func theWholeSupport(_ length: String) throws {
    let model = try Toys.model("tabular:smoothing=ml/\(length)", alphabetSize: 2)
    var stream = try MostProbableStream(of: model)
    let found = Array(IteratorSequence(stream))
    let set = Toys.set(alphabetSize: 2)
    let shares = Dictionary(grouping: (0..<set.count).map { Array(set[$0]) }) { $0 }
      .mapValues { Double($0.count) / Double(set.count) }
    #expect(found.count == shares.count)
    for sample in found {
      #expect(abs(exp(-sample.score.nats) - (shares[sample.sequence] ?? .nan)) < 1e-9)
    }
    while stream.next() != nil {}
    #expect(stream.end == .all && stream.next() == nil)
  }

  /// With a single symbol a sequence is its length, so that the stream runs beyond the lengths that are listed.
  @Test(arguments: ["poisson", "table", "negative-binomial"]) func beyondTheLengthsListed(_ prior: String) throws {
    let model = try Toys.model("markov:1/tau:input=none,prior=\(prior)", alphabetSize: 1)
    let count = try model.lengthDistribution(seed: 1).probabilities.count + 50
    let law = try #require(model.lengthLaw())
    let wanted = (0..<count + 200).map { -law.logProbability($0) }.sorted()
    var stream = try MostProbableStream(of: model)
    for nats in wanted.prefix(count) {
      #expect(abs((stream.next()?.score.nats ?? .nan) - nats) < 1e-6 * nats + 1e-9)
    }
  }

  /// Where memory ends, what came is right, and what did not come is at most as probable as is said.
  @Test(arguments: ["markov:2/eos", "markov:1/tau"]) func tooLittleMemory(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    var (small, large) = try (MostProbableStream(of: model, memory: 50_000), MostProbableStream(of: model))
    var count = 0
    while let sample = small.next() {
      #expect(sample == large.next())
      count += 1
    }
    guard case .tooLarge(let missed)? = small.end else {
      Issue.record("it did not end: \(String(describing: small.end))")
      return
    }
    #expect(count > 20)
    #expect(missed <= (large.next()?.score.nats ?? .nan) + 1e-9)
    #expect(small.next() == nil)
  }

  /// A table of bounds that memory has no room for is not made: all that is known then is P(τ).
  @Test func aTableThatHasNoRoomIsNotMade() throws {
    let model = try Toys.model("markov:1/tau:input=none,prior=poisson", alphabetSize: 2)
    let states = try #require(model.finiteStates).stateCount
    let length = 20
    let (table, law) = ((length + 1) * states * 8, try #require(model.lengthLaw()))
    var small = try MostProbableStream(of: model, length: length, memory: table - 1)
    #expect(small.next() == nil)
    #expect(small.end == .tooLarge(missedNats: -law.logProbability(length)))
    var large = try MostProbableStream(of: model, length: length, memory: table + 100_000)
    #expect(large.next()?.sequence.count == length)
  }

  @Test func anInterruptionEndsIt() throws {
    let model = try Toys.model("markov:2/eos", alphabetSize: 3)
    let isAsked = Mutex(false)
    var stream = try MostProbableStream(of: model, isInterrupted: { isAsked.withLock { $0 } })
    for _ in 0..<100 { #expect(stream.next() != nil) }
    isAsked.withLock { $0 = true }
    var count = 0
    while stream.next() != nil { count += 1 }
    #expect(stream.end == .interrupted && count < 10_000)
  }

  @Test func whatHasNoListOfStatesIsRefused() throws {
    let network = try Toys.model("gru:3,epochs=1/eos", alphabetSize: 2)
    #expect(throws: SpecificationError.self) { try MostProbableStream(of: network) }
    let model = try Toys.model("markov:1,smoothing=ml/eos", alphabetSize: 2)
    #expect(throws: SpecificationError.self) { try MostProbableStream(of: model, length: 1 << 40) }
    #expect(throws: SpecificationError.self) { try MostProbableStream(of: model, length: 1, prefix: [0, 1]) }
  }
}
