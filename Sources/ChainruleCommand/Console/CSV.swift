/// Tables as comma-separated values (RFC 4180, with line feeds).
enum CSV {
  /// A line for each row; fields with a comma, a quotation mark or a line break are quoted.
  static func text(_ rows: [[String]]) -> String { rows.map { line($0) + "\n" }.joined() }

  /// A row, without its line's end.
  static func line(_ row: [String]) -> String { row.map(field).joined(separator: ",") }

  private static func field(_ text: String) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { $0 != "," && $0 != "\"" && $0 != "\n" && $0 != "\r" }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
