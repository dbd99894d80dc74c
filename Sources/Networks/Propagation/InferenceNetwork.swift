import Synchronization

/// A network's weights as its walks want them: all numbers as they are, and W, U of the further layers and V packed, so
/// that h(t) of a row is the same to the bit however many rows go forward with it. Immutable.
final class InferenceNetwork<Scalar: RecurrentScalar>: @unchecked Sendable {
  let layout: RecurrentLayout
  let cell: any RecurrentCell.Type
  /// V.
  let output: WeightMatrix<Scalar>
  /// W of each layer, in the cell's parts.
  let recurrent: [[WeightMatrix<Scalar>]]
  /// U of each layer but the first.
  let below: [WeightMatrix<Scalar>]
  let parameters: UnsafePointer<Scalar>
  private let memory = Buffer<Scalar>()
  private let weights: PackedWeights<Scalar>

  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, _ parameters: [Scalar]) {
    self.layout = layout
    self.cell = cell
    let base = memory.room(for: parameters.count)
    parameters.withUnsafeBufferPointer { if let source = $0.baseAddress { base.update(from: source, count: $0.count) } }
    self.parameters = UnsafePointer(base)
    weights = PackedWeights(layout, cell, goesBackwards: false)
    weights.load(base)
    guard let output = weights.output else { preconditionFailure("weights are there once they are loaded") }
    self.output = output
    recurrent = weights.recurrent
    below = weights.input
  }
}

/// A network that is packed when it is first wanted, by whichever thread: training makes many that never are.
final class LazyWalkingNetwork<Scalar: RecurrentScalar>: Sendable {
  private let storage = AtomicLazyReference<InferenceNetwork<Scalar>>()

  func get(_ make: () -> InferenceNetwork<Scalar>) -> InferenceNetwork<Scalar> {
    storage.load() ?? storage.storeIfNil(make())
  }
}
