import Chainrule
import Foundation

/// Where words go: results to standard output, everything else to standard error.
enum Console {
  static func say(_ text: String) { show(text + "\n") }

  /// Writes to standard error as it is. That it cannot be written is nothing to stop for.
  static func show(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Prints lines of results.
  /// - Throws: `OutputError`, where they are lost.
  static func print(_ text: String) throws { try print(Data((text + "\n").utf8)) }
  static func print(_ bytes: Data) throws { try OutputFile.print(bytes) }
  static func print(csv rows: [[String]]) throws { try print(Data(CSV.text(rows).utf8)) }

  /// Does work that prints many lines, and writes them in large pieces of whole lines; where it fails, those before it
  /// are written all the same.
  static func buffering(_ work: (_ print: (String) throws -> Void) throws -> Void) throws {
    var buffer = Data()
    func flush() throws {
      defer { buffer.removeAll(keepingCapacity: true) }
      if !buffer.isEmpty { try print(buffer) }
    }
    do {
      try work { text in
        buffer.append(contentsOf: text.utf8)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 16 { try flush() }
      }
    } catch {
      try flush()
      throw error
    }
    try flush()
  }

  /// How many characters a line of the terminal behind standard error holds.
  static var columns: Int { columns(of: STDERR_FILENO) ?? 80 }

  /// How many a line of results may hold: COLUMNS, or what the terminal behind standard output has room for; `nil` for any
  /// number, in a file or a pipe.
  static var resultColumns: Int? {
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text), columns > 0 {
      return columns
    }
    return columns(of: STDOUT_FILENO)
  }

  private static func columns(of stream: Int32) -> Int? {
    var size = winsize()
    return ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
  }

  /// Whether a person is looking at standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

extension String {
  /// With blanks behind it, as many as a width needs.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
