import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// A distribution near that of a step, known by its draws alone and wider: where importance sampling draws from. Of real numbers a
/// multivariate t distribution with five degrees of freedom, of bits independent ones with the draws' rates, of
/// categories independent ones with the draws' frequencies, of counts independent negative binomial ones.
struct StepProposal: Sendable {
  private enum Parts: Sendable {
    case t(MultivariateNormalDistribution)
    case bits([Double])
    case categories([[Double]])
    case counts([NegativeBinomialDistribution])
  }

  private let parts: Parts
  private static var degreesOfFreedom: Double { 5 }

  /// How many draws of so many numbers are enough.
  static func draws(width: Int) -> Int { 200 + 20 * width }

  /// - Returns: `nil` where draws lie in a plane, or are no numbers.
  init?(_ draws: [[Double]], _ shape: OutputShape) {
    let count = Double(draws.count)
    switch shape.values {
    case .reals:
      guard let normal = try? MultivariateNormalDistribution.fit(draws) else { return nil }
      parts = .t(normal)
    case .bits:
      parts = .bits(draws[0].indices.map { index in (draws.reduce(0.5) { $0 + $1[index] }) / (count + 1) })
    case .categories:
      // Levels that no draw has seen are not ruled out.
      parts = .categories(
        shape.levels.enumerated().map { column, levels in
          var rates = [Double](repeating: 0.5 / Double(levels), count: levels)
          for draw in draws { rates[Int(draw[column])] += 1 }
          return rates.map { $0 / (count + 0.5) }
        })
    case .counts:
      // By the moments, at least as wide as Poisson's; rates that no draw has seen are not ruled out.
      parts = .counts(
        draws[0].indices.map { index in
          let mean = (draws.reduce(0.5) { $0 + $1[index] }) / count
          let variance = draws.reduce(0) { $0 + ($1[index] - mean) * ($1[index] - mean) } / count
          let excess = max(1.2 * variance - mean, 0.05 * mean)
          return NegativeBinomialDistribution(
            logMean: Self.within(log(mean)), logDispersion: Self.within(2 * log(mean) - log(excess)))
        })
    }
  }

  private static func within(_ logarithm: Double) -> Double { min(max(logarithm, -40), 40) }

  func draw(_ stream: inout RandomStream) -> [Double] {
    switch parts {
    case .t(let normal):
      // z √(ν/χ²), χ² being a sum of ν squares.
      let z = normal.mean.map { _ in stream.normal() }
      let squares = (0..<Int(Self.degreesOfFreedom)).reduce(0.0) { sum, _ in
        let normal = stream.normal()
        return sum + normal * normal
      }
      return normal.restored(z.map { $0 * (Self.degreesOfFreedom / squares).squareRoot() })
    case .bits(let rates): return rates.map { stream.uniform() < $0 ? 1 : 0 }
    case .categories(let rates): return rates.map { Double(stream.index(weights: $0)) }
    case .counts(let laws): return laws.map { $0.draw(&stream) }
    }
  }

  func logDensity(_ y: [Double]) -> Double {
    switch parts {
    case .t(let normal):
      let (d, nu) = (Double(y.count), Self.degreesOfFreedom)
      let squares = normal.standardised(y).reduce(0) { $0 + $1 * $1 }
      return lgamma((nu + d) / 2) - lgamma(nu / 2) - d / 2 * log(nu * .pi) - normal.logDeterminant
        - (nu + d) / 2 * log1p(squares / nu)
    case .bits(let rates): return zip(y, rates).reduce(0) { $0 + ($1.0 == 1 ? log($1.1) : log1p(-$1.1)) }
    case .categories(let rates): return zip(y, rates).reduce(0) { $0 + log($1.1[Int($1.0)]) }
    case .counts(let laws): return zip(y, laws).reduce(0) { $0 + $1.1.logProbability($1.0) }
    }
  }
}

extension AuditSubject {
  /// Steps whose densities are integrated, and draws of all of them together.
  private static var mostIntegrals: Int { 16 }
  private static var mostDraws: Int { 20_000 }

  /// Whether the densities of a step integrate to one, of vectors of which not all can be added up (`OutputShape.isSummed`);
  /// `nil` for others.
  func densityIntegrals() -> AuditLine? {
    guard !model.shape.isSummed, let vectors = self as? AuditSubject<VectorModel> else { return nil }
    return vectors.integrals(vectors.model.vectors)
  }
}

extension AuditSubject<VectorModel> {
  /// Importance sampling from Q = ½ p + ½ q with the step's own density p and a proposal q: the mean weight p/Q of draws of Q
  /// is 1 if p integrates to one and is what the model draws from. Weights are at most 2, so that the interval is exact. Where
  /// q is near p and p is c times a density, the mean is 2c/(c + 1); the mean weight of q's own draws says how near it is.
  fileprivate func integrals<P: VectorProcess>(_ process: P) -> AuditLine {
    var stream = stream("integrals")
    var steps: [(distribution: P.Distribution, proposal: StepProposal)] = []
    let own = probes.dropFirst().prefix(Self.mostIntegrals)
    for (number, probe) in own.enumerated() {
      var walk = process.walk(length: probe.count, x: input)
      for element in probe.prefix(max(min(number, probe.count - 1), 0)) { walk.advance(past: element) }
      var distribution = P.Distribution(process.shape)
      walk.predict(into: &distribution)
      let draws = (0..<StepProposal.draws(width: model.width)).map { _ in distribution.drawElement(&stream) }
      if let proposal = StepProposal(draws, process.shape) { steps.append((distribution, proposal)) }
    }
    guard !steps.isEmpty else {
      return AuditLine(.densities, 0, within: 0, "no step has a proposal to integrate with: draws do not vary")
    }
    let chosen = steps
    let count = max(min(options.samples, Self.mostDraws), 2)
    let weights = parallelMap(count, threads: options.threads) { number -> (isOwn: Bool, weight: Double) in
      var stream = self.stream("integral", number)
      let step = chosen[Int(stream.uniform() * Double(chosen.count))]
      let isOwn = stream.uniform() < 0.5
      let element = isOwn ? step.distribution.drawElement(&stream) : step.proposal.draw(&stream)
      let (p, q) = (step.distribution.logDensity(of: element), step.proposal.logDensity(element))
      return (isOwn, p == -.infinity ? 0 : 2 / (1 + exp(q - p)))
    }
    let proposed = weights.filter { !$0.isOwn }.map(\.weight)
    let overlap = proposed.reduce(0, +) / Double(max(proposed.count, 1))
    return AuditLine(
      .densities, weights: weights.map(\.weight), atMost: 2, rounding: max(1e-9, 100 * process.roundingError)
    ) {
      "|\(model.columns.values == .reals ? "∫" : "Σ") p − 1| at \(chosen.count) steps by \(count) weighted draws, standard error \($0); weight of the proposal's own "
        + String(format: "%.2g", overlap)
    }
  }
}
