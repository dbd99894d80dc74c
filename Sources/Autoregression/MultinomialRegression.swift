import Foundation
import ModelCore

/// A multinomial logistic regression of one column's level, with a ridge: Σ −log softmax(Wᵀ φ)_y + λ/2 ‖W‖², convex, minimised by
/// a truncated Newton method (Lin, Weng and Keerthi 2008): each step is found by conjugate gradients from products with the Hessian,
/// which is never formed. W has a row of K numbers for each regressor; the intercepts, its first row, are not penalised. Half
/// an observation of each level is added in a row with the intercept alone, so that no level has a probability of 0 (Krichevsky and
/// Trofimov 1981).
struct MultinomialRegression {
  let rows: RegressionRows
  /// The level in each row; NaN where the row is left out.
  let targets: [Double]
  /// K.
  let levels: Int
  /// The regressors that lower columns of the same step are, behind the others.
  let lower: Int
  /// λ.
  let ridge: Double

  private var size: Int { (rows.features + lower) * levels }

  /// The weights, row by row. O(rows · regressors that are not 0 · K) for each product with the Hessian.
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
    for y in targets where !y.isNaN { counts[Int(y)] += 1 }
    let total = counts.reduce(0, +)
    return counts.map { log($0 / total) } + Array(repeating: 0, count: size - levels)
  }

  /// Σ −log p of all rows that have a target, in nats, without the ridge.
  func nats(_ weights: [Double]) -> Double {
    var total = 0.0
    forEachRow(weights) { _, _, _, logProbability in total -= logProbability }
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
        forEachRow(weights) { regressors, level, probabilities, logProbability in
          value -= logProbability
          for entry in 0..<regressors.count {
            let (start, x) = (Int(regressors.indices[entry]) * k, regressors.values[entry])
            for index in 0..<k {
              let p = probabilities[index]
              gradient[start + index] += x * p
              diagonal[start + index] += x * x * p * (1 - p)
            }
            gradient[start + level] -= x
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
          forEachRow(weights) { regressors, _, probabilities, _ in
            moved.update(repeating: 0, count: k)
            for entry in 0..<regressors.count {
              let (row, x) = (vector + Int(regressors.indices[entry]) * k, regressors.values[entry])
              for index in 0..<k { moved[index] += x * row[index] }
            }
            var mean = 0.0
            for index in 0..<k { mean += probabilities[index] * moved[index] }
            for index in 0..<k { moved[index] = probabilities[index] * (moved[index] - mean) }
            for entry in 0..<regressors.count {
              let (row, x) = (product + Int(regressors.indices[entry]) * k, regressors.values[entry])
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
    for _ in 0..<500 where norm > goal && norm > 0 {
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

  /// The regressors of a row that are not 0, by rising index.
  private struct Listed {
    let count: Int
    let indices: UnsafePointer<Int32>
    let values: UnsafePointer<Double>
  }

  /// Goes through the rows that have a target, with the regressors that are not 0, the probabilities of all levels, and log p of
  /// the row's own one.
  @inline(__always)
  private func forEachRow(
    _ weights: [Double], _ body: (Listed, _ level: Int, _ p: UnsafePointer<Double>, _ logProbability: Double) -> Void
  ) {
    let (k, features) = (levels, rows.features)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: features + lower + 1) { indices in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: features + lower + k + 1) { numbers in
        guard let indices = indices.baseAddress, let values = numbers.baseAddress else { return }
        let logits = values + features + lower
        rows.withPointers { all in
          weights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            for (row, y) in targets.enumerated() where !y.isNaN {
              var listed = 0
              for entry in all.starts[row]..<all.starts[row + 1] {
                (indices[listed], values[listed]) = (all.indices[entry], all.values[entry])
                listed += 1
              }
              for entry in all.lowerStarts[row]..<all.lowerStarts[row + 1] where Int(all.lower[entry]) < lower {
                (indices[listed], values[listed]) = (Int32(truncatingIfNeeded: features) + all.lower[entry], 1)
                listed += 1
              }
              logits.update(repeating: 0, count: k)
              for entry in 0..<listed {
                let (row, x) = (weights + Int(indices[entry]) * k, values[entry])
                for index in 0..<k { logits[index] += x * row[index] }
              }
              let level = Int(y)
              let own = logits[level]
              let logSum = Self.softmax(logits, k)
              body(Listed(count: listed, indices: indices, values: values), level, logits, own - logSum)
            }
          }
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
