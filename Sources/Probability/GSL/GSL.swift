import CGSL

/// What must be said to GSL and OpenBLAS once, before they are used.
package enum GSL {
  /// Switches GSL's error handler off (it would abort the process), so that each status can be checked, and keeps
  /// OpenBLAS at one thread: threads take whole parts of the work here, not parts of a product.
  private static let started: Void = {
    _ = gsl_set_error_handler_off()
    openblas_set_num_threads(1)
  }()

  /// Idempotent and cheap. Everything that calls GSL or OpenBLAS has called it first.
  package static func start() { _ = started }

  /// The version of GSL in use.
  package static var version: String { GSL_VERSION }
}
