import ModelCore

/// What an autoregressive process computes at each step of the last k elements: the outputs that an emission makes a
/// distribution of, and the logit of the stop decision.
protocol StepPredictor: Sendable {
  /// k.
  var order: Int { get }
  /// The most regressors of a step that are not 0.
  var mostRegressors: Int { get }
  /// The numbers stored.
  var storedParameters: Int { get }
  /// What a person should know of the fit.
  var notes: [String] { get }

  /// What is remembered of an element: as many numbers as it has.
  func encode(_ y: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>)

  /// The outputs of a step, and the logit of its stop decision (0 where the length is given).
  /// - Parameters:
  ///   - past: k encoded elements, the last one first; zeros where there are none.
  ///   - outputs: room for the emission's outputs; `nil` where the stop decision alone is wanted.
  func predict(
    _ inputs: StepInputs, past: UnsafePointer<Double>, _ room: RegressorRoom, outputs: UnsafeMutablePointer<Double>?
  ) -> Double

  /// Whether it can have been fitted to a set of which so much is known.
  func agrees(with facts: TrainingFacts) -> Bool

  /// Adds everything that the family reads.
  func write(to file: inout TensorFile)
}

extension StepPredictor {
  /// By default nothing is known of the set.
  func agrees(with facts: TrainingFacts) -> Bool { true }
}

/// Room for the regressors of a step that are not 0.
struct RegressorRoom {
  let indices: UnsafeMutablePointer<Int32>
  let values: UnsafeMutablePointer<Double>

  /// Lends room for so many regressors and for `numbers` more.
  static func with<Result>(
    _ regressors: Int, numbers: Int, _ body: (RegressorRoom, UnsafeMutablePointer<Double>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: regressors + 1) { indices in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: regressors + numbers + 1) { values in
        guard let indices = indices.baseAddress, let values = values.baseAddress else {
          preconditionFailure("no memory for a step")
        }
        return body(RegressorRoom(indices: indices, values: values), values + regressors + 1)
      }
    }
  }
}
