import Foundation

/// The memory that the program can still have. Where memory runs out, Swift's arrays end the program without a word, so
/// what grows with a file from outside asks before it grows.
package enum AvailableMemory {
  /// Less than this is not asked for.
  private static let small = 1 << 22
  /// What is left to everything else.
  private static let reserve = 1 << 24

  /// Bytes: what the limit on the address space (`ulimit -v`) leaves, or what the machine has, whichever is less.
  package static var bytes: Int { min(addressSpace ?? .max, machine ?? .max) }

  /// Checks that a file's content can be held.
  /// - Parameters:
  ///   - bytes: that are needed beside what is held already.
  ///   - available: bytes that can be had; asked of the system if left out.
  /// - Throws: `DataError.tooLarge`.
  package static func check(_ bytes: Int, reading file: @autoclosure () -> String, available: Int? = nil) throws {
    guard bytes >= small else { return }
    let available = max((available ?? self.bytes) - reserve, 0)
    if bytes > available { throw DataError.tooLarge(file(), needed: bytes, available: available) }
  }

  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < UInt(Int.max),
      let pages = numbers(in: "/proc/self/statm").first
    else { return nil }
    return Int(limit.rlim_cur) - pages * Int(getpagesize())
  }

  private static var machine: Int? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes << 10
  }

  private static func numbers(in path: String) -> [Int] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int($0) }
  }
}
