import Foundation
import Probability
import Testing

/// Log-densities and cumulative probabilities against SciPy's (`Tests/Reference/distributions.py`).
@Suite struct DistributionReferenceTests {
  private struct Line {
    let name: String
    let parameters: [Double]
    let values: [Double]
    let logDensity: Double
    let cumulative: Double
  }

  private func lines() throws -> [Line] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/distributions.tsv")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      let fields = $0.split(separator: "\t")
      let numbers = try fields.dropFirst().map { try $0.split(separator: ",").map { try #require(Double($0)) } }
      return Line(
        name: String(fields[0]), parameters: numbers[0], values: numbers[1], logDensity: numbers[2][0],
        cumulative: numbers[3][0])
    }
  }

  /// (log density, P(Y ≤ y), what rounding of the logarithm of the mean does to the log density).
  private func computed(_ line: Line) throws -> (Double, Double, Double) {
    let (parameters, y) = (line.parameters, line.values[0])
    let ulps = 4e-16 * abs(log(abs(parameters[0]))) * abs(y - parameters[0])
    switch line.name {
    case "norm":
      let normal = NormalDistribution(mean: parameters[0], deviation: parameters[1])
      return (normal.logDensity(y), normal.cumulative(y), 0)
    case "bernoulli":
      let bernoulli = BernoulliDistribution(logit: parameters[0])
      return (bernoulli.logProbability(y), bernoulli.cumulative(y), 0)
    case "poisson":
      let poisson = PoissonDistribution(logMean: log(parameters[0]))
      return (poisson.logProbability(y), poisson.cumulative(y), ulps)
    case "nbinom":
      let distribution = NegativeBinomialDistribution(logMean: log(parameters[0]), logDispersion: log(parameters[1]))
      return (distribution.logProbability(y), distribution.cumulative(y), ulps)
    default:
      let width = line.values.count
      let normal = try MultivariateNormalDistribution(
        mean: Array(parameters[..<width]), covariance: Array(parameters[width...]))
      let z = normal.standardised(line.values)
      return (normal.logDensity(line.values), NormalDistribution.standardCumulative(z[0]), 0)
    }
  }

  @Test("Log-densities agree to 10⁻¹², cumulative probabilities to 10⁻⁹")
  func areThoseOfSciPy() throws {
    let lines = try lines()
    #expect(lines.count > 250 && Set(lines.map(\.name)).count == 5)
    for line in lines {
      let (logDensity, cumulative, rounding) = try computed(line)
      let tolerance = 1e-12 * abs(line.logDensity) + rounding + 1e-300
      #expect(abs(logDensity - line.logDensity) <= tolerance, "\(line): \(logDensity)")
      guard !line.cumulative.isNaN else { continue }
      #expect(abs(cumulative - line.cumulative) <= 1e-9 * line.cumulative, "\(line): \(cumulative)")
    }
  }
}
