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
