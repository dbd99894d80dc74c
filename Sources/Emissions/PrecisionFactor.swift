import Foundation
import Probability

/// The lower Cholesky factor of a precision matrix as unconstrained numbers: Σ⁻¹ = Wᵀ W, z = W (y − μ) (Williams 1996, with a
/// lower factor, so that z_i is y_i standardised given the lower components). Density and gradient take O(d²), without a
/// system of equations.
///
/// First d numbers s_i, W_ii = 1/σ_i with σ_i = 10⁻⁴ + e^s_i (`Deviation`), the deviation of y_i given the lower
/// components; then W_ij for j < i, row by row.
enum PrecisionFactor {
  /// d (d + 1) / 2.
  static func count(width: Int) -> Int { width * (width + 1) / 2 }

  /// Independent components of variance 1.
  static func independent(width: Int) -> [Double] {
    (0..<count(width: width)).map { $0 < width ? Deviation.output(for: 1) : 0 }
  }

  /// Where row i of the strictly lower triangle begins.
  @inline(__always)
  static func row(_ i: Int, width: Int) -> Int { width + i * (i - 1) / 2 }

  /// The numbers of a covariance, d × d row by row. O(d³).
  /// - Throws: `GSLError` where it is not positive definite.
  static func numbers(covariance: [Double], width: Int) throws -> [Double] {
    let normal = try MultivariateNormalDistribution(
      mean: Array(repeating: 0, count: width), covariance: covariance)
    var numbers = independent(width: width)
    // Column j of W = L⁻¹ is the standardised unit vector j.
    for j in 0..<width {
      let column = normal.standardised((0..<width).map { $0 == j ? 1 : 0 })
      numbers[j] = Deviation.output(for: 1 / column[j])
      for i in j + 1..<max(width, j + 1) { numbers[row(i, width: width) + j] = column[i] }
    }
    return numbers
  }

  /// The log-density −½ ‖W (y − μ)‖² + log det W − (d/2) log 2π and, where wanted, the gradient of its negative: by the means, which
  /// replaces what is there, and by the numbers of W, which replaces or is added. Gradients may lie where the numbers lie.
  static func evaluate(
    _ y: UnsafePointer<Double>, width: Int, means: UnsafePointer<Double>, numbers: UnsafePointer<Double>,
    gradient: (means: UnsafeMutablePointer<Double>, numbers: UnsafeMutablePointer<Double>, isAdded: Bool)?
  ) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * width) { room in
      // The distances y − μ, then the gradient by the means.
      for i in 0..<width {
        room.initializeElement(at: i, to: distance(y[i], means[i]))
        room.initializeElement(at: width + i, to: 0)
      }
      var (squares, deviations) = (0.0, LogProduct())
      for i in 0..<width {
        let row = numbers + row(i, width: width)
        let (deviation, slope) = Deviation.of(numbers[i])
        var z = room[i] / deviation
        for j in 0..<i { z += bounded(row[j], largestOutput) * room[j] }
        squares += z * z
        deviations.multiply(by: deviation)
        guard let gradient else { continue }
        let rowGradient = gradient.numbers + self.row(i, width: width)
        for j in 0..<i {
          room[width + j] -= z * bounded(row[j], largestOutput)
          rowGradient[j] = (gradient.isAdded ? rowGradient[j] : 0) + z * room[j]
        }
        room[width + i] -= z / deviation
        let byOutput = (1 - z * room[i] / deviation) / deviation * slope
        gradient.numbers[i] = (gradient.isAdded ? gradient.numbers[i] : 0) + byOutput
      }
      if let gradient { for i in 0..<width { gradient.means[i] = room[width + i] } }
      return -squares / 2 - deviations.value - Double(width) * NormalDistribution.halfLogTwoPi
    }
  }

  /// z = W (y − μ). O(d²).
  static func standardised(
    _ y: UnsafePointer<Double>, means: [Double], numbers: UnsafePointer<Double>
  ) -> [Double] {
    let distances = means.enumerated().map { distance(y[$0], $1) }
    return distances.indices.map { i in
      let row = numbers + row(i, width: means.count)
      return (0..<i).reduce(distances[i] / Deviation.of(numbers[i]).value) {
        $0 + bounded(row[$1], largestOutput) * distances[$1]
      }
    }
  }

  /// The y with W (y − μ) = z, by forward substitution. O(d²).
  static func restored(_ z: [Double], means: [Double], numbers: UnsafePointer<Double>) -> [Double] {
    var distances: [Double] = []
    distances.reserveCapacity(z.count)
    for i in z.indices {
      let row = numbers + row(i, width: means.count)
      let rest = distances.indices.reduce(z[i]) { $0 - bounded(row[$1], largestOutput) * distances[$1] }
      distances.append(bounded(rest * Deviation.of(numbers[i]).value, largestDistance))
    }
    return zip(means, distances).map { $0 + $1 }
  }

  @inline(__always)
  private static func distance(_ y: Double, _ mean: Double) -> Double {
    bounded(y - bounded(mean, largestOutput), largestDistance)
  }
}
