/// All matrices of a network, packed once for many products. Memory is taken at the first `load`.
final class PackedWeights<Scalar: RecurrentScalar> {
  private let layout: RecurrentLayout
  private let split: Int
  private let buffer = Buffer<Scalar>()
  private let goesBackwards: Bool
  private(set) var recurrent: [WeightMatrix<Scalar>] = []
  /// Those of the layers above the first, which see the layer below; the first has its table and its features.
  private(set) var input: [WeightMatrix<Scalar>] = []
  /// S transposed: features to gates.
  private(set) var features: WeightMatrix<Scalar>?
  private(set) var output: WeightMatrix<Scalar>?

  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, goesBackwards: Bool) {
    self.layout = layout
    self.goesBackwards = goesBackwards
    split = cell.splitGates.map { $0 * layout.units } ?? layout.gateRows
  }

  /// Packs parameters that are new or have changed.
  func load(_ parameters: UnsafePointer<Scalar>) {
    let (g, h, m, f) = (layout.gateRows, layout.units, layout.outputs, layout.features)
    var free = buffer.room(for: room)
    func pack(_ rows: Int, _ columns: Int, split: Int, at offset: Int) -> WeightMatrix<Scalar> {
      let base = parameters + offset
      let forward = free
      Scalar.pack(inner: columns, columns: rows, base, innerStride: 1, columnStride: columns, into: forward)
      free += Scalar.packedCount(inner: columns, columns: rows)
      guard goesBackwards else {
        return WeightMatrix(rows: rows, columns: columns, forward: forward, backward: nil, split: split)
      }
      let backward = free
      for part in [0..<split, split..<rows] where !part.isEmpty {
        Scalar.pack(
          inner: part.count, columns: columns, base + part.lowerBound * columns, innerStride: columns, columnStride: 1,
          into: free)
        free += Scalar.packedCount(inner: part.count, columns: columns)
      }
      return WeightMatrix(rows: rows, columns: columns, forward: forward, backward: backward, split: split)
    }
    recurrent = (0..<layout.layers).map { pack(g, h, split: split, at: layout.recurrentWeights($0)) }
    input = (1..<max(layout.layers, 1)).map { pack(g, h, split: g, at: layout.layerWeights($0)) }
    output = pack(m, h, split: m, at: layout.outputWeights)
    if f > 0 {  // S stands with a row for each feature: as it is, not transposed
      Scalar.pack(
        inner: f, columns: g, parameters + layout.featureWeights, innerStride: g, columnStride: 1, into: free)
      features = WeightMatrix(rows: g, columns: f, forward: free, backward: nil, split: g)
    }
  }

  private var room: Int {
    let (g, h, m) = (layout.gateRows, layout.units, layout.outputs)
    func both(_ rows: Int, _ split: Int) -> Int {
      Scalar.packedCount(inner: h, columns: rows) + Scalar.packedCount(inner: split, columns: h)
        + Scalar.packedCount(inner: rows - split, columns: h)
    }
    return layout.layers * both(g, split) + (layout.layers - 1) * both(g, g) + both(m, m)
      + Scalar.packedCount(inner: layout.features, columns: g)
  }
}
