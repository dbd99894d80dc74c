import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// A recurrent network as a conditional: h(t) remembers the past, softmax and (for halting) sigmoid outputs of h(t)
/// give the step's distribution.
package struct RecurrentConditional<Scalar: RecurrentScalar>: Conditional {
  package let network: RecurrentNetwork<Scalar>

  package var layout: RecurrentLayout { network.layout }
  package var cell: any RecurrentCell.Type { network.cell }
  package var shape: OutputShape { network.layout.shape }
  package var parameters: [Scalar] { network.parameters }
  package var roundingError: Double { Double(Scalar.ulpOfOne) }

  package init(_ network: RecurrentNetwork<Scalar>) { self.network = network }

  package init(layout: RecurrentLayout, cell: any RecurrentCell.Type, parameters: [Scalar]) {
    self.init(RecurrentNetwork(layout: layout, cell: cell, parameters: parameters))
  }

  package init(layout: RecurrentLayout, cell: any RecurrentCell.Type, seed: UInt64) {
    self.init(RecurrentNetwork(layout: layout, cell: cell, seed: seed))
  }

  /// What is carried, and what it says of the next step.
  package struct State: Sendable {
    var carried: [Scalar]
    var prediction: Prediction
  }

  package func start(_ inputs: StepInputs) -> State {
    var state = State(carried: Array(repeating: 0, count: layout.stateSize), prediction: Prediction(shape))
    step(&state, symbol: -1, inputs)
    return state
  }

  package func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    step(&state, symbol: Int32(element), inputs)
  }

  package func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    prediction = state.prediction
  }

  package func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    state.prediction.logProbabilities[outcome]
  }

  package func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    (state.prediction.logStop, state.prediction.logContinue)
  }

  package var storedParameters: Int { layout.count }
  package var notes: [String] { [] }

  private func step(_ state: inout State, symbol: Int32, _ inputs: StepInputs) {
    let size = layout.stateSize
    let workspace = RecurrentStep<Scalar>.workspace(layout, rows: 1)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: layout.features + 1) { features in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: size + layout.outputs + workspace) { memory in
        guard let features = features.baseAddress, let next = memory.baseAddress else { return }
        let logits = next + size
        if layout.features > 0 { layout.writeFeatures(inputs, to: features) }
        withUnsafePointer(to: symbol) { symbol in
          state.carried.withUnsafeMutableBufferPointer { carried in
            guard let carried = carried.baseAddress else { return }
            RecurrentStep(network: network.walking, stride: 1).advance(
              rows: 1, carried, into: next, symbols: symbol, features: features, workspace: logits + layout.outputs,
              logits: logits)
            carried.update(from: next, count: size)
          }
        }
        state.prediction.set(logits, layout)
      }
    }
  }
}

extension Prediction {
  /// From m logits: a softmax over the outcomes, and a sigmoid of the last logit where it is the stop variable's.
  mutating func set<Scalar: RecurrentScalar>(_ logits: UnsafePointer<Scalar>, _ layout: RecurrentLayout) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: layout.outputs) { numbers in
      guard let base = numbers.baseAddress else { return }
      Scalar.doubles(layout.outputs, logits, into: base)
      set(UnsafeBufferPointer(numbers), layout.shape)
    }
  }

  private mutating func set(_ logits: UnsafeBufferPointer<Double>, _ shape: OutputShape) {
    let outcomes = shape.outcomes
    let largest = logits[..<outcomes].max() ?? 0
    var sum = 0.0
    for outcome in 0..<outcomes { sum += exp(logits[outcome] - largest) }
    let normaliser = log(sum)
    // The differences first: beside a logit of 10^20 the normaliser would be lost in rounding.
    for outcome in 0..<outcomes { logProbabilities[outcome] = (logits[outcome] - largest) - normaliser }
    switch shape.stop {
    case .given: break
    case .outcome:
      // From the other outcomes themselves: 1 − s would lose what is small.
      let others = logits[..<shape.alphabetSize]
      let largestOther = others.max() ?? 0
      logStop = logProbabilities[outcomes - 1]
      logContinue = min(
        (largestOther - largest) - normaliser + log(others.reduce(0) { $0 + exp($1 - largestOther) }), 0)
    case .variable:
      (logStop, logContinue) = logStopDecision(logit: logits[outcomes])
    }
  }
}
