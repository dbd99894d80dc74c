import Foundation
import Probability
import Sequences

// What is known of a step's distribution by its densities alone, and nothing else that an emission says: whether they sum to
// one, and the distribution functions of its components.

extension OutputShape {
  /// Whether `largestGap` of vectors is a sum or an integral over all of them: of one or two real numbers, one count, or at most
  /// twelve bits.
  package var isSummed: Bool {
    switch values {
    case .reals: vectorWidth <= 2
    case .counts: vectorWidth <= 1
    case .bits: vectorWidth <= Self.mostBits
    }
  }

  /// About how many densities such a sum takes; 1 where they are few.
  package var summedDensities: Int {
    switch (values, vectorWidth) {
    case (.reals, 2): 1 << 18
    case (.bits, 1...Self.mostBits): 1 << vectorWidth
    default: 1
    }
  }

  private static let mostBits = 12
}

extension VectorDistribution {
  /// |Σ p(y) − 1| over all vectors, of real numbers the integral; ∞ where that does not converge, 0 where there are too many
  /// vectors or dimensions (`OutputShape.isSummed`). It knows nothing of the density but its values; knots and draws say where
  /// to look.
  public func largestGap(_ stream: inout RandomStream) -> Double {
    guard shape.isSummed else { return 0 }
    let mass: Double? =
      switch shape.values {
      case .reals where shape.vectorWidth == 2: planeIntegral(&stream)
      case .reals: try? Quadrature.integral(points: numbers(&stream)) { exp(logDensity(of: [$0])) }
      case .counts: countSum(&stream)
      case .bits: bitMarginals(of: [Double](repeating: 0, count: shape.vectorWidth))[0]
      }
    return mass.map { $0.isNaN ? .infinity : abs($0 - 1) } ?? .infinity
  }

  /// F(y) given that the sequence continues, for vectors of one number; NaN where the integral does not converge.
  package func cumulative(_ y: Double, _ stream: inout RandomStream) -> Double {
    (try? Quadrature.integral(upTo: y, points: numbers(&stream)) { exp(logDensity(of: [$0])) }) ?? .nan
  }

  /// The probability integral transform by the densities of all other vectors, where those are few: one real number or count, or
  /// at most six bits; else the distribution's own.
  package func transformBySums(of element: [Double], _ stream: inout RandomStream) -> [Double]? {
    switch (shape.values, shape.vectorWidth) {
    case (.reals, 1): return [cumulative(element[0], &stream)]
    case (.counts, 1) where element[0] < Self.mostCounts:
      let below = stride(from: 0, to: element[0], by: 1).reduce(0) { $0 + exp(logDensity(of: [$1])) }
      return [below + stream.uniform() * exp(logDensity(of: element))]
    case (.bits, 1...6):
      let marginals = bitMarginals(of: element)
      return element.indices.map { index in
        let one = element[index] == 1
        let own = marginals[index] > 0 ? marginals[index + 1] / marginals[index] : 0
        return one ? 1 - own + stream.uniform() * own : stream.uniform() * own
      }
    default: return transform(of: element, &stream)
    }
  }

  /// P(y_1 … y_i) of the first i bits of a vector, i = 0 … d, by summing over all others: 2^d densities.
  private func bitMarginals(of element: [Double]) -> [Double] {
    let width = shape.vectorWidth
    var marginals = [Double](repeating: 0, count: width + 1)
    var vector = [Double](repeating: 0, count: width)
    for number in 0..<1 << width {
      for index in 0..<width { vector[index] = number >> index & 1 == 1 ? 1 : 0 }
      let density = exp(logDensity(of: vector))
      let shared = zip(vector, element).prefix { $0 == $1 }.count
      for index in 0...shared { marginals[index] += density }
    }
    return marginals
  }

  /// Σ p(y) over counts, until what is beyond the draws falls off and is next to nothing; `nil` where draws are too large for it.
  private func countSum(_ stream: inout RandomStream) -> Double? {
    let largest = (0..<8).map { _ in drawElement(&stream)[0] }.max() ?? 0
    guard largest < Self.mostCounts else { return 1 }
    var (sum, count) = (0.0, 0.0)
    while count < Self.mostCounts {
      let density = exp(logDensity(of: [count]))
      sum += density
      count += 1
      if count > largest, density * count < 1e-14 { return sum }
    }
    return sum
  }

  /// ∫∫ p(y) dy over the plane: an integral of integrals, in coordinates in which draws have no covariance.
  private func planeIntegral(_ stream: inout RandomStream) -> Double? {
    let draws = (0..<64).map { _ in drawElement(&stream) }
    guard let normal = try? MultivariateNormalDistribution.fit(draws) else { return nil }
    let places = draws.prefix(8).map(normal.standardised)
    let scale = normal.logDeterminant
    return try? Quadrature.integral(points: places.map { $0[0] }, tolerance: 1e-8) { x in
      (try? Quadrature.integral(points: places.map { $0[1] }, tolerance: 1e-9) { y in
        exp(logDensity(of: normal.restored([x, y])) + scale)
      }) ?? .nan
    }
  }

  /// More counts are not added up.
  private static var mostCounts: Double { 100_000 }

  /// The knots and a few draws of one number.
  private func numbers(_ stream: inout RandomStream) -> [Double] {
    knots + (0..<8).map { _ in drawElement(&stream)[0] }
  }
}
