import Models
import Sequences
import Testing

/// Back-propagation through every emission against central differences, in double precision.
@Suite struct VectorGradientTests {
  private static let cells = Registry.standard.recurrentNames
  /// Every example of the registry, small.
  static let emissions =
    Registry.standard.emissions.flatMap { $0.examples }.map { $0 == "mixture:5" ? "mixture:2" : $0 }
    + ["bernoulli:autoregressive:2"]

  @Test(arguments: cells, emissions)
  func everyEmission(_ cell: String, _ emission: String) throws {
    for length in ["halt", "tau"] where emission != "bernoulli:autoregressive" {
      let word = "\(cell):hidden=3,emission=\(emission)/\(length)"
      try check(word, inputWidth: 0)
    }
  }

  /// Several layers, inputs x(t) and none but those, which leaves the autoregressive emission without hidden units.
  @Test(arguments: ["gaussian:full", "mixture:2", "bernoulli:autoregressive", "negative-binomial"])
  func layersAndInputs(_ emission: String) throws {
    try check("gru:hidden=3,feedback=none,emission=\(emission)/halt", inputWidth: 2)
    if emission == "bernoulli:autoregressive" { return }
    try check("lstm:hidden=3,layers=2,time=sinusoid:4,emission=\(emission)/tau:input=total", inputWidth: 2)
  }

  private func check(_ word: String, inputWidth: Int) throws {
    let specification = try ModelSpecification(word)
    let elements = specification.elements(alphabetSize: 2, values: nil, width: 3)
    let check = try GradientCheck(specification, of: elements, inputWidth: inputWidth, seed: 11, threads: 2)
    print("\(word): largest relative difference \(check.largestRelativeDifference)")
    for part in check.parts {
      #expect(part.largestRelativeDifference < 1e-7, "\(word): \(part.name)")
      #expect(part.largestGradient > 0, "\(word): \(part.name)")
    }
  }

  /// A word of symbols is none of vectors, and the other way round.
  @Test func otherElementsAreRefused() throws {
    #expect(throws: SpecificationError.self) {
      try GradientCheck(ModelSpecification("gru:2,emission=poisson"), of: .symbols(3))
    }
    #expect(throws: SpecificationError.self) {
      try GradientCheck(ModelSpecification("gru:2,emission=gaussian"), of: .vectors(.bits, width: 3))
    }
    #expect(throws: SpecificationError.self) {
      try GradientCheck(ModelSpecification("markov:2"), of: .symbols(3))
    }
  }
}
