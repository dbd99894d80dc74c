import Foundation
import Probability
import Sequences

/// A recurrent network as a conditional: h(t) remembers the past, softmax and (for halting) sigmoid outputs of h(t)
/// give the step's distribution. In single precision as trained, in double for checks.
package struct RecurrentConditional<Scalar: RecurrentScalar>: Conditional {
  package let layout: RecurrentLayout
  package let cell: any RecurrentCell.Type
  package var parameters: [Scalar]

  package var shape: OutputShape { layout.shape }

  package init(layout: RecurrentLayout, cell: any RecurrentCell.Type, parameters: [Scalar]) {
    precondition(parameters.count == layout.count)
    GSL.start()  // keeps OpenBLAS at one thread
    self.layout = layout
    self.cell = cell
    self.parameters = parameters
  }

  /// Weights drawn uniformly from ±1/√h, biases zero.
  package init(layout: RecurrentLayout, cell: any RecurrentCell.Type, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "weights")
    let bound = 1 / Double(layout.units).squareRoot()
    var parameters = (0..<layout.count).map { _ in Scalar((2 * stream.uniform() - 1) * bound) }
    for bias in layout.parts where bias.name == "b" || bias.name == "c" {
      for index in bias.range { parameters[index] = 0 }
    }
    self.init(layout: layout, cell: cell, parameters: parameters)
  }

  /// h(t), and what it says of the next step.
  package struct State: Sendable {
    var hidden: [Scalar]
    var prediction: Prediction
  }

  package func start(_ inputs: StepInputs) -> State {
    var state = State(hidden: Array(repeating: 0, count: layout.units), prediction: Prediction(shape))
    step(&state, symbol: nil, inputs)
    return state
  }

  package func advance(_ state: inout State, past element: Symbol, _ inputs: StepInputs) {
    step(&state, symbol: element, inputs)
  }

  package func predict(_ state: State, _ inputs: StepInputs, into prediction: inout Prediction) {
    prediction = state.prediction
  }

  package func logProbability(of outcome: Symbol, _ state: State, _ inputs: StepInputs) -> Double {
    state.prediction.logProbabilities[outcome]
  }

  package func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, goOn: Double) {
    (state.prediction.logStop, state.prediction.logGoOn)
  }

  package var storedParameters: Int { layout.count }
  package var notes: [String] { [] }

  /// One step for one sequence.
  private func step(_ state: inout State, symbol: Symbol?, _ inputs: StepInputs) {
    let (h, g, m) = (layout.units, layout.gateRows, layout.outputs)
    parameters.withUnsafeBufferPointer { parameters in
      guard let w = parameters.baseAddress else { return }
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * g + 2 * h + m) { memory in
        guard let gates = memory.baseAddress else { return }
        let (scratch, auxiliary) = (gates + g, gates + 2 * g)
        let (next, logits) = (gates + 2 * g + h, gates + 2 * g + 2 * h)
        gates.update(from: w + layout.gateBias, count: g)
        if let symbol { Scalar.add(g, w + layout.inputWeights + symbol * g, to: gates) }
        if layout.shape.hasLengthInput {
          LengthFeatures.forEach(of: inputs.length ?? 0) { knot, share in
            Scalar.add(g, Scalar(share), times: w + layout.lengthWeights + knot * g, to: gates)
          }
        }
        state.hidden.withUnsafeMutableBufferPointer { hidden in
          guard let previous = hidden.baseAddress else { return }
          cell.forward(
            CellStep(
              rows: 1, units: h, weights: w + layout.recurrentWeights, gates: gates, auxiliary: auxiliary,
              scratch: scratch, previous: previous, previousIsZero: symbol == nil, state: next))
          previous.update(from: next, count: h)
        }
        logits.update(from: w + layout.outputBias, count: m)
        Scalar.multiply(
          rows: 1, columns: m, inner: h, next, strideA: h, transposedA: false, w + layout.outputWeights, strideB: h,
          transposedB: true, beta: 1, logits, strideC: m)
        state.prediction.set(UnsafeBufferPointer(start: logits, count: m), layout)
      }
    }
  }
}

extension Prediction {
  /// From logits: a softmax over the outcomes, and a sigmoid of the last logit where it is the stop variable's.
  fileprivate mutating func set<Scalar: RecurrentScalar>(
    _ logits: UnsafeBufferPointer<Scalar>, _ layout: RecurrentLayout
  ) {
    let outcomes = layout.shape.outcomes
    let largest = Double(logits[..<outcomes].max() ?? 0)
    var sum = 0.0
    for outcome in 0..<outcomes { sum += exp(Double(logits[outcome]) - largest) }
    let normaliser = largest + log(sum)
    for outcome in 0..<outcomes { logProbabilities[outcome] = Double(logits[outcome]) - normaliser }
    switch layout.shape.stop {
    case .given: break
    case .outcome:
      // From the other outcomes themselves: 1 − s would lose what is small.
      let others = logProbabilities.dropLast()
      let largest = others.max() ?? 0
      logStop = logProbabilities[outcomes - 1]
      logGoOn = min(largest + log(others.reduce(0) { $0 + exp($1 - largest) }), 0)
    case .variable:
      let logit = Double(logits[outcomes])
      logStop = -softplus(-logit)
      logGoOn = -softplus(logit)
    }
  }
}
