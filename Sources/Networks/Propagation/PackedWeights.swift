/// All matrices of a network, packed once for many products. Memory is taken at the first `load`.
final class PackedWeights<Scalar: RecurrentScalar> {
  private let layout: RecurrentLayout
  /// The rows of W that a cell multiplies at once, in their order.
  private let parts: [Int]
  private let buffer = Buffer<Scalar>()
  private let goesBackwards: Bool
  /// The parts of each layer's W.
  private(set) var recurrent: [[WeightMatrix<Scalar>]] = []
  /// Those of the layers above the first, which see the layer below; the first has its table and its features.
  private(set) var input: [WeightMatrix<Scalar>] = []
  /// S transposed: features to gates.
  private(set) var features: WeightMatrix<Scalar>?
  private(set) var output: WeightMatrix<Scalar>?

  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, goesBackwards: Bool) {
    self.layout = layout
    self.goesBackwards = goesBackwards
    parts = cell.parts.map { $0 * layout.units }
  }

  /// Packs parameters that are new or have changed.
  func load(_ parameters: UnsafePointer<Scalar>) {
    let (g, h, m, f) = (layout.gateRows, layout.units, layout.outputs, layout.features)
    var free = buffer.room(for: room)
    func pack(_ rows: Int, at offset: Int) -> WeightMatrix<Scalar> {
      let base = parameters + offset
      let forward = free
      Scalar.pack(inner: h, columns: rows, base, innerStride: 1, columnStride: h, of: h, into: forward)
      free += Scalar.packedCount(inner: h, columns: rows)
      guard goesBackwards else { return WeightMatrix(rows: rows, columns: h, forward: forward, backward: nil) }
      let backward = free
      Scalar.pack(inner: rows, columns: h, base, innerStride: h, columnStride: 1, of: rows, into: backward)
      free += Scalar.packedCount(inner: rows, columns: h)
      return WeightMatrix(rows: rows, columns: h, forward: forward, backward: backward)
    }
    recurrent = (0..<layout.layers).map { layer in
      var offset = layout.recurrentWeights(layer)
      return parts.map { rows in
        defer { offset += rows * h }
        return pack(rows, at: offset)
      }
    }
    input = (1..<max(layout.layers, 1)).map { pack(g, at: layout.layerWeights($0)) }
    output = pack(m, at: layout.outputWeights)
    if f > 0 {  // S stands with a row for each feature: as it is, not transposed
      Scalar.pack(
        inner: f, columns: g, parameters + layout.featureWeights, innerStride: g, columnStride: 1, of: f, into: free)
      features = WeightMatrix(rows: g, columns: f, forward: free, backward: nil)
    }
  }

  private var room: Int {
    let (g, h, m) = (layout.gateRows, layout.units, layout.outputs)
    func both(_ rows: Int) -> Int {
      Scalar.packedCount(inner: h, columns: rows) + Scalar.packedCount(inner: rows, columns: h)
    }
    return layout.layers * parts.reduce(0) { $0 + both($1) } + (layout.layers - 1) * both(g) + both(m)
      + Scalar.packedCount(inner: layout.features, columns: g)
  }
}
