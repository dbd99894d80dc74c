import Emissions
import ModelCore

/// A regression that steps share: weights of the regressors, and the outputs of the emission that are the same at all
/// steps.
struct SharedRegression: Sendable, Hashable {
  let regressors: Regressors
  /// Θ, f × d: a row for each regressor.
  var weights: [Double]
  /// The outputs beyond the first d, such as those of variances.
  var constants: [Double]
}

/// Regressions on the last k elements: the first outputs, d or as many as there are levels, are Θ φ(t).
struct RegressionPredictor: StepPredictor {
  let shape: OutputShape
  let order: Int
  let coding: RegressorCoding
  /// One for all steps; or one for each of the first k steps, which look at all elements before, and one for those that
  /// follow.
  let stages: [SharedRegression]
  /// The regressors of the stop decision, which steps share in any case, with their weights; `nil` where the length is
  /// given.
  let stop: (regressors: Regressors, weights: [Double])?
  /// The ridge of the elements' regressions and of the stop decision's.
  let ridges: (elements: Double, stop: Double)
  /// The first steps, from 0, that have shared weights for want of sequences.
  let sharing: [Int]
  /// What a person should know of the fit.
  let notes: [String]

  var mostRegressors: Int { Regressors(shape, order: order, indicators: order).count }

  var storedParameters: Int {
    stages.reduce(stop?.weights.count ?? 0) { $0 + $1.weights.count + $1.constants.count }
  }

  func encode(_ y: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>) { coding.encode(y, into: z) }

  func predict(
    _ inputs: StepInputs, past: UnsafePointer<Double>, _ room: RegressorRoom, outputs: UnsafeMutablePointer<Double>?
  ) -> Double {
    let stage = min(inputs.time, stages.count - 1)
    var listed = 0
    if let outputs {
      listed = list(stages[stage].regressors, inputs, past, room)
      let width = shape.encodedWidth
      outputs.update(repeating: 0, count: width)
      stages[stage].weights.withUnsafeBufferPointer { weights in
        for entry in 0..<listed {
          let (start, value) = (Int(room.indices[entry]) * width, room.values[entry])
          for component in 0..<width { outputs[component] += value * weights[start + component] }
        }
      }
      for (index, constant) in stages[stage].constants.enumerated() { outputs[width + index] = constant }
    }
    guard let stop else { return 0 }
    // The regressors of a regression that all steps share are those of the stop decision.
    if outputs == nil || stages.count > 1 { listed = list(stop.regressors, inputs, past, room) }
    return (0..<listed).reduce(0) { $0 + room.values[$1] * stop.weights[Int(room.indices[$1])] }
  }

  private func list(
    _ regressors: Regressors, _ inputs: StepInputs, _ past: UnsafePointer<Double>, _ room: RegressorRoom
  ) -> Int {
    regressors.write(inputs, past: past, coding, indices: room.indices, values: room.values)
  }
}
