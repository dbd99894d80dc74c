import Foundation

/// A failure of a system call, by its number.
package struct SystemError: Error {
  package let code: Int32

  package init(_ code: Int32 = errno) { self.code = code }

  /// In the system's words.
  package var reason: String { String(cString: strerror(code)) }
}
