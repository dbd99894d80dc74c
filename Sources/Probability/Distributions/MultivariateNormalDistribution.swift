import CGSL
import Foundation

/// The normal (Gaussian) distribution of a vector of d real numbers. The covariance is kept as its Cholesky factor, Σ = L Lᵀ.
package struct MultivariateNormalDistribution: Sendable, Hashable {
  /// E[y], d numbers.
  package let mean: [Double]
  /// L, lower triangular, d × d numbers row by row.
  package let factor: [Double]

  /// A normal distribution. O(d³).
  /// - Parameters:
  ///   - mean: d numbers.
  ///   - covariance: d × d numbers row by row, symmetric.
  /// - Throws: `GSLError` where the covariance is not positive definite.
  package init(mean: [Double], covariance: [Double]) throws {
    let width = mean.count
    precondition(covariance.count == width * width)
    GSL.start()
    var factor = covariance
    if width > 0 {
      try factor.withUnsafeMutableBufferPointer { factor in
        var view = gsl_matrix_view_array(factor.baseAddress, width, width)
        try GSLError.check(gsl_linalg_cholesky_decomp1(&view.matrix))
      }
    }
    // The upper triangle is left as it was.
    for row in 0..<width { for column in row + 1..<max(width, row + 1) { factor[row * width + column] = 0 } }
    guard factor.allSatisfy(\.isFinite) else { throw GSLError(status: Int32(GSL_EDOM)) }
    (self.mean, self.factor) = (mean, factor)
  }

  /// z = L⁻¹ (y − mean): independent numbers of mean 0 and variance 1. z_i says where y_i lies given the lower components, so
  /// that Φ(z_i) = P(Y_i ≤ y_i | y_1 … y_{i−1}). O(d²).
  package func standardised(_ y: [Double]) -> [Double] {
    precondition(y.count == mean.count)
    var z = zip(y, mean).map { $0 - $1 }
    let width = mean.count
    guard width > 0 else { return z }
    GSL.start()
    cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, Int32(width), factor, Int32(width), &z, 1)
    return z
  }

  /// y = mean + L z. O(d²).
  package func restored(_ z: [Double]) -> [Double] {
    let width = mean.count
    return (0..<width).map { row in (0...row).reduce(mean[row]) { $0 + factor[row * width + $1] * z[$1] } }
  }

  /// log |L|, half of log |Σ|. O(d).
  package var logDeterminant: Double {
    mean.indices.reduce(0) { $0 + log(factor[$1 * mean.count + $1]) }
  }

  /// log p(y), in nats. O(d²).
  package func logDensity(_ y: [Double]) -> Double {
    let width = mean.count
    let squares = standardised(y).reduce(0) { $0 + $1 * $1 }
    return -squares / 2 - logDeterminant - Double(width) * NormalDistribution.halfLogTwoPi
  }

  /// A draw. O(d²).
  package func draw(_ stream: inout RandomStream) -> [Double] { restored(mean.map { _ in stream.normal() }) }

  /// The covariance L Lᵀ, d × d numbers row by row. O(d³).
  package var covariance: [Double] {
    let width = mean.count
    return (0..<width * width).map { index in
      let (row, column) = (index / width, index % width)
      return (0...min(row, column)).reduce(0) { $0 + factor[row * width + $1] * factor[column * width + $1] }
    }
  }

  /// The normal distribution of largest likelihood: means and covariances with n in the denominator. O(vectors d²).
  /// - Parameter vectors: of d numbers each; at least one.
  /// - Throws: `GSLError` where the covariance is not positive definite, as of fewer than d + 1 vectors.
  package static func fit(_ vectors: [[Double]]) throws -> MultivariateNormalDistribution {
    let (count, width) = (Double(vectors.count), vectors.first?.count ?? 0)
    precondition(!vectors.isEmpty && vectors.allSatisfy { $0.count == width })
    let mean = (0..<width).map { column in vectors.reduce(0) { $0 + $1[column] } / count }
    var covariance = [Double](repeating: 0, count: width * width)
    for vector in vectors {
      for row in 0..<width {
        for column in 0..<width {
          covariance[row * width + column] += (vector[row] - mean[row]) * (vector[column] - mean[column]) / count
        }
      }
    }
    return try MultivariateNormalDistribution(mean: mean, covariance: covariance)
  }
}
