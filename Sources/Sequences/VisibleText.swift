/// Symbols and sequences as messages and tables show them: one line, without a character that a reader cannot see.
///
/// Tab, line feed, carriage return and backslash are written `\t`, `\n`, `\r` and `\\`. Other control characters, zero-width
/// and format characters, blanks other than U+0020, unassigned and private characters, and a combining mark that has
/// nothing to combine with are written by their numbers: `<U+200B>`. What belongs to a visible character, such as an accent
/// or the joiners within an emoji, stays as it is. What is spelt like such a number, or like one of the `markers`, has its
/// first character written by its number, so that no two symbols look the same.
package enum VisibleText {
  /// What stands in the place of a symbol where there is none.
  package static let markers: Set<String> = ["(start)", "(end)", "(any)", "(length)", "(empty)"]

  /// Text of several symbols, or any other.
  package static func text(_ text: String) -> String {
    if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 && $0 != backslash && $0 != bracket }) { return text }
    var shown = String.UnicodeScalarView()
    let scalars = text.unicodeScalars
    for character in text.indices {
      for index in scalars[character..<text.index(after: character)].indices {
        let scalar = scalars[index]
        if isInvisible(scalar, isFirst: index == character) || scalar == "<" && isNumber(scalars[index...]) {
          shown.append(contentsOf: escape(scalar).unicodeScalars)
        } else {
          shown.append(scalar)
        }
      }
    }
    return String(shown)
  }

  /// One symbol: a blank that stands alone is written by its number too.
  package static func symbol(_ symbol: String) -> String {
    if markers.contains(symbol), let first = symbol.unicodeScalars.first { return number(first) + symbol.dropFirst() }
    guard symbol.utf8.allSatisfy({ $0 == blank }) else { return text(symbol) }
    return symbol.unicodeScalars.map(number).joined()
  }

  /// The same in quotation marks, for messages; blanks show between them.
  package static func quoted(_ symbol: String) -> String { "\"\(text(symbol))\"" }

  /// A scalar by its number, as `<U+0020>`.
  package static func number(_ scalar: Unicode.Scalar) -> String {
    "<U+\(scalar.value.hexadecimal(digits: 4, uppercase: true))>"
  }

  private static let blank = UInt8(ascii: " ")
  /// Whether a text begins like what `number` writes.
  private static func isNumber(_ text: Substring.UnicodeScalarView) -> Bool {
    let digits = text.dropFirst(3).prefix { ("0"..."9").contains($0) || ("A"..."F").contains($0) }
    return text.starts(with: "<U+".unicodeScalars) && (4...6).contains(digits.count)
      && text[digits.endIndex...].first == ">"
  }

  private static let bracket = UInt8(ascii: "<")
  private static let backslash = UInt8(ascii: "\\")

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\t": "\\t"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\\": "\\\\"
    default: number(scalar)
    }
  }

  /// - Parameter isFirst: whether it begins a grapheme cluster; those after the first belong to what is visible.
  private static func isInvisible(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: return true
    case .spaceSeparator: return scalar != " "
    case .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .nonspacingMark,
      .enclosingMark:
      return isFirst
    default: return scalar == "\\" || isFirst && scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}

extension Alphabet {
  /// The sequence in one line without invisible characters, for people and tables: words with blanks between them,
  /// everything else side by side.
  package func visibleText(of sequence: some Sequence<Symbol>) -> String {
    visibleText(of: sequence.map { symbols[$0] })
  }

  /// The same of symbols by their names, which need not be in the alphabet.
  package func visibleText(of names: [String]) -> String {
    kind == .words
      ? names.map(VisibleText.symbol).joined(separator: " ") : VisibleText.text(names.joined())
  }
}
