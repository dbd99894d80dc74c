import Synchronization

/// A network's weights as its walks want them: all numbers as they are, and W, U of the further layers and V packed, so
/// that h(t) of a row is the same to the bit however many rows go forward with it. Immutable.
final class PackedNetwork<Scalar: RecurrentScalar>: @unchecked Sendable {
  let layout: RecurrentLayout
  let cell: any RecurrentCell.Type
  /// V.
  let output: WeightMatrix<Scalar>
  /// W and U of each layer; the first layer has no such U.
  let recurrent: [WeightMatrix<Scalar>]
  let below: [WeightMatrix<Scalar>]
  /// The parameters, then the packed matrices.
  private let memory: UnsafeMutablePointer<Scalar>

  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, _ parameters: [Scalar]) {
    self.layout = layout
    self.cell = cell
    let (g, h, m) = (layout.gateRows, layout.units, layout.outputs)
    let alignment = 64 / MemoryLayout<Scalar>.stride
    let first = (parameters.count + alignment - 1) / alignment * alignment
    let gateCount = Scalar.packedCount(inner: h, columns: g)
    let count = first + (2 * layout.layers - 1) * gateCount + Scalar.packedCount(inner: h, columns: m)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Scalar>.stride, alignment: 64)
      .bindMemory(to: Scalar.self, capacity: count)
    parameters.withUnsafeBufferPointer { parameters in
      if let base = parameters.baseAddress { memory.initialize(from: base, count: parameters.count) }
    }
    var free = memory + first
    func packed(_ rows: Int, at offset: Int) -> WeightMatrix<Scalar> {
      // W stands row by row: what is multiplied with is its transpose.
      Scalar.pack(inner: h, columns: rows, memory + offset, innerStride: 1, columnStride: h, into: free)
      defer { free += Scalar.packedCount(inner: h, columns: rows) }
      return WeightMatrix(rows: rows, columns: h, base: memory + offset, packed: free)
    }
    recurrent = (0..<layout.layers).map { packed(g, at: layout.recurrentWeights($0)) }
    below = (1..<layout.layers).map { packed(g, at: layout.layerWeights($0)) }
    output = packed(m, at: layout.outputWeights)
    self.memory = memory
  }

  deinit { memory.deallocate() }

  var parameters: UnsafePointer<Scalar> { UnsafePointer(memory) }
}

/// A network that is packed when it is first wanted, by whichever thread: training makes many that never are.
final class LazilyPackedNetwork<Scalar: RecurrentScalar>: Sendable {
  private let storage = AtomicLazyReference<PackedNetwork<Scalar>>()

  func get(_ make: () -> PackedNetwork<Scalar>) -> PackedNetwork<Scalar> {
    storage.load() ?? storage.storeIfNil(make())
  }
}
