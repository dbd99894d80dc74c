import Foundation

/// Where words go: results to standard output, everything else to standard error.
enum Console {
  static func say(_ text: String) { write(text + "\n", to: .standardError) }
  static func print(_ text: String) { write(text + "\n", to: .standardOutput) }

  static func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }

  /// Whether a person is looking at standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Prints a value as one JSON object; infinite numbers are the strings "inf" and "-inf".
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  Console.print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
