import ModelCore
import Sequences

/// Lanes of a recurrent network. Two places for the states take turns; nothing is allocated after the beginning.
package final class RecurrentLanes<Scalar: RecurrentScalar>: WalkLanes {
  private let step: RecurrentStep<Scalar>
  private let layout: RecurrentLayout
  /// layers × carried × lanes × h: what is carried, and what the next step makes of it.
  private var states: UnsafeMutablePointer<Scalar>
  private var next: UnsafeMutablePointer<Scalar>
  private let workspace: UnsafeMutablePointer<Scalar>
  /// lanes × m.
  private let logits: UnsafeMutablePointer<Scalar>
  private let memory: UnsafeMutablePointer<Scalar>
  /// lanes × m, then a sum for each lane.
  private let weights: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>
  /// lanes × f.
  private let features: UnsafeMutablePointer<Float>
  private let symbols: UnsafeMutablePointer<Int32>

  init(_ network: InferenceNetwork<Scalar>, count: Int) {
    layout = network.layout
    step = RecurrentStep(network: network, stride: count)
    let size = count * layout.stateSize
    memory = .allocate(
      capacity: 2 * size + RecurrentStep<Scalar>.workspace(layout, rows: count) + count * layout.outputs)
    states = memory
    next = memory + size
    logits = memory + 2 * size
    workspace = logits + count * layout.outputs
    weights = .allocate(capacity: count * (layout.outputs + 1))
    sums = weights + count * layout.outputs
    features = .allocate(capacity: count * layout.features + 1)
    symbols = .allocate(capacity: count)
  }

  deinit {
    memory.deallocate()
    weights.deallocate()
    features.deallocate()
    symbols.deallocate()
  }

  package func start(_ lane: Int, _ inputs: StepInputs) {
    let h = layout.units
    for part in 0..<layout.layers * layout.carried { clear(states + (part * step.stride + lane) * h, h) }
    set(lane, -1, inputs)
  }

  package func set(_ lane: Int, past element: Symbol, _ inputs: StepInputs) { set(lane, Int32(element), inputs) }

  private func set(_ lane: Int, _ symbol: Int32, _ inputs: StepInputs) {
    symbols[lane] = symbol
    if layout.features > 0 { layout.writeFeatures(inputs, to: features + lane * layout.features) }
  }

  package func advance(_ count: Int) {
    step.advance(
      rows: count, states, into: next, symbols: symbols, features: features, workspace: workspace, logits: logits)
    (states, next) = (next, states)
    Scalar.weights(
      rows: count, columns: layout.outputs, outcomes: layout.shape.outcomes, elements: layout.shape.alphabetSize,
      logits: logits, into: weights, sums: sums)
  }

  package func weights(_ lane: Int) -> OutcomeWeights {
    let row = weights + lane * layout.outputs
    return OutcomeWeights(
      outcomes: UnsafePointer(row), elements: sums[lane],
      stopLogit: layout.shape.stop == .variable ? row[layout.shape.outcomes] : 0)
  }

  package func predict(_ lane: Int, into prediction: inout Prediction) {
    prediction.set(logits + lane * layout.outputs, layout)
  }

  package func move(_ lane: Int, to target: Int) {
    let h = layout.units
    for part in 0..<layout.layers * layout.carried {
      (states + (part * step.stride + target) * h).update(from: states + (part * step.stride + lane) * h, count: h)
    }
    symbols[target] = symbols[lane]
    (features + target * layout.features).update(from: features + lane * layout.features, count: layout.features)
  }
}

extension RecurrentConditional: LockstepConditional {
  package func lanes(_ count: Int) -> RecurrentLanes<Scalar> { RecurrentLanes(network.walking, count: count) }
}
