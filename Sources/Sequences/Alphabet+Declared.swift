import Foundation

extension Alphabet {
  /// An alphabet that is declared apart from the data, so that parts of them and published protocols share the same events.
  ///
  /// - Parameter text: one of
  ///   - `from:FILE`: the symbols of a data file;
  ///   - a file with a symbol a line; blank lines are skipped;
  ///   - characters with at least one range of them, such as `a-z` or `a-zA-Z'`; without a range `chars:aeiou`. A text that
  ///     ends as the name of a file does (`train-words.txt`) is one.
  ///
  ///   The symbol for unseen ones that the options name is added.
  /// - Throws: `DataError`.
  public init(declared text: String, options: ReadOptions) throws {
    let declared = try Self.declared(text, options)
    self =
      try options.unknown.map {
        try Alphabet(sorted: Self.sorted(declared.symbols + [$0]), kind: declared.kind).marking(unknown: $0)
      } ?? declared
  }

  private static func declared(_ text: String, _ options: ReadOptions) throws -> Alphabet {
    var options = options
    (options.unknown, options.scratch) = (nil, nil)
    if text.hasPrefix("from:") {
      return try Dataset(reading: String(text.dropFirst(5)), options: options).alphabet
    }
    let kind = options.symbols ?? .characters
    if text.hasPrefix("chars:") {
      return try Self(characters: String(text.dropFirst(6)), of: kind)
    }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: text, isDirectory: &isFolder)
    if isFolder.boolValue { throw DataError.unreadable(text, reason: "it is a folder; \(forms(kind))") }
    if exists { return try Self(symbolsIn: text, kind) }
    if kind == .characters, hasRange(text), !hasExtension(text) {
      return try Self(characters: text, of: .characters)
    }
    throw DataError.missingFile(text, advice: forms(kind))
  }

  private static func forms(_ kind: SymbolKind) -> String {
    let characters =
      kind == .characters
      ? "an alphabet is characters with a range such as a-z (without one chars:aeiou), "
      : "where symbols are \(kind.rawValue), an alphabet is "
    return characters + "from:FILE for the symbols of a data file, or a FILE with a symbol a line"
  }

  /// Whether there is a range such as a-z in a text.
  private static func hasRange(_ text: String) -> Bool { text.unicodeScalars.dropFirst().dropLast().contains("-") }

  /// Whether a text ends in a dot with letters and digits behind it, as names of files do.
  private static func hasExtension(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let last = parts.last ?? ""
    return parts.count > 1 && !last.isEmpty && last.allSatisfy { $0.isLetter || $0.isNumber }
  }

  /// The characters of a text such as `a-z'`.
  private init(characters text: String, of kind: SymbolKind) throws {
    guard kind == .characters else {
      throw DataError.otherSymbols(
        asked: kind, reason: "\(VisibleText.quoted(text)) declares characters; give a file with a symbol a line")
    }
    if text.isEmpty { throw DataError.malformedAlphabet("chars: needs at least one character") }
    self = Alphabet(sorted: try Self.characters(text), kind: kind)
  }

  /// How many symbols there are, and the first ones.
  package var listing: String {
    let shown = 12
    let first = symbols.prefix(shown).map(VisibleText.symbol).joined(separator: " ")
    return "\(size) \(size == 1 ? "symbol" : "symbols"): \(first)\(size > shown ? " …" : "")"
  }

  /// Reads a file with a symbol a line. Lines end with LF or CR LF.
  private init(symbolsIn path: String, _ kind: SymbolKind) throws {
    var text = String(decoding: try WholeFile.read(path), as: UTF8.self).unicodeScalars[...]
    if text.first == "\u{FEFF}" { text.removeFirst() }
    var symbols: [String] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let symbol = String(line.last == "\r" ? line.dropLast() : line)
      if symbol.isEmpty { continue }
      let isOne =
        switch kind {
        case .characters, .bytes: symbol.unicodeScalars.count == 1
        case .graphemes: symbol.count == 1
        case .words: !symbol.contains { $0 == " " || $0 == "\t" }
        }
      guard isOne else {
        throw DataError.malformed(
          Location(file: path, line: index + 1, column: 1),
          "expected one symbol a line, and \(VisibleText.quoted(symbol)) is not one where symbols are \(kind.rawValue)")
      }
      symbols.append(symbol)
    }
    if symbols.isEmpty { throw DataError.noSequences(path) }
    self = Alphabet(sorted: Self.sorted(symbols), kind: kind)
  }

  /// The characters of a text such as `a-z'`.
  private static func characters(_ text: String) throws -> [String] {
    let scalars = Array(text.unicodeScalars)
    var symbols: [Unicode.Scalar] = []
    var index = 0
    while index < scalars.count {
      let first = scalars[index]
      if index + 2 < scalars.count, scalars[index + 1] == "-" {
        let last = scalars[index + 2]
        guard first <= last else {
          throw DataError.malformedAlphabet(
            "the range \(first)-\(last) of \(VisibleText.quoted(text)) is empty, its first character comes after its last, and there "
              + "is no file of that name")
        }
        symbols += (first.value...last.value).compactMap(Unicode.Scalar.init)
        index += 3
      } else {
        symbols.append(first)
        index += 1
      }
    }
    return sorted(symbols.map { String(Character($0)) })
  }

  /// In code-point order, without repeats.
  private static func sorted(_ symbols: [String]) -> [String] {
    var unique: [String] = []
    for symbol in symbols.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    where !(unique.last?.utf8.elementsEqual(symbol.utf8) ?? false) {
      unique.append(symbol)
    }
    return unique
  }
}
