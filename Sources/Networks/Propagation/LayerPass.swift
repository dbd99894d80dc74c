/// The buffers of one layer of one worker, and a batch's way through the layer, forwards and backwards.
final class LayerPass<Scalar: RecurrentScalar> {
  typealias Pointer = UnsafeMutablePointer<Scalar>

  private let cell: any RecurrentCell.Type
  private let units: Int
  private let gateRows: Int
  /// rows × h: h(t).
  private let states = Buffer<Scalar>()
  /// rows × g, and rows × h: the cell's.
  private let gateBuffer = Buffer<Scalar>()
  private let auxiliary = Buffer<Scalar>()
  /// alive × h: h and c before the first step, and what comes back to c(t).
  private let initialStates = Buffer<Scalar>()
  private let initialMemory = Buffer<Scalar>()
  private let memoryDerivatives = Buffer<Scalar>()
  /// rows × h: the states that the layer above sees, after dropout.
  private let dropped = Buffer<Scalar>()
  /// rows × h: ∂L/∂h(t).
  private let derivativeBuffer = Buffer<Scalar>()
  /// h(t−1) of all rows, packed for ∂L/∂W.
  private let packedStates = Buffer<Scalar>()
  private var isDropping = false

  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) {
    self.cell = cell
    units = layout.units
    gateRows = layout.gateRows
  }

  /// rows × g: to be filled with the inputs' part before `forward`; ∂L/∂ of it after `backward`.
  var gates: Pointer { gateBuffer.base }
  /// rows × h: to be filled with ∂L/∂h(t) from above before `backward`.
  var derivatives: Pointer { derivativeBuffer.base }
  /// rows × h: what the layer above sees.
  var visible: UnsafePointer<Scalar> { UnsafePointer(isDropping ? dropped.base : states.base) }

  /// Makes room for a batch, and takes what it carries from earlier steps.
  /// - Parameter initial: h, and c for a cell with a memory, of segment i at i × stride; `nil` for zero.
  func begin(_ batch: PackedBatch, initial: UnsafePointer<Scalar>?, stride: Int) {
    let alive = batch.alive[0]
    _ = states.room(for: batch.rows * units)
    _ = gateBuffer.room(for: batch.rows * gateRows)
    _ = auxiliary.room(for: batch.rows * units)
    let hidden = initialStates.room(for: alive * units)
    let memory = initialMemory.room(for: alive * units)
    guard let initial else {
      clear(hidden, alive * units)
      clear(memory, alive * units)
      return
    }
    for row in 0..<alive {
      (hidden + row * units).update(from: initial + row * stride, count: units)
      if cell.hasMemory { (memory + row * units).update(from: initial + row * stride + units, count: units) }
    }
  }

  /// h(t) for the rows of some steps, all earlier ones done.
  func forward(
    _ batch: PackedBatch, _ steps: Range<Int>, _ weights: [WeightMatrix<Scalar>], startsFromZero: Bool,
    dropout: Dropout?
  ) {
    for step in steps {
      cell.forward(self.step(batch, step, weights, startsFromZero: startsFromZero))
    }
    isDropping = dropout != nil
    guard let dropout else { return }
    let rows = batch.rows(of: steps)
    let target = dropped.room(for: batch.rows * units) + rows.lowerBound * units
    dropout.apply(
      rows.count * units, from: rows.lowerBound * units, states.base + rows.lowerBound * units, into: target)
  }

  /// Makes room for ∂L/∂h(t).
  func beginBackward(_ batch: PackedBatch) {
    _ = derivativeBuffer.room(for: batch.rows * units)
    clear(memoryDerivatives.room(for: batch.alive[0] * units), batch.alive[0] * units)
  }

  /// After `derivatives` has been filled with what comes from above: ∂L/∂ of the inputs' part is left in `gates`,
  /// ∂L/∂W added to `gradient`.
  /// - Parameter observe: is shown each step's whole ∂L/∂h(t).
  func backward(
    _ batch: PackedBatch, _ weights: [WeightMatrix<Scalar>], startsFromZero: Bool, dropout: Dropout?,
    addingTo gradient: Pointer, observe: ((_ step: Int, _ derivatives: UnsafePointer<Scalar>) -> Void)? = nil
  ) {
    dropout?.apply(batch.rows * units, from: 0, derivatives, into: derivatives)
    for step in batch.alive.indices.reversed() {
      let d = derivatives + batch.rowStart[step] * units
      observe?(step, d)
      // ∂L/∂h(t−1) has two parts: from step t, and from the outputs of its own step.        (10.20, 10.21)
      cell.backward(
        self.step(batch, step, weights, startsFromZero: startsFromZero),
        CellDerivatives(
          state: d, earlier: step > 0 ? derivatives + batch.rowStart[step - 1] * units : nil,
          memory: memoryDerivatives.base))
    }
    // The rows whose h(t−1) is zero add nothing to ∂L/∂W.
    let first = startsFromZero ? batch.alive[0] : 0
    guard batch.rows > first else { return }
    let rows = batch.rows - first
    let packed = packedStates.room(for: Scalar.packedCount(inner: rows, columns: units))
    packPreviousStates(batch, from: startsFromZero ? 1 : 0, into: packed)
    cell.addWeightGradient(
      rows: rows, units: units, gates: gates + first * gateRows, auxiliary: auxiliary.base + first * units,
      previous: packed, to: gradient)
  }

  /// Packs h(t−1) of the rows of all steps from a first one on.
  private func packPreviousStates(_ batch: PackedBatch, from first: Int, into packed: Pointer) {
    let start = batch.rowStart[first]
    var step = first
    while step < batch.alive.count {
      // As long as the same sequences live on, the rows before stand side by side like those after.
      var end = step + 1
      while step > 0, end < batch.alive.count, batch.alive[end - 1] == batch.alive[step - 1] { end += 1 }
      let rows = batch.rows(of: step..<end)
      Scalar.pack(
        inner: rows.count, columns: units, previous(batch, step), innerStride: units, columnStride: 1,
        of: batch.rows - start, into: packed + Scalar.packedCount(inner: rows.lowerBound - start, columns: 1))
      step = end
    }
  }

  /// h(t−1) of a step's rows: the first rows of the step before.
  private func previous(_ batch: PackedBatch, _ step: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(step == 0 ? initialStates.base : states.base + batch.rowStart[step - 1] * units)
  }

  /// h, and c for a cell with a memory, after the last step of each segment; segment i's at i × stride.
  func copyFinalStates(_ batch: PackedBatch, to target: Pointer, stride: Int) {
    for (index, segment) in batch.segments.enumerated() {
      let row = batch.rowStart[segment.steps.count - 1] + index
      (target + index * stride).update(from: states.base + row * units, count: units)
      if cell.hasMemory {
        (target + index * stride + units).update(from: auxiliary.base + row * units, count: units)
      }
    }
  }

  private func step(
    _ batch: PackedBatch, _ step: Int, _ weights: [WeightMatrix<Scalar>], startsFromZero: Bool
  ) -> CellStep<Scalar> {
    let row = batch.rowStart[step]
    let memory = step == 0 ? initialMemory.base : auxiliary.base + batch.rowStart[step - 1] * units
    return CellStep(
      rows: batch.alive[step], units: units, weights: weights,
      gates: gates + row * gateRows, auxiliary: auxiliary.base + row * units,
      previous: previous(batch, step), previousMemory: memory, previousIsZero: startsFromZero && step == 0,
      state: states.base + row * units)
  }
}

/// Units hidden at random from the layer above: which, is a function of a key.
struct Dropout {
  var key: UInt64
  var probability: Double

  /// The dropout of one layer; `nil` where nothing is hidden.
  func layer(_ number: Int) -> Dropout? {
    probability > 0 ? Dropout(key: key &+ UInt64(number) &* 0xd134_2543_de82_ef95, probability: probability) : nil
  }

  /// - Parameter first: the number of the first element.
  func apply<Scalar: RecurrentScalar>(
    _ count: Int, from first: Int, _ x: UnsafePointer<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.dropout(count, key: key, first: first, drop: probability, x, into: out)
  }
}
