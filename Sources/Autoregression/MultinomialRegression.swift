import Foundation
import ModelCore

/// A multinomial logistic regression of one column's level, with a ridge: Σ −log softmax(Wᵀ φ)_y + λ/2 ‖W‖², convex, minimised by
/// a truncated Newton method (Lin, Weng and Keerthi 2008): each step is found by conjugate gradients from products with the Hessian,
/// which is never formed. W has a row of K numbers for each regressor; the intercepts, its first row, are not penalised. Half
/// an observation of each level is added in a row with the intercept alone, so that no level has a probability of 0 (Krichevsky and
/// Trofimov 1981).
struct MultinomialRegression {
  private let rows: GroupedRows
  /// The regressors.
  private let features: Int
  /// K.
  private let levels: Int
  /// λ.
  private let ridge: Double

  /// - Parameters:
  ///   - targets: the level in each row; NaN where the row is left out.
  ///   - lower: the regressors that lower columns of the same step are, behind the others.
  init(rows: RegressionRows, targets: [Double], levels: Int, lower: Int, ridge: Double) {
    self.rows = GroupedRows(rows, targets: targets, lower: lower)
    (features, self.levels, self.ridge) = (rows.features + lower, levels, ridge)
  }

  private var size: Int { features * levels }

  /// The weights, row by row. O(different rows · regressors that are not 0 · K) for each product with the
  /// Hessian.
  /// - Parameters:
  ///   - start: where to begin; by default at the frequencies of the levels.
  ///   - tolerance: the iterations end after a step that promised less, in nats.
  /// - Throws: `FittingError.interrupted`.
  func minimised(
    from start: [Double]?, tolerance: Double, isInterrupted: @Sendable () -> Bool
  ) throws -> [Double] {
    var weights = start ?? frequencies()
    var state = evaluate(weights)
    for _ in 0..<100 {
      let (step, decrement) = try newtonStep(weights, state, isInterrupted)
      guard decrement > 0 else { return weights }
      var (next, scale, nextState) = (weights, 1.0, state)
      let rounding = 1e-12 * (1 + abs(state.value))
      repeat {
        for index in weights.indices { next[index] = weights[index] - scale * step[index] }
        nextState = evaluate(next)
        if nextState.value <= state.value + rounding { break }
        scale /= 2
      } while scale > 1e-6
      guard nextState.value <= state.value + rounding else { return weights }
      (weights, state) = (next, nextState)
      if scale == 1, decrement < tolerance { return weights }
    }
    return weights
  }

  /// Intercepts alone, those of the levels' frequencies.
  private func frequencies() -> [Double] {
    var counts = [Double](repeating: 0.5, count: levels)
    for (level, count) in zip(rows.levels, rows.levelCounts) { counts[level] += count }
    let total = counts.reduce(0, +)
    return counts.map { log($0 / total) } + Array(repeating: 0, count: size - levels)
  }

  /// Σ −log p of all rows that have a target, in nats, without the ridge.
  func nats(_ weights: [Double]) -> Double {
    var total = 0.0
    forEachGroup(weights) { _, _, logLikelihood in total -= logLikelihood }
    return total
  }

  /// The value with its gradient, and the diagonal of the Hessian.
  private struct State {
    var value = 0.0
    var gradient: [Double]
    var diagonal: [Double]
  }

  private func evaluate(_ weights: [Double]) -> State {
    let k = levels
    var state = State(gradient: Array(repeating: 0, count: size), diagonal: Array(repeating: 0, count: size))
    var value = 0.0
    state.gradient.withUnsafeMutableBufferPointer { gradient in
      state.diagonal.withUnsafeMutableBufferPointer { diagonal in
        guard let gradient = gradient.baseAddress, let diagonal = diagonal.baseAddress else { return }
        forEachGroup(weights) { group, probabilities, logLikelihood in
          value -= logLikelihood
          for entry in rows.starts[group]..<rows.starts[group + 1] {
            let (start, x) = (Int(rows.indices[entry]) * k, rows.values[entry])
            let all = rows.counts[group] * x
            for index in 0..<k {
              let p = probabilities[index]
              gradient[start + index] += all * p
              diagonal[start + index] += all * x * p * (1 - p)
            }
            for observed in rows.levelStarts[group]..<rows.levelStarts[group + 1] {
              gradient[start + rows.levels[observed]] -= rows.levelCounts[observed] * x
            }
          }
        }
      }
    }
    let (probabilities, logProbabilities) = intercepts(weights)
    value -= logProbabilities / 2
    for (index, p) in probabilities.enumerated() {
      state.gradient[index] += Double(k) / 2 * p - 0.5
      state.diagonal[index] += Double(k) / 2 * p * (1 - p)
    }
    for index in k..<max(size, k) {
      value += ridge / 2 * weights[index] * weights[index]
      state.gradient[index] += ridge * weights[index]
      state.diagonal[index] += ridge
    }
    state.value = value
    return state
  }

  /// The product of the Hessian with a vector.
  private func hessian(_ weights: [Double], times vector: [Double]) -> [Double] {
    let k = levels
    var product = [Double](repeating: 0, count: size)
    product.withUnsafeMutableBufferPointer { product in
      vector.withUnsafeBufferPointer { vector in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: k) { moved in
          guard let product = product.baseAddress, let vector = vector.baseAddress, let moved = moved.baseAddress
          else { return }
          forEachGroup(weights) { group, probabilities, _ in
            let entries = rows.starts[group]..<rows.starts[group + 1]
            moved.update(repeating: 0, count: k)
            for entry in entries {
              let (row, x) = (vector + Int(rows.indices[entry]) * k, rows.values[entry])
              for index in 0..<k { moved[index] += x * row[index] }
            }
            var mean = 0.0
            for index in 0..<k { mean += probabilities[index] * moved[index] }
            for index in 0..<k { moved[index] = rows.counts[group] * probabilities[index] * (moved[index] - mean) }
            for entry in entries {
              let (row, x) = (product + Int(rows.indices[entry]) * k, rows.values[entry])
              for index in 0..<k { row[index] += x * moved[index] }
            }
          }
        }
      }
    }
    let probabilities = intercepts(weights).probabilities
    let mean = (0..<k).reduce(0) { $0 + probabilities[$1] * vector[$1] }
    for index in 0..<k { product[index] += Double(k) / 2 * probabilities[index] * (vector[index] - mean) }
    for index in k..<max(size, k) { product[index] += ridge * vector[index] }
    return product
  }

  /// The Newton step H⁻¹ g to a twentieth of the gradient, by conjugate gradients scaled with the Hessian's diagonal, and half of
  /// gᵀ H⁻¹ g, by which the value is about to fall.
  /// - Throws: `FittingError.interrupted`.
  private func newtonStep(
    _ weights: [Double], _ state: State, _ isInterrupted: () -> Bool
  ) throws -> (step: [Double], decrement: Double) {
    func scaled(_ residual: [Double]) -> [Double] {
      zip(residual, state.diagonal).map { $0 / max($1, 1e-12) }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double {
      var sum = 0.0
      for index in a.indices { sum += a[index] * b[index] }
      return sum
    }
    var (step, residual) = ([Double](repeating: 0, count: size), state.gradient)
    var direction = scaled(residual)
    var norm = dot(residual, direction)
    let goal = norm * 0.05 * 0.05
    // What is left of an exact minimum is rounding.
    if norm < 1e-18 { return (step, 0) }
    for _ in 0..<500 where norm > goal {
      if isInterrupted() { throw FittingError.interrupted }
      let product = hessian(weights, times: direction)
      let curvature = dot(direction, product)
      guard curvature > 0, curvature.isFinite else { break }
      let length = norm / curvature
      for index in step.indices {
        step[index] += length * direction[index]
        residual[index] -= length * product[index]
      }
      let next = scaled(residual)
      let nextNorm = dot(residual, next)
      let share = nextNorm / norm
      for index in direction.indices { direction[index] = next[index] + share * direction[index] }
      norm = nextNorm
    }
    return (step, dot(step, state.gradient) / 2)
  }

  /// Goes through the groups of rows, with the probabilities of all levels, and the log-likelihood of those that were observed.
  @inline(__always)
  private func forEachGroup(
    _ weights: [Double], _ body: (_ group: Int, _ p: UnsafePointer<Double>, _ logLikelihood: Double) -> Void
  ) {
    let k = levels
    withUnsafeTemporaryAllocation(of: Double.self, capacity: k) { logits in
      weights.withUnsafeBufferPointer { weights in
        guard let logits = logits.baseAddress, let weights = weights.baseAddress else { return }
        for group in rows.counts.indices {
          logits.update(repeating: 0, count: k)
          for entry in rows.starts[group]..<rows.starts[group + 1] {
            let (row, x) = (weights + Int(rows.indices[entry]) * k, rows.values[entry])
            for index in 0..<k { logits[index] += x * row[index] }
          }
          var own = 0.0
          for observed in rows.levelStarts[group]..<rows.levelStarts[group + 1] {
            own += rows.levelCounts[observed] * logits[rows.levels[observed]]
          }
          let logSum = Self.softmax(logits, k)
          body(group, logits, own - rows.counts[group] * logSum)
        }
      }
    }
  }

  /// Replaces logits by probabilities.
  /// - Returns: the logarithm of the sum of their exponentials.
  private static func softmax(_ logits: UnsafeMutablePointer<Double>, _ count: Int) -> Double {
    var (largest, sum) = (-Double.infinity, 0.0)
    for index in 0..<count { largest = max(largest, logits[index]) }
    for index in 0..<count {
      logits[index] = exp(logits[index] - largest)
      sum += logits[index]
    }
    for index in 0..<count { logits[index] /= sum }
    return largest + log(sum)
  }

  /// The probabilities of the levels by the intercepts alone, and Σ log p.
  private func intercepts(_ weights: [Double]) -> (probabilities: [Double], logProbabilities: Double) {
    var probabilities = Array(weights[..<levels])
    let logSum = probabilities.withUnsafeMutableBufferPointer { logits in
      logits.baseAddress.map { Self.softmax($0, levels) } ?? 0
    }
    return (probabilities, weights[..<levels].reduce(0) { $0 + $1 - logSum })
  }
}
