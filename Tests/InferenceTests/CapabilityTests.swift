import Models
import Sequences
import Testing

/// Tests of a capability run on the models that have it. The families that have each are those that are known to: none drops
/// out of the tests in silence.
@Suite struct CapabilityTests {
  private func families(_ words: [String]) throws -> Set<String> {
    Set(try words.map { type(of: try ModelSpecification($0).family).name })
  }

  @Test func theFamiliesThatAreKnownToHaveEachHaveIt() throws {
    let networks = Set(Registry.standard.recurrentNames)
    let tables: Set = ["tabular", "markov", "ctw", "vlmc", "table"]
    #expect(networks.isSuperset(of: ["rnn", "gru", "lstm"]))
    #expect(try families(Toys.words) == networks.union(tables))
    #expect(try families(Toys.words.filter { try ModelSpecification($0).family is any SummarisingFamily }) == tables)
    #expect(try families(Toys.lockstepWords) == networks)
    #expect(try families(Toys.words { $0 is any BatchedConditional }) == networks.union(["markov", "vlmc"]))
    #expect(try families(BackoffAutomatonTests.words) == tables)
    #expect(try families(BackoffAutomatonTests.words.filter { $0.contains("/tau") }) == tables)
  }

  /// What a family does not do is refused before there are data, and the lists leave it out.
  @Test func whatIsDeclinedIsLeftOut() throws {
    var registry = Registry.standard
    registry.families = [HaltingFamily.self, ArpaFamily.self]
    #expect(registry.exampleWords == ["halting/halt", "arpa:2/eos"])
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification("halting/eos", registry: registry) }
    #expect(error == .refused(model: "halting/eos", reason: "it has a stop variable: use /halt"))
    #expect(throws: Never.self) { try ModelSpecification("halting/halt", registry: registry) }
    #expect(throws: SpecificationError.self) { try ModelSpecification("arpa:2").checkFitting() }
    #expect(throws: Never.self) { try ModelSpecification("markov:2").checkFitting() }
  }
}
