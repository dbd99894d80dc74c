import Emissions
import Foundation
import ModelCore
import Sequences
import Support

/// A recurrent network as a process of vectors: h(t) remembers the past, and an emission makes a distribution of outputs of
/// h(t).
package struct RecurrentVectorProcess<Scalar: RecurrentScalar>: BatchedVectorProcess {
  package typealias Distribution = EmissionDistribution

  package let network: RecurrentNetwork<Scalar>
  /// The emission with its weights in double precision.
  package let fitted: FittedEmission
  private let coding: VectorCoding

  package init(_ network: RecurrentNetwork<Scalar>) {
    let layout = network.layout
    guard let emission = layout.emission, let coding = layout.coding else {
      preconditionFailure("a network of vectors has an emission and its coding")
    }
    self.network = network
    self.coding = coding
    fitted = FittedEmission(
      emission, weights: network.parameters[layout.emissionWeights...].map { Double($0) }, coding.elements)
  }

  package var shape: OutputShape { network.layout.shape }
  package var roundingError: Double { Double(Scalar.ulpOfOne) }
  package var storedParameters: Int { network.layout.count }
  package var notes: [String] { fitted.emission.remark.map { [$0] } ?? [] }

  package func refusal(_ truncation: Truncation) -> String? { fitted.refusal(truncation, shape) }

  /// What is carried, and what it says of the next step.
  package struct State: Sendable {
    var carried: [Scalar]
    var distribution: EmissionDistribution
  }

  package func start(_ inputs: StepInputs) -> State {
    var state = State(
      carried: Array(repeating: 0, count: network.layout.stateSize), distribution: EmissionDistribution(shape))
    state.distribution.fitted = fitted
    state.distribution.past = Array(repeating: 0, count: fitted.emission.pastFrames * shape.vectorWidth)
    state.distribution.outputs = Array(repeating: 0, count: network.layout.elementOutputs)
    step(&state, past: nil, inputs)
    return state
  }

  package func advance(_ state: inout State, past element: [Double], _ inputs: StepInputs) {
    if !state.distribution.past.isEmpty {
      var coded = element
      coding.elements.standardise(element, into: &coded)
      state.distribution.past.removeLast(element.count)
      state.distribution.past.insert(contentsOf: coded, at: 0)
    }
    step(&state, past: element, inputs)
  }

  package func predict(_ state: State, _ inputs: StepInputs, into distribution: inout EmissionDistribution) {
    distribution = state.distribution
  }

  package func logProbability(of element: [Double], _ state: State, _ inputs: StepInputs) -> Double {
    state.distribution.logDensity(of: element)
  }

  package func logStop(_ state: State, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    (state.distribution.logStop, state.distribution.logContinue)
  }

  /// The two shares of each sequence's negative log-likelihood, many sequences side by side.
  package func scores(of set: VectorSequences, threads: Int) -> [SequenceScore] {
    network.scores(of: set, threads: threads)
  }

  private func step(_ state: inout State, past element: [Double]?, _ inputs: StepInputs) {
    let layout = network.layout
    let size = layout.stateSize
    let workspace = RecurrentStep<Scalar>.workspace(layout, rows: 1)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: layout.features + 1) { features in
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: size + layout.outputs + workspace) { memory in
        guard let features = features.baseAddress, let next = memory.baseAddress else { return }
        let logits = next + size
        layout.writeFeatures(inputs, to: features)
        layout.writeVectorFeatures(element, to: features)
        withUnsafePointer(to: Int32(-1)) { symbol in
          state.carried.withUnsafeMutableBufferPointer { carried in
            guard let carried = carried.baseAddress else { return }
            RecurrentStep(network: network.walking, stride: 1).advance(
              rows: 1, carried, into: next, symbols: symbol, features: features, workspace: logits + layout.outputs,
              logits: logits)
            carried.update(from: next, count: size)
          }
        }
        for index in 0..<layout.elementOutputs { state.distribution.outputs[index] = Double(logits[index]) }
        if let stop = layout.stopColumn {
          (state.distribution.logStop, state.distribution.logContinue) = logStopDecision(logit: Double(logits[stop]))
        }
      }
    }
  }
}

extension RecurrentLayout {
  /// Writes the features of vectors, behind the others.
  /// - Parameter element: the element before; `nil` at the first step.
  func writeVectorFeatures(_ element: [Double]?, to features: UnsafeMutablePointer<Float>) {
    let target = features + self.features - vectorRows
    guard let element else {
      target.update(repeating: 0, count: vectorRows)
      target[0] = 1
      return
    }
    target[0] = 0
    if architecture.hasFeedback {
      element.withUnsafeBufferPointer { if let base = $0.baseAddress { coding?.writeInput(base, to: target + 1) } }
    }
  }
}
