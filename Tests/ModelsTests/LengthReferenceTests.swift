import Foundation
import Models
import Testing

/// Distributions of the length against SciPy's (`Tests/Reference/lengths.py`).
@Suite struct LengthReferenceTests {
  private struct Line {
    let name: String
    let (mean, size): (Double, Double)
    let length: Int
    let (logProbability, tail): (Double, Double)
  }

  private func lines() throws -> [Line] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/lengths.tsv")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      let fields = $0.split(separator: "\t").map(String.init)
      func number(_ index: Int) throws -> Double { try #require(Double(fields[index])) }
      return Line(
        name: fields[0], mean: try number(1), size: try number(2), length: Int(try number(3)),
        logProbability: try number(4), tail: try number(5))
    }
  }

  @Test func areThoseOfSciPy() throws {
    let lines = try lines()
    #expect(lines.count > 150 && Set(lines.map(\.name)).count == 3)
    for line in lines {
      let law: any LengthLaw =
        switch line.name {
        case "poisson": PoissonLengths(mean: line.mean)
        case "geometric": GeometricLengths(mean: line.mean)
        default: NegativeBinomialLengths(mean: line.mean, size: line.size)
        }
      let logProbability = law.logProbability(line.length)
      #expect(abs(logProbability - line.logProbability) < 1e-9 * max(abs(line.logProbability), 1), "\(line)")
      #expect(abs(law.tail(beyond: line.length) / line.tail - 1) < 1e-7, "\(line)")
    }
  }
}
