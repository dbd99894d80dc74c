import Foundation
import ModelCore
import Probability

/// A regression with a ridge, Σ loss + λ/2 ‖w‖², minimised by Newton's method (iteratively reweighted least squares:
/// McCullagh and Nelder 1989); the intercept, which is the first weight, is not penalised. Rows are sparse, so that a
/// row costs the square of its regressors that are not 0.
struct NewtonRegression<Loss: RegressionLoss> {
  let loss: Loss
  let rows: RegressionRows
  /// What is to be predicted in each row; NaN where the row is left out.
  let targets: [Double]
  /// The lower components of the same step that are regressors, behind the others.
  let lower: Int
  /// λ.
  let ridge: Double
  /// The iterations end after a step that promised less, in nats: since convergence is quadratic, about its square is
  /// left.
  let tolerance: Double
  /// Asked before each iteration; weights that have not converged are no result.
  let isInterrupted: @Sendable () -> Bool

  private var size: Int { rows.features + lower }

  /// The weights: f, then those of the lower components. O(iterations · (rows · regressors² + weights³)).
  /// - Parameter start: where to begin.
  /// - Throws: `FittingError.interrupted`.
  func minimised(from start: [Double]) throws -> [Double] {
    var state = NewtonState(size: size)
    var (weights, step) = (start, [Double](repeating: 0, count: size))
    var value = evaluate(weights, &state)
    for _ in 0..<100 {
      if isInterrupted() { throw FittingError.interrupted }
      guard let decrement = state.solve(into: &step), decrement > 0 else { return weights }
      var (next, scale) = (weights, 1.0)
      let rounding = 1e-12 * (1 + abs(value))
      var nextValue = Double.infinity
      while scale > 1e-6 {
        for index in weights.indices { next[index] = weights[index] - scale * step[index] }
        nextValue = evaluate(next, &state)
        if nextValue <= value + rounding { break }
        scale /= 2
      }
      guard nextValue <= value + rounding else { return weights }
      (weights, value) = (next, nextValue)
      if scale == 1, decrement < tolerance { return weights }
    }
    return weights
  }

  /// Σ loss of all rows that have a target, in nats, without the ridge.
  func nats(_ weights: [Double]) -> Double {
    var total = 0.0
    forEachRow(weights) { _, _, eta, y, _ in total += loss.evaluate(eta, y).loss }
    return total
  }

  /// The linear predictors of all rows that have a target, with it.
  func forEachPredictor(_ weights: [Double], _ body: (_ eta: Double, _ y: Double) -> Void) {
    forEachRow(weights) { _, _, eta, y, _ in body(eta, y) }
  }

  /// The value, with gradient and Hessian.
  private func evaluate(_ weights: [Double], _ state: inout NewtonState) -> Double {
    let size = size
    var total = 0.0
    state.gradient.withUnsafeMutableBufferPointer { gradient in
      state.hessian.withUnsafeMutableBufferPointer { hessian in
        guard let gradient = gradient.baseAddress, let hessian = hessian.baseAddress else { return }
        gradient.update(repeating: 0, count: size)
        hessian.update(repeating: 0, count: size * size)
        forEachRow(weights) { indices, values, eta, y, listed in
          let (loss, slope, curvature) = loss.evaluate(eta, y)
          total += loss
          for a in 0..<listed {
            let index = Int(indices[a])
            gradient[index] += slope * values[a]
            let (row, scaled) = (hessian + index * size, curvature * values[a])
            for b in 0...a { row[Int(indices[b])] += scaled * values[b] }
          }
        }
        let prior = loss.prior(weights[0])
        total += prior.loss
        gradient[0] += prior.slope
        hessian[0] += prior.curvature
        for index in 1..<max(size, 1) {
          total += ridge / 2 * weights[index] * weights[index]
          gradient[index] += ridge * weights[index]
          hessian[index * size + index] += ridge
        }
      }
    }
    return total
  }

  /// Goes through the rows that have a target, with the regressors that are not 0, by rising index, and the linear
  /// predictor.
  @inline(__always)
  private func forEachRow(
    _ weights: [Double],
    _ body: (
      _ indices: UnsafePointer<Int32>, _ values: UnsafePointer<Double>, _ eta: Double, _ y: Double, _ listed: Int
    ) -> Void
  ) {
    let features = rows.features
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: size) { indices in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: size) { values in
        guard let indices = indices.baseAddress, let values = values.baseAddress else { return }
        rows.withPointers { all in
          weights.withUnsafeBufferPointer { weights in
            targets.withUnsafeBufferPointer { targets in
              for row in 0..<targets.count {
                let y = targets[row]
                if y.isNaN { continue }
                var (listed, eta) = (0, 0.0)
                for entry in all.starts[row]..<all.starts[row + 1] {
                  let (index, value) = (all.indices[entry], all.values[entry])
                  (indices[listed], values[listed]) = (index, value)
                  eta += weights[Int(index)] * value
                  listed += 1
                }
                if lower > 0 {
                  for entry in all.lowerStarts[row]..<all.lowerStarts[row + 1] {
                    let component = Int(all.lower[entry])
                    if component >= lower { break }
                    (indices[listed], values[listed]) = (Int32(truncatingIfNeeded: features + component), 1)
                    eta += weights[features + component]
                    listed += 1
                  }
                }
                body(indices, values, eta, y, listed)
              }
            }
          }
        }
      }
    }
  }
}

/// Gradient and Hessian of an iterate.
private struct NewtonState {
  var gradient: [Double]
  var hessian: [Double]

  init(size: Int) {
    gradient = Array(repeating: 0, count: size)
    hessian = Array(repeating: 0, count: size * size)
  }

  /// The Newton step H⁻¹ g, and half of gᵀ H⁻¹ g, by which the value is about to fall; `nil` where H is not positive
  /// definite in double precision. Destroys the Hessian.
  mutating func solve(into step: inout [Double]) -> Double? {
    step = gradient
    let size = gradient.count
    let isSolved = hessian.withUnsafeMutableBufferPointer { hessian in
      step.withUnsafeMutableBufferPointer { step in
        guard let matrix = hessian.baseAddress, let vector = step.baseAddress else { return false }
        return Cholesky.solve(matrix, size: size, vector)
      }
    }
    let decrement = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 } / 2
    return isSolved && decrement.isFinite ? decrement : nil
  }
}
