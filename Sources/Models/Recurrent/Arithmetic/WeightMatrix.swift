/// A matrix of weights, `rows` × `columns` and row-major, that meets vectors in batches.
public struct WeightMatrix<Scalar: RecurrentScalar> {
  let rows: Int
  let columns: Int
  let base: UnsafePointer<Scalar>
  /// The same, transposed and packed: then y = W x is the same to the bit for any number of rows.
  var packed: UnsafePointer<Scalar>?

  /// result (batch × rows) += x · this matrix transposed, x being batch × columns: y = W x for each row.
  @inline(__always)
  func add(rows batch: Int, _ x: UnsafePointer<Scalar>, to result: UnsafeMutablePointer<Scalar>) {
    if let packed {
      return Scalar.multiplyPacked(rows: batch, columns: rows, inner: columns, x, packed, addingTo: result)
    }
    Scalar.multiply(
      rows: batch, columns: rows, inner: columns, x, strideA: columns, transposedA: false, base, strideB: columns,
      transposedB: true, beta: 1, result, strideC: rows)
  }

  /// result (batch × columns) = x · (rows `gates` of this matrix) + β result, x being batch × gates: Wᵀ x for each row.
  /// - Parameter stride: from one row of x to the next; as many as there are gates if left out.
  @inline(__always)
  func transposed(
    rows batch: Int, _ x: UnsafePointer<Scalar>, gates: Range<Int>? = nil, stride: Int? = nil, beta: Scalar,
    _ result: UnsafeMutablePointer<Scalar>
  ) {
    let gates = gates ?? 0..<rows
    Scalar.multiply(
      rows: batch, columns: columns, inner: gates.count, x, strideA: stride ?? gates.count, transposedA: false,
      base + gates.lowerBound * columns, strideB: columns, transposedB: false, beta: beta, result, strideC: columns)
  }
}
