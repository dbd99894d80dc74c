import Emissions
import Foundation
import Support

/// The densities of a batch's elements, and the gradients of their logarithms, by the emission: a row at a time, in double
/// precision. The buffers of one worker.
final class EmissionPass<Scalar: RecurrentScalar> {
  typealias Pointer = UnsafeMutablePointer<Scalar>

  private let layout: RecurrentLayout
  private let emission: any Emission
  /// From standardised to original units.
  private let logScale: Double
  private let weights: UnsafeMutablePointer<Double>
  private let weightGradient: UnsafeMutablePointer<Double>
  private let outputs: UnsafeMutablePointer<Double>
  private let gradient: UnsafeMutablePointer<Double>

  init(_ layout: RecurrentLayout, _ emission: any Emission) {
    self.layout = layout
    self.emission = emission
    logScale = layout.coding?.elements.logScale ?? 0
    weights = .allocate(capacity: layout.emissionWeightCount + 1)
    weightGradient = .allocate(capacity: layout.emissionWeightCount + 1)
    outputs = .allocate(capacity: layout.elementOutputs + 1)
    gradient = .allocate(capacity: layout.elementOutputs + 1)
  }

  deinit {
    weights.deallocate()
    weightGradient.deallocate()
    outputs.deallocate()
    gradient.deallocate()
  }

  /// Prepares for parameters that have changed.
  func load(_ parameters: UnsafePointer<Scalar>) {
    Scalar.doubles(layout.emissionWeightCount, parameters + layout.emissionWeights, into: weights)
  }

  /// log p of each row's element, and log s and log(1 − s) of its stop decision, in nats.
  func logProbabilities(_ batch: PackedBatch, _ logits: UnsafePointer<Scalar>, _ result: inout RowLogProbabilities) {
    forEachRow(batch, logits) { row, y, step in
      result.target[row] = y.map { emission.logDensity(of: $0, step) - logScale } ?? 0
      if let stop = layout.stopColumn {
        (result.stop[row], result.continuing[row]) = logStopDecision(
          logit: Double(logits[row * layout.outputs + stop]))
      }
    }
  }

  /// Replaces the logits by the gradient of the negative log-likelihood, adds that by the emission's weights, and returns the
  /// log-likelihood in nats.
  /// - Parameter isCounted: the rows whose loss counts; `nil` for all.
  func lossGradient(
    _ batch: PackedBatch, _ logits: Pointer, addingTo gradient: Pointer, isCounted: ((_ row: Int) -> Bool)?
  ) -> Double {
    weightGradient.update(repeating: 0, count: layout.emissionWeightCount)
    var total = 0.0
    forEachRow(batch, logits) { row, y, step in
      let target = logits + row * layout.outputs
      if let isCounted, !isCounted(row) {
        clear(target, layout.outputs)
        return
      }
      if let stop = layout.stopColumn {
        let logit = Double(target[stop])
        total -= y == nil ? softplus(-logit) : softplus(logit)
        target[stop] = Scalar(1 / (1 + exp(-logit)) - (y == nil ? 1 : 0))
      }
      guard let y else { return clear(target, layout.elementOutputs) }
      total += emission.logDensity(of: y, step, outputs: self.gradient, addingTo: weightGradient) - logScale
      for index in 0..<layout.elementOutputs { target[index] = Scalar(self.gradient[index]) }
    }
    for index in 0..<layout.emissionWeightCount {
      gradient[layout.emissionWeights + index] += Scalar(weightGradient[index])
    }
    return total
  }

  /// Each row's element, `nil` at an end, and what its distribution is made of.
  private func forEachRow(
    _ batch: PackedBatch, _ logits: UnsafePointer<Scalar>,
    _ body: (_ row: Int, _ y: UnsafePointer<Double>?, EmissionStep) -> Void
  ) {
    let (width, frames) = (layout.shape.vectorWidth, emission.pastFrames)
    batch.elements.withUnsafeBufferPointer { elements in
      batch.past.withUnsafeBufferPointer { past in
        guard let elements = elements.baseAddress else { return }
        for row in 0..<batch.rows {
          let isEnd = batch.targets[row] < 0
          if !isEnd { Scalar.doubles(layout.elementOutputs, logits + row * layout.outputs, into: outputs) }
          body(
            row, isEnd ? nil : elements + row * width,
            EmissionStep(
              width: width, outputs: outputs, weights: weights,
              past: past.baseAddress.map { $0 + row * frames * width } ?? UnsafePointer(outputs)))
        }
      }
    }
  }
}
