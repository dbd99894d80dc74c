import CGSL

/// Systems of equations with a symmetric, positive definite matrix, by the Cholesky decomposition (GSL's
/// cholesky_decomp1).
package enum Cholesky {
  /// Solves A x = b in place. O(size³).
  /// - Parameters:
  ///   - matrix: A, size × size row by row, of which the lower triangle is read; destroyed.
  ///   - vector: b, which becomes x.
  /// - Returns: `false` where A is not positive definite in double precision; b is then left as it is.
  package static func solve(
    _ matrix: UnsafeMutablePointer<Double>, size: Int, _ vector: UnsafeMutablePointer<Double>
  ) -> Bool {
    guard size > 0 else { return true }
    GSL.start()
    var (a, b) = (gsl_matrix_view_array(matrix, size, size), gsl_vector_view_array(vector, size))
    guard gsl_linalg_cholesky_decomp1(&a.matrix) == Int32(GSL_SUCCESS) else { return false }
    return gsl_linalg_cholesky_svx(&a.matrix, &b.vector) == Int32(GSL_SUCCESS)
  }
}
