import GraphicalModel
import ModelCore
import Sequences

/// `periodic`: a pattern that is repeated. y(t) is the symbol of the pattern at t modulo its length with probability 1 − noise,
/// and else uniform over the symbols of the pattern. Lengths are geometric.
package struct PeriodicGenerator: Generator {
  package static let name = "periodic"
  package static let leadingOption: String? = "pattern"
  package static let examples = ["periodic:aab,noise=0.2,mean=2", "periodic:abc,mean=2"]
  package static let summary =
    "a repeated pattern=aabab of letters and digits (noise=0, mean=20 of the length)"

  let pattern: String
  let noise: Double
  let mean: Double
  /// The symbols of the pattern, in code-point order.
  private let symbols: [String]
  private let steps: [Symbol]

  private static let usualPattern = "aabab"
  private static let longest = 10_000

  package init(_ options: inout ModelOptions) throws {
    pattern = options.text("pattern") ?? Self.usualPattern
    noise = try GeneratorOptions.noise(&options)
    mean = try GeneratorOptions.mean(&options)
    guard (1...Self.longest).contains(pattern.utf8.count),
      pattern.unicodeScalars.allSatisfy({ $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) })
    else {
      throw SpecificationError.malformed(
        "\(Self.name): pattern=\(pattern) is no word of at most \(Self.longest) letters a-z, A-Z and digits")
    }
    symbols = Set(pattern.map(String.init)).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($1, $0) })
    steps = pattern.compactMap { numbers[String($0)] }
  }

  package var options: [(key: String, value: String, isDefault: Bool)] {
    [
      ("pattern", pattern, pattern == Self.usualPattern), ("noise", "\(noise)", noise == 0),
      ("mean", "\(mean)", mean == GeneratorOptions.usualMean),
    ]
  }

  package func alphabet() throws -> Alphabet { try Alphabet(symbols: symbols, kind: .characters) }

  package var parents: [DirectedTemplate.Parent] { [OutputShape.clockParent] }

  package var memoryCount: Int? { steps.count }

  /// t modulo the pattern's length.
  package var start: Int { 0 }

  package func stopProbability(_ memory: Int) -> Double { GeneratorOptions.stopProbability(mean: mean) }

  package func probability(of symbol: Symbol, _ memory: Int) -> Double {
    noise / Double(symbols.count) + (steps[memory] == symbol ? 1 - noise : 0)
  }

  package func advance(_ memory: inout Int, past symbol: Symbol) { memory = (memory + 1) % steps.count }
}
