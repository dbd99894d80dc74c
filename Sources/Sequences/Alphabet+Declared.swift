import Foundation

extension Alphabet {
  /// An alphabet that is declared apart from the data, so that parts of them and published protocols share the same events.
  ///
  /// - Parameter text: `from:FILE` for the symbols of a data file, a file with a symbol a line, or characters and ranges of
  ///   them such as `a-z` or `a-zA-Z'`. The symbol for unseen ones that the options name is added.
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
    if FileManager.default.fileExists(atPath: text) {
      return try Self(symbolsIn: text, options.symbols ?? .characters)
    }
    guard options.symbols ?? .characters == .characters, !text.isEmpty, !text.contains("/"), !text.contains(".") else {
      throw DataError.missingFile(text)
    }
    return Alphabet(sorted: try characters(text), kind: .characters)
  }

  /// Reads a file with a symbol a line.
  private init(symbolsIn path: String, _ kind: SymbolKind) throws {
    let lines = String(decoding: try WholeFile.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    var symbols: [String] = []
    for (index, line) in lines.enumerated() {
      let symbol = line.last == "\r" ? String(line.dropLast()) : line
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
            "the range \(first)-\(last) is empty: its first character comes after its last")
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
