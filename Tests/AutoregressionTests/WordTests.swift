import Inference
import Models
import Sequences
import Testing

/// Words of `markov:k` mean tables of symbols, regressions or tables of components.
@Suite struct WordTests {
  @Test func completeWordsNameEverything() throws {
    func word(_ text: String, _ values: ElementKind.Values) throws -> String {
      try ModelSpecification(text).resolved(for: .vectors(values, width: 2)).word
    }
    #expect(try word("markov:1", .reals) == "markov:k=1,emission=gaussian:full,ridge=0.0,start=shared/halt")
    #expect(try word("markov:1", .bits) == "markov:k=1,emission=bernoulli:autoregressive,ridge=auto,start=shared/halt")
    #expect(try word("markov:2", .counts) == "markov:k=2,emission=poisson,ridge=auto,start=shared/halt")
    #expect(
      try word("markov:2,emission=gaussian:constant/tau:input=none", .reals).hasPrefix(
        "markov:k=2,emission=gaussian:full,"))
    #expect(try word("markov:1,bins=8", .reals) == "markov:k=1,bins=8,smoothing=add:1/halt")
    #expect(
      try word("markov:1,emission=bernoulli,components=tables", .bits)
        == "markov:k=1,emission=bernoulli,components=tables,smoothing=add:1,start=own/halt")
    let categories = "markov:k=1,emission=categorical,ridge=auto,start=shared/halt"
    #expect(try word("markov:1,emission=categorical", .categories) == categories)
    #expect(
      try word("markov:1", .categories) == categories.replacing("categorical", with: "categorical:autoregressive"))
    #expect(
      try word("markov:1,components=tables,emission=categorical:autoregressive", .categories)
        == "markov:k=1,emission=categorical:autoregressive,components=tables,smoothing=add:1,start=own/halt")
    // Symbols are as ever.
    #expect(try ModelSpecification("markov:3").word == "markov:k=3,smoothing=modified-kneser-ney/eos")
    #expect(
      try ModelSpecification("markov:3,emission=categorical").word == "markov:k=3,smoothing=modified-kneser-ney/eos")
    #expect(try ModelSpecification("markov:1").resolved(for: .vectors(.reals, width: 1)).shortWord == "markov:1/halt")
  }

  @Test(arguments: [
    "markov:1,emission=mixture:3", "markov:1,emission=bernoulli:autoregressive:8",
    "markov:1,emission=poisson,start=own",
    "markov:1,emission=bernoulli,ridge=0", "markov:1,emission=gaussian,ridge=auto",
    "markov:1,emission=gaussian,ridge=-1",
    "markov:1,bins=1", "markov:1,bins=4,components=tables", "markov:1,components=tables,smoothing=witten-bell",
    "markov:1,components=tables,emission=poisson", "markov:17,components=tables", "markov:1,bins=4,start=own,ridge=1",
    "markov:1,emission=categorical:2", "markov:1,emission=categorical,ridge=0",
    "markov:1,emission=categorical,start=own",
    "markov:1,emission=poisson/eos", "markov:1,components=tables/tau", "markov:5,bins=16", "markov:1,emision=poisson",
  ])
  func wordsThatMeanNothingAreRefused(word: String) {
    #expect(throws: SpecificationError.self) { try ModelSpecification(word) }
  }

  @Test func modelsOfOtherNumbersAreRefused() throws {
    for (word, values) in [
      ("markov:1,emission=poisson", ElementKind.Values.reals), ("markov:1,emission=gaussian", .counts),
      ("markov:1,bins=4", .bits), ("markov:1,components=tables", .reals), ("markov:1,smoothing=witten-bell", .bits),
      ("markov:1/eos", .reals), ("markov:1,start=own", .bits), ("markov:1,ridge=0", .counts),
      ("markov:1,emission=categorical", .bits), ("markov:1,emission=bernoulli", .categories),
    ] {
      #expect(throws: SpecificationError.self, "\(word)") {
        try ModelSpecification(word).resolved(for: .vectors(values, width: 2))
      }
    }
  }
}
