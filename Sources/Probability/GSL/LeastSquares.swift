import CGSL

/// Linear least squares with several right-hand sides, over rows that come one at a time: minimises ‖Y − X B‖² + λ
/// ‖B‖², the first feature, an intercept, not being penalised. X may have columns that depend on each other, and fewer
/// rows than columns: B is then the solution of smallest norm.
///
/// Rows are kept as the factor R of a QR decomposition of [X Y] (GSL's recursive one), a block of rows at a time, so
/// that memory does not grow with them (Golub and Van Loan, 4th edition, 5.3 and 6.5.3); B comes of the singular values
/// of R. O(rows · (features + targets)²) in all.
package struct LeastSquares {
  /// The columns of X.
  package let features: Int
  /// The columns of Y.
  package let targets: Int
  /// The rows so far.
  package private(set) var count = 0

  /// R on top, upper triangular, and below it the rows of a block.
  private var matrix: [Double]
  private var filled = 0
  private var columns: Int { features + targets }
  private var blockRows: Int { max(2 * columns, 128) }

  /// No rows yet.
  package init(features: Int, targets: Int) {
    (self.features, self.targets) = (features, targets)
    let columns = features + targets
    matrix = Array(repeating: 0, count: (columns + max(2 * columns, 128)) * columns)
  }

  /// Adds a row.
  /// - Parameter write: writes the features and the targets one behind the other into zeros.
  /// - Throws: `GSLError`.
  package mutating func add(_ write: (UnsafeMutablePointer<Double>) -> Void) throws {
    if filled == blockRows { try decompose() }
    let start = (columns + filled) * columns
    matrix.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { write(base + start) } }
    filled += 1
    count += 1
  }

  /// Makes R of R and the block.
  private mutating func decompose() throws {
    GSL.start()
    let (columns, rows) = (columns, columns + blockRows)
    guard matrix.allSatisfy(\.isFinite) else { throw GSLError(status: Int32(GSL_EDOM)) }
    var factors = [Double](repeating: 0, count: columns * columns)
    try matrix.withUnsafeMutableBufferPointer { matrix in
      try factors.withUnsafeMutableBufferPointer { factors in
        var (a, t) = (
          gsl_matrix_view_array(matrix.baseAddress, rows, columns),
          gsl_matrix_view_array(factors.baseAddress, columns, columns)
        )
        try GSLError.check(gsl_linalg_QR_decomp_r(&a.matrix, &t.matrix))
      }
      for row in 0..<rows {
        for column in 0..<min(row, columns) { matrix[row * columns + column] = 0 }
      }
    }
    filled = 0
  }

  /// The coefficients, features × targets row by row, and the cross-products of the residuals (Y − X B)ᵀ (Y − X B),
  /// targets × targets. O(features³ + features² · targets).
  /// - Throws: `GSLError` where a number is not finite.
  package mutating func solution(ridge: Double = 0) throws -> (coefficients: [Double], residuals: [Double]) {
    if filled > 0 { try decompose() }
    guard matrix.prefix(columns * columns).allSatisfy(\.isFinite) else { throw GSLError(status: Int32(GSL_EOVRFLW)) }
    let (columns, features, targets) = (columns, features, targets)
    // R and, to penalise, a row √λ for each feature but the intercept.
    let rows = ridge > 0 ? 2 * features - 1 : features
    var (u, v) = (
      [Double](repeating: 0, count: rows * features), [Double](repeating: 0, count: features * features)
    )
    for row in 0..<features {
      for column in row..<features { u[row * features + column] = matrix[row * columns + column] }
    }
    for row in features..<max(rows, features) { u[row * features + row - features + 1] = ridge.squareRoot() }
    var coefficients = [Double](repeating: 0, count: features * targets)
    try decomposeSingularValues(&u, &v, rows: rows) { u, v, s in
      guard let b = gsl_vector_calloc(rows), let x = gsl_vector_alloc(features) else {
        throw GSLError(status: Int32(GSL_ENOMEM))
      }
      defer {
        gsl_vector_free(b)
        gsl_vector_free(x)
      }
      for target in 0..<targets {
        for row in 0..<features { gsl_vector_set(b, row, matrix[row * columns + features + target]) }
        try GSLError.check(gsl_linalg_SV_solve(u, v, s, b, x))
        for row in 0..<features { coefficients[row * targets + target] = gsl_vector_get(x, row) }
      }
    }
    let residuals = residuals(coefficients)
    guard (coefficients + residuals).allSatisfy(\.isFinite) else { throw GSLError(status: Int32(GSL_EOVRFLW)) }
    return (coefficients, residuals)
  }

  /// Runs `body` with the singular value decomposition of a matrix, in which values next to 0 are 0.
  private func decomposeSingularValues(
    _ u: inout [Double], _ v: inout [Double], rows: Int,
    _ body: (UnsafePointer<gsl_matrix>, UnsafePointer<gsl_matrix>, UnsafePointer<gsl_vector>) throws -> Void
  ) throws {
    guard let s = gsl_vector_alloc(features), let workspace = gsl_vector_alloc(features) else {
      throw GSLError(status: Int32(GSL_ENOMEM))
    }
    defer {
      gsl_vector_free(s)
      gsl_vector_free(workspace)
    }
    try u.withUnsafeMutableBufferPointer { u in
      try v.withUnsafeMutableBufferPointer { v in
        var (a, b) = (
          gsl_matrix_view_array(u.baseAddress, rows, features), gsl_matrix_view_array(v.baseAddress, features, features)
        )
        try GSLError.check(gsl_linalg_SV_decomp(&a.matrix, &b.matrix, s, workspace))
        for index in 0..<features where gsl_vector_get(s, index) <= 1e-11 * gsl_vector_get(s, 0) {
          gsl_vector_set(s, index, 0)
        }
        try body(&a.matrix, &b.matrix, s)
      }
    }
  }

  /// Of R's last columns what is below the features' rows, and what the coefficients leave in these.
  private func residuals(_ coefficients: [Double]) -> [Double] {
    var rest = [Double](repeating: 0, count: columns * targets)
    for row in 0..<columns {
      for target in 0..<targets {
        var sum = matrix[row * columns + features + target]
        for feature in row..<max(features, row) {
          sum -= matrix[row * columns + feature] * coefficients[feature * targets + target]
        }
        rest[row * targets + target] = sum
      }
    }
    var products = [Double](repeating: 0, count: targets * targets)
    for row in 0..<columns {
      for i in 0..<targets {
        for j in 0..<targets { products[i * targets + j] += rest[row * targets + i] * rest[row * targets + j] }
      }
    }
    return products
  }
}
