import CGSL

/// A status of GSL's that is not success.
public struct GSLError: Error, Equatable, CustomStringConvertible {
  /// GSL's status code.
  public let status: Int32

  /// The status as GSL words it.
  public var description: String { "GSL: \(String(cString: gsl_strerror(status)))" }

  /// - Throws: the status, unless it is success.
  static func check(_ status: Int32) throws {
    if status != Int32(GSL_SUCCESS) { throw GSLError(status: status) }
  }
}
