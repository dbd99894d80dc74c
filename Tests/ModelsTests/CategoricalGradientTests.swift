import Models
import Sequences
import Testing

/// Back-propagation through columns of categories with different numbers of levels, against central differences.
@Suite struct CategoricalGradientTests {
  @Test(
    arguments: Registry.standard.recurrentNames,
    ["categorical/halt", "categorical:autoregressive/halt", "categorical:autoregressive/tau"])
  func ofColumnsWithSeveralLevels(_ cell: String, _ emission: String) throws {
    let check = try GradientCheck(
      ModelSpecification("\(cell):hidden=3,emission=\(emission)"),
      of: .vectors(.categories, width: 3, levels: [2, 1, 4]),
      seed: 11, threads: 2)
    for part in check.parts {
      #expect(part.largestRelativeDifference < 1e-7, "\(part.name)")
      #expect(part.largestGradient > 0, "\(part.name)")
    }
    // One weight for each pair of levels of two columns.
    #expect(
      check.parts.first { $0.name == "E" }?.parameters == (emission.contains("auto") ? 1 * 2 + 4 * (2 + 1) : nil))
  }

  /// The softmax of symbols and that of columns have the same name; what is neither is refused.
  @Test func aWordOfBoth() throws {
    let word = "gru:hidden=3,emission=categorical/halt"
    let specification = try ModelSpecification(word)
    #expect(specification.elements(alphabetSize: 5, values: nil, width: nil) == .symbols(5))
    #expect(
      try specification.resolved(for: .symbols(5)).word == ModelSpecification("gru:hidden=3/halt").word)
    #expect(try specification.word == ModelSpecification("gru:hidden=3/halt").word)
    let columns = ElementKind.vectors(.categories, width: 2, levels: [3, 2])
    #expect(try specification.resolved(for: columns).word.contains("emission=categorical,"))
    #expect(
      try ModelSpecification("gru:3/halt").resolved(for: columns).word.contains("emission=categorical:autoregressive,"))
    for other in [ElementKind.vectors(.bits, width: 2), .vectors(.reals, width: 2)] {
      #expect(throws: SpecificationError.self) { try GradientCheck(specification, of: other) }
    }
    for (word, elements) in [
      ("gru:3,emission=poisson/halt", columns), ("gru:3,emission=categorical:autoregressive", .symbols(3)),
    ] {
      #expect(throws: SpecificationError.self) { try GradientCheck(ModelSpecification(word), of: elements) }
    }
  }
}
