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

  /// The regressions of some stages: the first ones of one step each, the last one of all steps that follow. A stage of
  /// the first steps has a covariance of its own where there are at least 2 (d + f) sequences for its d components and
  /// f regressors, else that of the last one. O(elements · (f + d)²).
  /// - Throws: `GSLError` where the numbers are too large for least squares.
  func fit(_ set: VectorSequences, _ stages: [Regressors]) throws -> [SharedRegression] {
    let systems = try stages.indices.map { try solution(set, stages, stage: $0) }
    let (solutions, counts) = (systems.map(\.solution), systems.map(\.rows))
    let last = stages.count - 1
    // Where no sequence is longer than k, what there is.
    let isLastEnough = counts[last] >= 2 * (width + 1)
    let pooled = covariance(
      isLastEnough ? [solutions[last].residuals] : solutions.map(\.residuals),
      count: isLastEnough ? counts[last] : counts.reduce(0, +))
    return try stages.indices.map { stage in
      let hasOwn = stage < last && counts[stage] >= 2 * (width + stages[stage].count)
      let covariance = hasOwn ? covariance([solutions[stage].residuals], count: counts[stage]) : pooled
      return SharedRegression(
        regressors: stages[stage], weights: solutions[stage].coefficients, constants: try constants(covariance))
    }
  }

  /// Least squares over the rows of a stage.
  private func solution(
    _ set: VectorSequences, _ stages: [Regressors], stage: Int
  ) throws -> (solution: (coefficients: [Double], residuals: [Double]), rows: Int) {
    let (regressors, last) = (stages[stage], stages.count - 1)
    var system = LeastSquares(features: regressors.count, targets: width)
    try RegressorRoom.with(regressors.count, numbers: width) { room, z in
      Result {
        for i in 0..<set.count where set.length(i) > stage {
          try set.forEachStep(of: i, order: regressors.order, shape, encode: coding.encode) { step in
            guard let y = step.element, min(step.inputs.time, last) == stage else { return }
            let listed = regressors.write(
              step.inputs, past: step.past, coding, indices: room.indices, values: room.values)
            coding.elements.standardise(y, into: z)
            try system.add { row in
              for entry in 0..<listed { row[Int(room.indices[entry])] = room.values[entry] }
              (row + regressors.count).update(from: z, count: width)
            }
          }
        }
      }
    }.get()
    return (try system.solution(ridge: ridge), system.count)
  }

  /// The sum of cross-products divided by the number of rows; of no rows that of standardised data.
  private func covariance(_ products: [[Double]], count: Int) -> [Double] {
    (0..<width * width).map { index in
      if count == 0 { return index % (width + 1) == 0 ? 1 : 0 }
      return products.reduce(0) { $0 + $1[index] } / Double(count)
    }
  }

  /// The outputs that give the covariance.
  private func constants(_ covariance: [Double]) throws -> [Double] {
    switch emission {
    case .diagonalGaussian:
      let variances = (0..<width).map { max(covariance[$0 * (width + 1)], Self.varianceFloor) }
      let diagonal = (0..<width * width).map { $0 % (width + 1) == 0 ? variances[$0 / width] : 0 }
      // The deviations are the first numbers of a factor, as they are the last outputs.
      let outputs = try FullGaussianEmission.outputs(
        means: Array(repeating: 0, count: width), covariance: diagonal)
      return Array(outputs[width..<2 * width])
    case .fullGaussian:
      let outputs = try FullGaussianEmission.outputs(
        means: Array(repeating: 0, count: width), covariance: raised(covariance))
      return Array(outputs[width...])
    default: return []
    }
  }

  /// The smallest variance of a component given the lower ones, in units of the column's own variance; of a column that
  /// does not vary, in its own units squared. A smaller one would be that of numbers on a lattice, or of too few rows.
  static let varianceFloor = 1e-6

  /// L Lᵀ of the covariance's Cholesky factor L, whose diagonal is raised to the floor.
  private func raised(_ covariance: [Double]) -> [Double] {
    let d = width
    var l = [Double](repeating: 0, count: d * d)
    for i in 0..<d {
      for j in 0...i {
        let rest = (0..<j).reduce(covariance[i * d + j]) { $0 - l[i * d + $1] * l[j * d + $1] }
        l[i * d + j] = i == j ? max(rest, Self.varianceFloor).squareRoot() : rest / l[j * d + j]
      }
    }
    return (0..<d * d).map { index in
      (0...min(index / d, index % d)).reduce(0) { $0 + l[index / d * d + $1] * l[index % d * d + $1] }
    }
  }

  /// The components whose variance in some stage is at the floor, from 0, by the outputs that give the variances.
  static func componentsAtFloor(_ stages: [SharedRegression], _ emission: AutoregressiveEmission, width: Int) -> [Int] {
    guard emission == .diagonalGaussian || emission == .fullGaussian else { return [] }
    // A deviation's logarithm but for the emission's own floor of 10⁻⁴.
    let limit = log(varianceFloor.squareRoot() * (1 + 1e-9) - 1e-4)
    return (0..<width).filter { component in stages.contains { $0.constants[component] <= limit } }
  }
}
