import Foundation
import Probability
import Sequences

// What is known of a step's distribution by its densities alone, and nothing else that an emission says: whether they sum to
// one, and the distribution functions of its components.

extension OutputShape {
  /// Whether `largestGap` of vectors is a sum or an integral over all of them: of one or two real numbers, one count, at most
  /// twelve bits, or at most 4,096 vectors of categories.
  package var isSummed: Bool {
    switch values {
    case .reals: vectorWidth <= 2
    case .counts: vectorWidth <= 1
    case .bits: vectorWidth <= Self.mostBits
    case .categories: vectors(most: 1 << Self.mostBits) != nil
    }
  }

  /// About how many densities such a sum takes; 1 where they are few.
  package var summedDensities: Int {
    switch (values, vectorWidth) {
    case (.reals, 2): 1 << 18
    case (.bits, 1...Self.mostBits): 1 << vectorWidth
    case (.categories, _): vectors(most: 1 << Self.mostBits) ?? 1
    default: 1
    }
  }

  private static let mostBits = 12

  /// The number of levels of each component, of bits and categories.
  fileprivate var choices: [Int] { values == .bits ? Array(repeating: 2, count: vectorWidth) : levels }

  /// The number of different vectors of bits or categories; `nil` where they are more than `most`.
  fileprivate func vectors(most: Int) -> Int? {
    var product = 1
    for count in choices {
      let (next, overflows) = product.multipliedReportingOverflow(by: count)
      if overflows || next > most { return nil }
      product = next
    }
    return product
  }
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
      case .bits, .categories: marginals(of: [Double](repeating: 0, count: shape.vectorWidth))[0].own
      }
    return mass.map { $0.isNaN ? .infinity : abs($0 - 1) } ?? .infinity
  }

  /// F(y) given that the sequence continues, for vectors of one number; NaN where the integral does not converge.
  package func cumulative(_ y: Double, _ stream: inout RandomStream) -> Double {
    (try? Quadrature.integral(upTo: y, points: numbers(&stream)) { exp(logDensity(of: [$0])) }) ?? .nan
  }

  /// The probability integral transform by the densities of all other vectors, where those are few: one real number or count, at
  /// most six bits, or at most 64 vectors of categories; else the distribution's own.
  package func transformBySums(of element: [Double], _ stream: inout RandomStream) -> [Double]? {
    switch (shape.values, shape.vectorWidth) {
    case (.reals, 1): return [cumulative(element[0], &stream)]
    case (.counts, 1) where element[0] < Self.mostCounts:
      let below = stride(from: 0, to: element[0], by: 1).reduce(0) { $0 + exp(logDensity(of: [$1])) }
      return [below + stream.uniform() * exp(logDensity(of: element))]
    case (.bits, _) where shape.vectors(most: 64) != nil, (.categories, _) where shape.vectors(most: 64) != nil:
      let marginals = marginals(of: element)
      return element.indices.map { index in
        let (all, own) = (marginals[index].own, marginals[index + 1])
        return all > 0 ? (own.below + stream.uniform() * own.own) / all : stream.uniform()
      }
    default: return transform(of: element, &stream)
    }
  }

  /// P(y_1 … y_i) of the first i components of a vector, i = 0 … d, and P(y_1 … y_{i−1}, Y_i < y_i), by summing over all vectors
  /// of bits or categories.
  private func marginals(of element: [Double]) -> [(own: Double, below: Double)] {
    let choices = shape.choices
    var marginals = [(own: Double, below: Double)](repeating: (0, 0), count: choices.count + 1)
    var vector = [Double](repeating: 0, count: choices.count)
    var isDone = false
    while !isDone {
      let density = exp(logDensity(of: vector))
      marginals[0].own += density
      for index in choices.indices {
        if vector[index] < element[index] { marginals[index + 1].below += density }
        if vector[index] != element[index] { break }
        marginals[index + 1].own += density
      }
      // The next one, as a number is counted up.
      var place = 0
      while place < choices.count, vector[place] == Double(choices[place] - 1) {
        vector[place] = 0
        place += 1
      }
      isDone = place == choices.count
      if !isDone { vector[place] += 1 }
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
