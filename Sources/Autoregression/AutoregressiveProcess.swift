import Emissions
import Foundation
import ModelCore
import Sequences
import Support

/// A process of vectors that looks at the last k elements: an emission makes the distribution of a step of what a
/// predictor computes of them.
struct AutoregressiveProcess<Predictor: StepPredictor>: BatchedVectorProcess {
  typealias Distribution = EmissionDistribution

  let shape: OutputShape
  let predictor: Predictor
  /// The emission with its weights.
  let fitted: FittedEmission
  private let outputs: Int

  init(_ shape: OutputShape, _ predictor: Predictor, _ fitted: FittedEmission) {
    (self.shape, self.predictor, self.fitted) = (shape, predictor, fitted)
    outputs = fitted.emission.outputs(width: shape.vectorWidth)
  }

  var storedParameters: Int { predictor.storedParameters + fitted.weights.count }
  var notes: [String] { (fitted.emission.remark.map { [$0] } ?? []) + predictor.notes }

  func refusal(_ truncation: Truncation) -> String? { fitted.refusal(truncation, shape) }

  /// The last k elements, encoded, the last one first; zeros where there are none.
  struct State: Sendable {
    var past: [Double]
  }

  func start(_ inputs: StepInputs) -> State {
    State(past: Array(repeating: 0, count: predictor.order * shape.vectorWidth))
  }

  func advance(_ state: inout State, past element: [Double], _ inputs: StepInputs) {
    let (width, count) = (shape.vectorWidth, state.past.count)
    if count == 0 { return }
    state.past.withUnsafeMutableBufferPointer { past in
      element.withUnsafeBufferPointer { element in
        guard let past = past.baseAddress, let element = element.baseAddress else { return }
        for index in stride(from: count - 1, through: width, by: -1) { past[index] = past[index - width] }
        predictor.encode(element, into: past)
      }
    }
  }

  func predict(_ state: State, _ inputs: StepInputs, into distribution: inout EmissionDistribution) {
    distribution.fitted = fitted
    if distribution.outputs.count != outputs { distribution.outputs = Array(repeating: 0, count: outputs) }
    let logit = distribution.outputs.withUnsafeMutableBufferPointer { outputs in
      self.logit(state, inputs, outputs: outputs.baseAddress)
    }
    (distribution.logStop, distribution.logContinue) = stopDecision(logit)
  }

  func logProbability(of element: [Double], _ state: State, _ inputs: StepInputs) -> Double {
    RegressorRoom.with(predictor.mostRegressors, numbers: outputs + shape.vectorWidth) { room, numbers in
      withPast(state) { past in
        element.withUnsafeBufferPointer { element in
          guard let element = element.baseAddress else { return 0 }
          _ = predictor.predict(inputs, past: past, room, outputs: numbers)
          return fitted.withWeights { logDensity(element, numbers, $0, numbers + outputs) }
        }
      }
    }
  }

  func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    stopDecision(shape.stop == .variable ? logit(state, inputs, outputs: nil) : 0)
  }

  /// The two shares of each sequence's negative log-likelihood, without a state for each step. O(steps · (f · d +
  /// emission)).
  func scores(of set: VectorSequences, threads: Int) -> [SequenceScore] {
    parallelMap(set.count, threads: threads) { sequence in
      RegressorRoom.with(predictor.mostRegressors, numbers: outputs + shape.vectorWidth) { room, numbers in
        fitted.withWeights { weights in
          var score = SequenceScore()
          set.forEachStep(of: sequence, order: predictor.order, shape, encode: predictor.encode) { step in
            let outputs = step.element == nil ? nil : numbers
            let logit = predictor.predict(step.inputs, past: step.past, room, outputs: outputs)
            let (stop, continuing) = stopDecision(logit)
            let outcome = step.element.map { logDensity($0, numbers, weights, numbers + self.outputs) }
            score.add(shape.stop, outcome: outcome, stop: stop, continuing: continuing)
          }
          return score
        }
      }
    }
  }

  func agrees(with facts: TrainingFacts) -> Bool { predictor.agrees(with: facts) }

  func write(to file: inout TensorFile) {
    predictor.write(to: &file)
    if !fitted.weights.isEmpty { file.set("emission.weight", fitted.weights, shape: [fitted.weights.count]) }
  }

  private func withPast<Result>(_ state: State, _ body: (UnsafePointer<Double>) -> Result) -> Result {
    state.past.withUnsafeBufferPointer { past in
      if let past = past.baseAddress { return body(past) }
      return withUnsafePointer(to: 0.0, body)
    }
  }

  private func logit(_ state: State, _ inputs: StepInputs, outputs: UnsafeMutablePointer<Double>?) -> Double {
    RegressorRoom.with(predictor.mostRegressors, numbers: 0) { room, _ in
      withPast(state) { predictor.predict(inputs, past: $0, room, outputs: outputs) }
    }
  }

  /// log s and log(1 − s).
  private func stopDecision(_ logit: Double) -> (stop: Double, continuing: Double) {
    shape.stop == .variable ? logStopDecision(logit: logit) : (-.infinity, 0)
  }

  /// log p(y), in original units.
  /// - Parameter z: room for the standardised element.
  private func logDensity(
    _ y: UnsafePointer<Double>, _ outputs: UnsafePointer<Double>, _ weights: UnsafePointer<Double>,
    _ z: UnsafeMutablePointer<Double>
  ) -> Double {
    fitted.standardisation.standardise(y, into: z)
    let step = EmissionStep(width: shape.vectorWidth, outputs: outputs, weights: weights)
    return fitted.emission.logDensity(of: z, step) - fitted.standardisation.logScale
  }
}

extension FittedEmission {
  /// The weights' address; that of any number where there are none.
  fileprivate func withWeights<Result>(_ body: (UnsafePointer<Double>) -> Result) -> Result {
    weights.withUnsafeBufferPointer { weights in
      if let weights = weights.baseAddress { return body(weights) }
      return withUnsafePointer(to: 0.0, body)
    }
  }
}
