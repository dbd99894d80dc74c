import Foundation
import Inference
import Models
import Sequences
import Testing

/// The audit: it finds each fault where it is, and none where there is none.
@Suite struct AuditTests {
  private static func failures(_ conditional: any Conditional, _ length: String = "halt") throws
    -> [AuditLine.Check]
  {
    let lines = try model(conditional, length).audit()
    #expect(lines.map(\.check) == AuditLine.Check.allCases.filter { $0 != .densities })
    return lines.filter { !$0.isSound }.map(\.check)
  }

  private static func model(_ conditional: any Conditional, _ length: String) throws -> SequenceModel {
    var registry = Registry.standard
    registry.lengths.append(ShownLength.self)
    return SequenceModel(
      specification: try ModelSpecification("markov:1/\(length)", registry: registry), alphabet: try Toys.alphabet(2),
      conditional: conditional, prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 1))
  }

  @Test(
    arguments: [
      (FaultyConditional.Fault.none, []), (.unnormalised, [.steps, .sequences]), (.alone, [.steps, .sequences]),
      (.stop, [.steps, .sequences]), (.looksAtLength, [.causality]), (.neverStops, [.tightness]),
    ] as [(FaultyConditional.Fault, [AuditLine.Check])])
  func aFaultyWalkIsFound(_ fault: FaultyConditional.Fault, _ wanted: [AuditLine.Check]) throws {
    #expect(try Self.failures(FaultyConditional(fault: fault), fault == .looksAtLength ? "shown" : "halt") == wanted)
  }

  /// Scores that look ahead are not the walk's either.
  @Test(
    arguments: [
      (FaultyScores.Fault.none, []), (.looksAhead, [.causality, .walk]), (.dependsOnCompany, [.invariance]),
      (.dependsOnOrder, [.invariance]), (.dependsOnThreads, [.invariance]), (.another, [.walk]),
    ] as [(FaultyScores.Fault, [AuditLine.Check])])
  func faultyScoresAreFound(_ fault: FaultyScores.Fault, _ wanted: [AuditLine.Check]) throws {
    #expect(try Self.failures(FaultyScores(fault: fault)) == wanted)
  }

  @Test(arguments: [(false, []), (true, [AuditLine.Check.sampler])])
  func aFaultySamplerIsFound(_ isFaulty: Bool, _ wanted: [AuditLine.Check]) throws {
    #expect(try Self.failures(FaultyLanes(isFaulty: isFaulty)) == wanted)
  }

  /// Slow ends are ends.
  @Test(arguments: [FaultyConditional.Stop.harmonic, .rarely])
  func slowEndsAreEnds(_ stop: FaultyConditional.Stop) throws {
    #expect(try Self.failures(FaultyConditional(fault: .none, stop: stop)) == [])
  }

  /// Of states that can be listed the endless mass is exact: 0.298 of Du et al.'s example, and none where an end can be
  /// reached from everywhere.
  @Test func endlessMassOfFiniteStatesIsExact() throws {
    var options = AuditOptions()
    options.samples = 100
    let lost = (0..<60).reduce(1.0) { $0 * (1 / (1 + exp(-Double($1)))) }
    let endless = SequenceModel(
      specification: try ModelSpecification("markov:1/eos"), alphabet: try Toys.alphabet(1),
      conditional: CountingStates(counting: Counting()), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 1))
    let line = try #require(try endless.audit(options).last)
    #expect(line.check == .tightness && !line.isSound && abs(line.figure - lost) < 1e-12)
    let sound = try #require(try Toys.model("markov:2/eos", alphabetSize: 2).audit(options).last)
    #expect(sound.isSound && sound.figure == 0 && sound.sentence.contains("states"))
  }

  /// Every family with every length strategy is sound.
  @Test(arguments: Toys.words, [2, 11])
  func everyModelIsSound(_ word: String, _ k: Int) throws {
    var options = AuditOptions()
    options.seed = 3
    options.samples = 4000
    options.threads = 2
    let lines = try Toys.model(word, alphabetSize: k).audit(options)
    for line in lines { #expect(line.isSound, "\(word) \(line)") }
    // The same on another number of threads.
    if k == 2, word.hasPrefix("markov:2") || word.hasPrefix("gru") {
      options.threads = 1
      #expect(try Toys.model(word, alphabetSize: k).audit(options) == lines)
    }
  }

  /// With inputs, and with so many symbols that no sequence comes twice.
  @Test(arguments: ["rnn:4,epochs=1/halt", "table:x0+y1/tau", "markov:1/eos"])
  func inputsAndLargeAlphabets(_ word: String) throws {
    let k = 200
    let sequences = (0..<60).map { number in (0..<20 + number % 30).map { ($0 * number + number) % k } }
    let set = SequenceSet(
      sequences, alphabetSize: k,
      inputs: InputVectors(perSequence: sequences.map { $0.count % 2 == 0 ? [1, 0] : [0, 1] }))
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: set, valid: set,
      Alphabet(
        symbols: (0..<k).map { String(Character(Unicode.Scalar(0x4E00 + UInt32($0)) ?? "a")) }, kind: .characters))
    for line in try model.audit() { #expect(line.isSound, "\(word) \(line)") }
  }
}
