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
  static var columns: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Whether a person is looking at standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Prints a value as one JSON object; infinite numbers are the strings "inf" and "-inf".
func printJSON(_ value: some Encodable) throws { try Console.print(jsonText(value)) }

/// The same as text.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
