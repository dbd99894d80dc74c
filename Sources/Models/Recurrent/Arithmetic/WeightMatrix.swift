/// A matrix of weights, rows × columns, packed for the vectors that it meets in batches.
public struct WeightMatrix<Scalar: RecurrentScalar> {
  let rows: Int
  let columns: Int
  /// Its transpose, packed, for y = W x.
  let forward: UnsafePointer<Scalar>
  /// Its first `split` rows and then the others, packed, for Wᵀ x; not there where nothing goes backwards.
  let backward: UnsafePointer<Scalar>?
  let split: Int

  /// result (batch × rows) += W x for each row of x, which is batch × columns.
  func add(rows batch: Int, _ x: UnsafePointer<Scalar>, to result: UnsafeMutablePointer<Scalar>) {
    Scalar.addProduct(
      rows: batch, columns: rows, inner: columns, x, stride: columns, step: 1, forward, to: result)
  }

  /// result (batch × columns) += Wᵀ x for each row of x, which is batch × rows.
  func addTransposed(rows batch: Int, _ x: UnsafePointer<Scalar>, to result: UnsafeMutablePointer<Scalar>) {
    addTransposed(rows: batch, upper: x, stride: rows, lower: x + split, stride: rows, to: result)
  }

  /// The same where the parts of x that meet the first `split` rows of W and the others stand apart.
  func addTransposed(
    rows batch: Int, upper: UnsafePointer<Scalar>, stride upperStride: Int, lower: UnsafePointer<Scalar>,
    stride lowerStride: Int, to result: UnsafeMutablePointer<Scalar>
  ) {
    guard let backward else { preconditionFailure("a matrix that was packed for the forward way alone") }
    Scalar.addProduct(
      rows: batch, columns: columns, inner: split, upper, stride: upperStride, step: 1, backward, to: result)
    if split < rows {
      Scalar.addProduct(
        rows: batch, columns: columns, inner: rows - split, lower, stride: lowerStride, step: 1,
        backward + Scalar.packedCount(inner: split, columns: columns), to: result)
    }
  }
}

/// All matrices of a network, packed once for many products. Memory is taken at the first `load`.
final class PackedNetwork<Scalar: RecurrentScalar> {
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
