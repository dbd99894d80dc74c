import CGSL

/// The largest modulus of a square matrix's eigenvalues.
/// - Parameter matrix: row-major, size × size, finite.
/// - Throws: `GSLError`. O(size³).
package func spectralRadius(_ matrix: [Double], size: Int) throws -> Double {
  precondition(matrix.count == size * size, "a matrix that is not square")
  guard size > 0 else { return 0 }
  GSL.start()
  guard let a = gsl_matrix_alloc(size, size), let values = gsl_vector_complex_alloc(size),
    let workspace = gsl_eigen_nonsymm_alloc(size)
  else { throw GSLError(status: Int32(GSL_ENOMEM)) }
  defer {
    gsl_eigen_nonsymm_free(workspace)
    gsl_vector_complex_free(values)
    gsl_matrix_free(a)
  }
  for row in 0..<size {
    for column in 0..<size { gsl_matrix_set(a, row, column, matrix[row * size + column]) }
  }
  try GSLError.check(gsl_eigen_nonsymm(a, values, workspace))
  return (0..<size).reduce(0) { max($0, gsl_complex_abs(gsl_vector_complex_get(values, $1))) }
}
