import Foundation

extension Alphabet {
  /// What helps where an unseen symbol is in the alphabet in the other of Unicode's normal forms, composed (NFC) or
  /// decomposed (NFD); nil where it is in neither. O(size).
  func adviceOnNormalForm(of symbol: String) -> String? {
    if holds(symbol.precomposedStringWithCanonicalMapping, otherThan: symbol) || isMarkOfComposedSymbol(symbol) {
      return "these data are decomposed (NFD), the training data composed (NFC): `uconv -x nfc` converts these"
    }
    if holds(symbol.decomposedStringWithCanonicalMapping, otherThan: symbol) {
      return "these data are composed (NFC), the training data decomposed (NFD): `uconv -x nfd` converts these"
    }
    if let whole = composedSymbol(beginningWith: symbol) {
      return "the training data hold \(VisibleText.quoted(whole)) composed (NFC): "
        + "where these are decomposed (NFD), `uconv -x nfc` converts them"
    }
    return nil
  }

  /// A symbol of one scalar that is this letter and a mark when it is decomposed.
  private func composedSymbol(beginningWith letter: String) -> String? {
    guard kind == .characters else { return nil }
    return symbols.first { whole in
      let form = whole.decomposedStringWithCanonicalMapping.unicodeScalars
      return form.count > 1 && whole.unicodeScalars.count == 1 && letter.unicodeScalars.elementsEqual(form.prefix(1))
    }
  }

  /// Whether a form of `symbol` that is not itself is one of the symbols, or of characters a row of them.
  private func holds(_ form: String, otherThan symbol: String) -> Bool {
    if form.utf8.elementsEqual(symbol.utf8) { return false }
    return index(of: form) != nil
      || kind == .characters && form.unicodeScalars.allSatisfy { index(of: String(Character($0))) != nil }
  }

  /// Whether `symbol` is a mark, such as an accent, that stands on its letter only within composed symbols.
  private func isMarkOfComposedSymbol(_ symbol: String) -> Bool {
    guard kind == .characters, let mark = symbol.unicodeScalars.first, symbol.unicodeScalars.count == 1,
      mark.properties.canonicalCombiningClass != .notReordered
    else { return false }
    return symbols.contains { $0.decomposedStringWithCanonicalMapping.unicodeScalars.dropFirst().contains(mark) }
  }
}
