import Sequences
import Support

extension PatternParser {
  /// Reads a set: symbols and ranges in brackets, after "^" all but those.
  mutating func set() throws -> SymbolSet {
    let first = column
    advance()
    let isComplement = skip("^")
    if next == "]" { throw expected("a symbol, since no set is empty\(spelling("]"))") }
    var ranges: [Range<Symbol>] = []
    while !skip("]") {
      if next == nil { throw expected(#"the "]" of the "[" in column \#(first)"#) }
      ranges += try members(unknownAllowed: isComplement)
    }
    let set = SymbolSet(ranges)
    return isComplement ? set.complement(size: alphabet.size) : set
  }

  /// Reads a symbol or a range of them. A "-" that is first or last is a symbol.
  private mutating func members(unknownAllowed: Bool) throws -> [Range<Symbol>] {
    let column = column
    let low = try member()
    guard next == "-", !isLast("-") else {
      if let index = alphabet.index(of: low) { return [index..<index + 1] }
      return unknownAllowed ? [] : [try range(of: low, column: column)]
    }
    advance()
    let high = try member()
    let ranges = try symbols(from: low, to: high, column)
    if ranges.isEmpty && !unknownAllowed {
      throw expected(
        "a range in which there is a symbol of the alphabet (\(shortened(alphabet.listing)))", column: column,
        found: VisibleText.text("\(shortened(low))-\(shortened(high))"))
    }
    return ranges
  }

  /// Reads the name of a symbol in a set.
  private mutating func member() throws -> String {
    if alphabet.kind == .bytes, let next, !next.isASCII {
      throw expected(#"a byte, such as \u{C3}, since a character beyond ASCII is several bytes"#)
    }
    return try name()
  }

  /// Whether the next character is the last one before "]".
  private func isLast(_ character: Character) -> Bool {
    var following = self
    return following.skip(character) && following.next == "]"
  }

  /// The symbols of a range in code-point order; between integers by value. The symbol for unseen ones is in no range.
  private func symbols(from low: String, to high: String, _ column: Int) throws -> [Range<Symbol>] {
    let numbers = alphabet.kind == .words ? Int(low).flatMap { low in Int(high).map { (low, $0) } } : nil
    if numbers.map({ $0 > $1 }) ?? high.utf8.lexicographicallyPrecedes(low.utf8) {
      throw expected(
        "a range whose first symbol comes before its last", column: column,
        found: VisibleText.text("\(shortened(low))-\(shortened(high))"))
    }
    let symbols =
      if let (low, high) = numbers {
        alphabet.symbols.indices.filter { Int(alphabet.symbols[$0]).map { low <= $0 && $0 <= high } ?? false }
      } else {
        Array(
          lowerBound(0, alphabet.size) {
            alphabet.symbols[$0].utf8.lexicographicallyPrecedes(low.utf8)
          }..<lowerBound(0, alphabet.size) { !high.utf8.lexicographicallyPrecedes(alphabet.symbols[$0].utf8) })
      }
    return symbols.filter { $0 != alphabet.unknown }.map { $0..<$0 + 1 }
  }

  /// The range that a symbol is alone.
  /// - Throws: `PatternError.unknownSymbol`, with the nearest symbols there are.
  func range(of name: String, column: Int) throws -> Range<Symbol> {
    if let index = alphabet.index(of: name) { return index..<index + 1 }
    throw PatternError.unknownSymbol(pattern: pattern, column: column, symbol: name, advice: advice(on: name))
  }

  private func advice(on name: String) -> String {
    if alphabet.kind != .words, name == "^" || name == "$" {
      return "a pattern always matches whole sequences, without anchors"
    }
    // Any two characters are one edit apart; only the same letter in another case is near.
    let known = name.count > 1 ? alphabet.symbols : alphabet.symbols.filter { $0.lowercased() == name.lowercased() }
    if name.count <= 60, let near = name.count > 1 ? nearest(to: name, among: known) : known.first {
      return "nearest: \(VisibleText.quoted(near))"
    }
    return "the alphabet has \(shortened(alphabet.listing))"
  }
}
