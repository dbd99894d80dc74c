import Sequences

extension ArpaContent {
  /// Settles what the words are in data, which other programs' files do not say: what is asked for, or words.
  /// - Returns: what a person should know of that, a sentence without its end.
  /// - Throws: `DataError.otherSymbols` where the file says something else, or no word of it is such a symbol.
  mutating func settleKind(asked: SymbolKind?) throws -> String? {
    let words = alphabet.symbols.indices.filter { $0 != alphabet.unknown }.map { alphabet.symbols[$0] }
    guard let asked, asked != alphabet.kind else {
      let isOfCharacters = words.allSatisfy { $0.unicodeScalars.count == 1 } && words.count > 1
      guard asked == nil, !recordsKind, isOfCharacters else { return nil }
      return "its words are single characters, and data are read as words, split at blanks; "
        + "--symbols characters reads them letter by letter"
    }
    if recordsKind {
      throw DataError.otherSymbols(
        asked: asked, reason: "the symbols of the ARPA file are \(alphabet.kind.rawValue), as it says itself")
    }
    let others = words.filter { !isOne($0, of: asked) }
    if others.count == words.count {
      throw DataError.otherSymbols(asked: asked, reason: "no word of the ARPA file is such a symbol")
    }
    alphabet = try Alphabet(
      symbols: alphabet.symbols, kind: asked, unknown: alphabet.unknown.map { alphabet.symbols[$0] })
    guard let first = others.first else { return nil }
    return "\(others.count) of its \(words.count) words never occur in data read with --symbols \(asked.rawValue), "
      + "the first of them \(VisibleText.quoted(first))"
  }
}

/// Whether a text is one symbol of this kind.
private func isOne(_ word: String, of kind: SymbolKind) -> Bool {
  switch kind {
  case .characters: word.unicodeScalars.count == 1
  case .graphemes: word.count == 1
  case .bytes: word.unicodeScalars.count == 1 && word.unicodeScalars.allSatisfy { $0.value < 0x100 }
  case .words: true
  }
}
