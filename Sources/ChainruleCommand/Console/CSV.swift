/// Tables as comma-separated values (RFC 4180, with line feeds). Text that a spreadsheet would take for a formula, since it
/// begins with `=`, `+`, `@` or `-` and is no number, has an apostrophe in front, which spreadsheets take for "this is text".
enum CSV {
  /// A line for each row; fields with a comma, a quotation mark or a line break are quoted.
  static func text(_ rows: [[String]]) -> String { rows.map { line($0) + "\n" }.joined() }

  /// A row, without its line's end.
  static func line(_ row: [String]) -> String { row.map(field).joined(separator: ",") }

  private static func field(_ text: String) -> String {
    let isFormula =
      text.unicodeScalars.first.map { "=+@-\t\r".unicodeScalars.contains($0) } == true && Double(text) == nil
    let isPlain = !isFormula && text.unicodeScalars.allSatisfy { $0 != "," && $0 != "\"" && $0 != "\n" && $0 != "\r" }
    if isPlain { return text }
    return "\"" + (isFormula ? "'" : "") + escaped(text) + "\""
  }

  /// Each quotation mark twice, also where a combining mark stands behind it.
  private static func escaped(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      escaped.append(scalar)
      if scalar == "\"" { escaped.append(scalar) }
    }
    return String(escaped)
  }
}
