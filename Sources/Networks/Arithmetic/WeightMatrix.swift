/// A matrix of weights W, rows × columns, packed for the vectors that it meets in batches.
package struct WeightMatrix<Scalar: RecurrentScalar> {
  let rows: Int
  let columns: Int
  /// Its transpose, packed, for W x.
  let forward: UnsafePointer<Scalar>
  /// The matrix, packed, for Wᵀ x; not there where nothing goes backwards.
  let backward: UnsafePointer<Scalar>?

  /// result (batch × rows) = plus + W x for each row of x, which is batch × columns without gaps.
  /// - Parameters:
  ///   - plus: `result` itself, another matrix, or one row for all where `plusStride` is 0; `nil` for zero.
  ///   - stride: from one row of `result` to the next; `nil` for `rows`.
  func multiply(
    _ batch: Int, _ x: UnsafePointer<Scalar>, plus: UnsafePointer<Scalar>?, plusStride: Int,
    into result: UnsafeMutablePointer<Scalar>, stride: Int? = nil
  ) {
    Scalar.product(
      rows: batch, columns: rows, inner: columns, x, stride: columns, step: 1, forward, plus: plus,
      plusStride: plusStride, into: result, cStride: stride ?? rows)
  }

  /// result (batch × columns without gaps) = plus + Wᵀ x for each row of x, which has one every `stride` numbers.
  /// - Parameter plus: `result` itself, or `nil` for zero.
  func multiplyTransposed(
    _ batch: Int, _ x: UnsafePointer<Scalar>, stride: Int, plus: UnsafePointer<Scalar>?,
    into result: UnsafeMutablePointer<Scalar>
  ) {
    guard let backward else { preconditionFailure("a matrix that was packed for the forward way alone") }
    Scalar.product(
      rows: batch, columns: columns, inner: rows, x, stride: stride, step: 1, backward, plus: plus,
      plusStride: columns, into: result, cStride: columns)
  }
}
