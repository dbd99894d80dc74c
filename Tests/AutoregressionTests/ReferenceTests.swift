import Foundation
import Inference
import Models
import Sequences
import Testing

/// Log-likelihoods of the data that regressions were fitted to, against NumPy, SciPy and statsmodels
/// (Tests/Reference/regressions.py).
@Suite struct ReferenceTests {
  private struct Reference: Decodable {
    struct Value: Decodable {
      let word, data: String
      let value: Double
    }
    let reals, counts, bits: [[[Double]]]
    let values: [Value]

    enum CodingKeys: String, CodingKey {
      case reals, counts, bits
      case values = "log-likelihoods of the elements"
    }
  }

  @Test func likelihoodsAreThoseOfOtherPrograms() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/regressions.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: path))
    let sets = [
      "reals": VectorSequences(reference.reals, width: 2),
      "counts": VectorSequences(reference.counts, width: 2, .counts),
      "bits": VectorSequences(reference.bits, width: 3, .bits),
    ]
    #expect(reference.values.count == 22)
    for value in reference.values {
      let set = try #require(sets[value.data])
      let found = try Synthetic.fit("\(value.word)/halt", set).logLikelihood(set)
      // The penalty of 10⁻⁶ and the ends of iterations leave less.
      #expect(abs(found - value.value) < 1e-5, "\(value.word): \(found), not \(value.value)")
    }
  }
}
