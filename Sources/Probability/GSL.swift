import CGSL

/// A status that a GSL routine returned, as an error.
public struct GSLError: Error, Equatable, CustomStringConvertible {
  /// GSL's error number.
  public let status: Int32
  /// The routine that returned it.
  public let routine: String

  public init(status: Int32, routine: String) {
    self.status = status
    self.routine = routine
  }

  public var description: String {
    "GSL's \(routine): \(String(cString: gsl_strerror(status)))"
  }
}

/// What must be said to GSL and OpenBLAS once, before they are used.
public enum GSL {
  /// Switches GSL's error handler off (it would abort the process), so that each status can be checked, and keeps
  /// OpenBLAS at one thread: threads take whole parts of the work here, not parts of a product.
  private static let started: Void = {
    _ = gsl_set_error_handler_off()
    openblas_set_num_threads(1)
  }()

  /// Idempotent and cheap. Everything in this module that calls GSL has called it first.
  @inlinable public static func start() { startOnce() }

  @usableFromInline static func startOnce() { _ = started }

  /// Throws unless `status` is GSL's success.
  public static func check(_ status: Int32, _ routine: String) throws {
    if status != Int32(GSL_SUCCESS) { throw GSLError(status: status, routine: routine) }
  }

  /// The version of GSL in use.
  public static var version: String { GSL_VERSION }
}
