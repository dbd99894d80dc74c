import Emissions
import Foundation
import ModelCore
import Probability
import Sequences

/// A vector autoregression of standardised real numbers, fitted by least squares, which is the maximum of the
/// likelihood with the residuals' covariance (Lütkepohl 2005, section 3.4).
struct GaussianRegression {
  let emission: AutoregressiveEmission
  let ridge: Double
  let shape: OutputShape
  let coding: RegressorCoding

  private var width: Int { shape.vectorWidth }

  /// The coefficients of least squares, f × d, the cross-products of the residuals (d × d of a full covariance, else the
  /// d squares), and the number of rows.
  private typealias Solution = (coefficients: [Double], residuals: [Double], rows: Int)

  /// The regressions of some stages: the first ones of one step each, the last one of all steps that follow. A stage of
  /// the first steps has weights and a covariance of its own where there are at least 2 (d + f) sequences for its d
  /// components and f regressors, else the weights of a regression that all steps share (with an intercept for each of
  /// the first k) and the covariance of the last stage. O(elements · (f + d)²).
  /// - Returns: the regressions, and the first steps, from 0, that have shared weights.
  /// - Throws: `GSLError` where the numbers are too large for least squares.
  func fit(_ set: VectorSequences, _ stages: [Regressors]) throws -> (stages: [SharedRegression], sharing: [Int]) {
    let last = stages.count - 1
    let counts = (0...last).map { rows(set, stage: $0, last: last) }
    let sharing = (0..<last).filter { counts[$0] < 2 * (width + stages[$0].count) }
    let layout = Regressors(shape, order: stages[last].order, indicators: last)
    let shared = try sharing.isEmpty ? nil : solution(set, layout) { _ in true }
    let solutions = try stages.indices.map { stage in
      try sharing.contains(stage) ? nil : solution(set, stages[stage]) { min($0, last) == stage }
    }
    // Where no sequence is longer than k, what there is.
    let isLastEnough = counts[last] >= 2 * (width + 1)
    let pooled = covariance(isLastEnough ? [solutions[last]] : shared.map { [$0] } ?? solutions)
    return (
      try stages.indices.map { stage in
        guard let own = solutions[stage] else {
          return SharedRegression(
            regressors: stages[stage],
            weights: stages[stage].weights(ofStep: stage, in: layout, shared?.coefficients ?? []),
            constants: try constants(pooled))
        }
        let covariance = stage < last ? covariance([own]) : pooled
        return SharedRegression(
          regressors: stages[stage], weights: own.coefficients, constants: try constants(covariance))
      }, sharing
    )
  }

  /// The elements of a set that a stage is fitted to.
  private func rows(_ set: VectorSequences, stage: Int, last: Int) -> Int {
    (0..<set.count).reduce(0) { sum, i in
      let later = max(set.length(i) - stage, 0)
      return sum + (stage == last ? later : min(later, 1))
    }
  }

  /// Least squares over the steps that are wanted: at once, or where the components are many and independent by groups
  /// of them, for memory.
  private func solution(
    _ set: VectorSequences, _ regressors: Regressors, _ isWanted: (_ time: Int) -> Bool
  ) throws -> Solution {
    let f = regressors.count
    let isFull = emission == .fullGaussian
    let size = isFull || f + width <= AutoregressiveFamily.mostRegressors ? max(width, 1) : max(f, 64)
    var all: Solution = (Array(repeating: 0, count: f * width), [], 0)
    for start in stride(from: 0, to: width, by: size) {
      let group = start..<min(start + size, width)
      var system = try leastSquares(set, regressors, group, isWanted)
      all.rows = system.count
      let (coefficients, residuals) = try system.solution(ridge: ridge)
      for feature in 0..<f {
        for component in group {
          all.coefficients[feature * width + component] = coefficients[feature * group.count + component - start]
        }
      }
      all.residuals += isFull ? residuals : (0..<group.count).map { residuals[$0 * (group.count + 1)] }
    }
    return all
  }

  /// The rows of the steps that are wanted, with some components to predict.
  private func leastSquares(
    _ set: VectorSequences, _ regressors: Regressors, _ components: Range<Int>, _ isWanted: (_ time: Int) -> Bool
  ) throws -> LeastSquares {
    var system = LeastSquares(features: regressors.count, targets: components.count)
    try RegressorRoom.with(regressors.count, numbers: width) { room, z in
      Result {
        for i in 0..<set.count {
          try set.forEachStep(of: i, order: regressors.order, shape, encode: coding.encode) { step in
            guard let y = step.element, isWanted(step.inputs.time) else { return }
            let listed = regressors.write(
              step.inputs, past: step.past, coding, indices: room.indices, values: room.values)
            coding.elements.standardise(y, into: z)
            try system.add { row in
              for entry in 0..<listed { row[Int(room.indices[entry])] = room.values[entry] }
              (row + regressors.count).update(from: z + components.lowerBound, count: components.count)
            }
          }
        }
      }
    }.get()
    return system
  }

  /// The sum of cross-products divided by the number of rows; of no rows that of standardised data.
  private func covariance(_ solutions: [Solution?]) -> [Double] {
    let solutions = solutions.compactMap(\.self)
    let rows = solutions.reduce(0) { $0 + $1.rows }
    let isFull = emission == .fullGaussian
    return (0..<(isFull ? width * width : width)).map { index in
      if rows == 0 { return !isFull || index % (width + 1) == 0 ? 1 : 0 }
      return solutions.reduce(0) { $0 + $1.residuals[index] } / Double(rows)
    }
  }

  /// The outputs that give the covariance.
  private func constants(_ covariance: [Double]) throws -> [Double] {
    switch emission {
    case .diagonalGaussian: return covariance.map { Deviation.output(for: max($0, 0).squareRoot()) }
    case .fullGaussian:
      let outputs = try FullGaussianEmission.outputs(
        means: Array(repeating: 0, count: width), covariance: raised(covariance))
      return Array(outputs[width...])
    default: return []
    }
  }

  /// L Lᵀ of the covariance's Cholesky factor L, whose diagonal is raised to the emissions' floor of deviations: a
  /// smaller one would be that of numbers on a lattice, or of too few rows.
  private func raised(_ covariance: [Double]) -> [Double] {
    let d = width
    var l = [Double](repeating: 0, count: d * d)
    for i in 0..<d {
      for j in 0...i {
        let rest = (0..<j).reduce(covariance[i * d + j]) { $0 - l[i * d + $1] * l[j * d + $1] }
        l[i * d + j] = i == j ? max(max(rest, 0).squareRoot(), Deviation.floor) : rest / l[j * d + j]
      }
    }
    return (0..<d * d).map { index in
      (0...min(index / d, index % d)).reduce(0) { $0 + l[index / d * d + $1] * l[index % d * d + $1] }
    }
  }

  /// The components whose deviation given the lower ones is at the floor in some stage, from 0, by the outputs that
  /// give the deviations.
  static func componentsAtFloor(_ stages: [SharedRegression], _ emission: AutoregressiveEmission, width: Int) -> [Int] {
    guard emission == .diagonalGaussian || emission == .fullGaussian else { return [] }
    // Within a thousandth of the floor; rounding leaves far less.
    let limit = Deviation.output(for: 1.001 * Deviation.floor)
    return (0..<width).filter { component in stages.contains { $0.constants[component] <= limit } }
  }
}
