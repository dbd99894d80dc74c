import Foundation
import ModelCore
import Probability
import Sequences

/// Several columns of categories, each with a softmax over its levels: independent ones (`categorical`), or each given the levels
/// of the lower columns in the same step (`categorical:autoregressive`), p(y) = Π_i p(y_i | y_1 … y_{i−1}). Of column i with
/// K_i levels the logits are
///
///     logits_i = o_i + Σ_{j<i} W_ij[y_j]
///
/// a multinomial logistic regression on the lower levels (one-hot). Outputs: Σ K_i, those of a column one behind the other;
/// weights: of each column i a row of K_i numbers for each level of each lower column, Σ_i K_i Σ_{j<i} K_j.
package struct CategoricalEmission: Emission {
  package static let name = "categorical"
  package static let examples = ["categorical", "categorical:autoregressive"]
  package static let summary =
    "categorical: columns of levels, a softmax each, independent; outputs: one for each level\n"
    + "categorical:autoregressive: each column given the lower ones; weights: one for each pair of levels of two columns"

  /// Whether each column depends on the lower ones.
  package let isAutoregressive: Bool
  /// K_i of each column; empty where they are not known yet: then each column has two.
  private let levels: [Int]
  private static let autoregressive = "autoregressive"

  package init(isAutoregressive: Bool, levels: [Int] = []) {
    (self.isAutoregressive, self.levels) = (isAutoregressive, levels)
  }

  /// - Throws: `SpecificationError` for another parameter than `autoregressive`.
  package init(parameter: String?) throws {
    guard parameter == nil || parameter == Self.autoregressive else {
      throw SpecificationError.malformed(
        "the emission \(Self.name) takes no parameter but \(Self.autoregressive), as in \(Self.name):\(Self.autoregressive)"
      )
    }
    self.init(isAutoregressive: parameter != nil)
  }

  package func withLevels(_ levels: [Int]) -> any Emission {
    CategoricalEmission(isAutoregressive: isAutoregressive, levels: levels)
  }

  package var word: String { isAutoregressive ? "\(Self.name):\(Self.autoregressive)" : Self.name }
  package func models(_ values: ElementKind.Values) -> Bool { values == .categories }

  /// K_i.
  @inline(__always)
  private func count(_ column: Int) -> Int { levels.isEmpty ? 2 : levels[column] }

  package func outputs(width: Int) -> Int { (0..<width).reduce(0) { $0 + count($1) } }

  package func weights(width: Int) -> Int {
    guard isAutoregressive else { return 0 }
    var (all, lower) = (0, 0)
    for column in 0..<width {
      all += lower * count(column)
      lower += count(column)
    }
    return all
  }

  /// - Parameter means: the frequencies of all levels, column by column.
  package func initialOutputs(means: [Double]) -> [Double] { means.map { bounded(log(max($0, 1e-300)), 10) } }

  package func initialWeights(width: Int, _ stream: inout RandomStream) -> [Double] {
    Array(repeating: 0, count: weights(width: width))
  }

  /// Σ log P(y_i | y_1 … y_{i−1}); −∞ where a number is no level. O(d · Σ K).
  package func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double { evaluate(y, step, nil) }

  /// −∞ of all where a number is no level. O(d · Σ K).
  package func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    guard areLevels(y, step.width) else { return Array(repeating: -.infinity, count: step.width) }
    var densities: [Double] = []
    walk(step) { column, logits, _, _ in
      let (level, own) = (Int(y[column]), logits[Int(y[column])])
      let logSum = Self.exponentiate(logits, count(column))
      densities.append(own - logSum.largest - log(logSum.sum))
      return level
    }
    return densities
  }

  /// With the gradient, P(level) − 1 of the level that is there, by an output, and by the weights of the lower levels that are
  /// there. O(d · Σ K).
  package func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double { evaluate(y, step, (outputs, weights)) }

  private func evaluate(
    _ y: UnsafePointer<Double>, _ step: EmissionStep,
    _ gradient: (outputs: UnsafeMutablePointer<Double>, weights: UnsafeMutablePointer<Double>)?
  ) -> Double {
    guard areLevels(y, step.width) else {
      gradient?.outputs.update(repeating: 0, count: outputs(width: step.width))
      return -.infinity
    }
    var total = 0.0
    walk(step) { column, logits, start, block in
      let (k, level) = (count(column), Int(y[column]))
      let own = logits[level]
      let logSum = Self.exponentiate(logits, k)
      total += own - logSum.largest - log(logSum.sum)
      if let gradient {
        for index in 0..<k { logits[index] /= logSum.sum }
        logits[level] -= 1
        (gradient.outputs + start).update(from: logits, count: k)
        if isAutoregressive {
          var lower = 0
          for other in 0..<column {
            let row = gradient.weights + block + (lower + Int(y[other])) * k
            for index in 0..<k { row[index] += logits[index] }
            lower += count(other)
          }
        }
      }
      return level
    }
    return total
  }

  /// Whether all numbers are levels of their columns.
  private func areLevels(_ y: UnsafePointer<Double>, _ width: Int) -> Bool {
    for column in 0..<width {
      guard y[column] >= 0, y[column] < Double(count(column)), y[column] == y[column].rounded() else { return false }
    }
    return true
  }

  /// Replaces logits by e^(logit − largest).
  @inline(__always)
  private static func exponentiate(
    _ logits: UnsafeMutablePointer<Double>, _ count: Int
  ) -> (largest: Double, sum: Double) {
    var (largest, sum) = (-Double.infinity, 0.0)
    for index in 0..<count { largest = max(largest, logits[index]) }
    for index in 0..<count {
      logits[index] = exp(logits[index] - largest)
      sum += logits[index]
    }
    return (largest, sum)
  }

  /// Goes through the columns; `level` says which level each has, given its logits, which it may overwrite.
  /// - Parameter level: is also told where the column's outputs and its weights begin.
  private func walk(
    _ step: EmissionStep,
    _ level: (_ column: Int, _ logits: UnsafeMutablePointer<Double>, _ start: Int, _ block: Int) -> Int
  ) {
    let (d, most) = (step.width, (0..<step.width).reduce(1) { max($0, count($1)) })
    withUnsafeTemporaryAllocation(of: Double.self, capacity: most) { logits in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: d + 1) { chosen in
        guard let logits = logits.baseAddress, let chosen = chosen.baseAddress else { return }
        var (start, block) = (0, 0)
        for column in 0..<d {
          let k = count(column)
          logits.update(from: step.outputs + start, count: k)
          if isAutoregressive {
            // The rows of the lower levels that are there.
            for other in 0..<column {
              let row = step.weights + block + chosen[other] * k
              for index in 0..<k { logits[index] += row[index] }
            }
          }
          for index in 0..<k { logits[index] = bounded(logits[index], largestOutput) }
          chosen[column] = start + level(column, logits, start, block)
          if isAutoregressive { block += start * k }
          start += k
        }
      }
    }
  }

  /// Columns one after the other, from logits divided by the temperature. O(d · Σ K).
  package func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    var drawn: [Double] = []
    drawn.reserveCapacity(step.width)
    walk(step) { column, logits, _, _ in
      let k = count(column)
      // The largest first, so that no quotient of large numbers overflows.
      let largest = (0..<k).reduce(-Double.infinity) { max($0, logits[$1]) }
      for index in 0..<k { logits[index] = scaledLogit(logits[index] - largest, temperature) }
      let total = Self.exponentiate(logits, k).sum
      let level = stream.index(k, total: total) { logits[$0] }
      drawn.append(Double(level))
      return level
    }
    return drawn
  }

  /// Uniform between P(Y_i < y_i) and P(Y_i ≤ y_i), levels in their order, each given the lower columns. O(d · Σ K).
  package func transform(
    of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream
  ) -> [Double] {
    guard areLevels(y, step.width) else { return Array(repeating: .nan, count: step.width) }
    var transformed: [Double] = []
    transformed.reserveCapacity(step.width)
    walk(step) { column, logits, _, _ in
      let level = Int(y[column])
      let total = Self.exponentiate(logits, count(column)).sum
      let below = (0..<level).reduce(0) { $0 + logits[$1] } / total
      transformed.append(min(stream.between(below, below + logits[level] / total), 1))
      return level
    }
    return transformed
  }
}
