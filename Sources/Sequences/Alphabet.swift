import Support

/// What one symbol of a text is.
public enum SymbolKind: String, Sendable, Codable, CaseIterable {
  /// Unicode scalars.
  case characters
  /// Grapheme clusters: what a reader takes for one letter.
  case graphemes
  /// Runs of anything but blanks.
  case words
  /// Bytes, each named by the scalar U+0000…U+00FF.
  case bytes
}

/// The symbols that sequences are made of, each with an index.
///
///     let alphabet = try Alphabet(symbols: ["a", "b"], kind: .characters)
///     alphabet.index(of: "b")          // 1
///     alphabet.text(of: [1, 0])        // "ba"
///
/// Symbols stand in code-point order, which is the order of their UTF-8 bytes and for integers that of their digits:
/// "0", "1", "10", "2". Two symbols are the same where their scalars are: "é" composed and decomposed are two.
public struct Alphabet: Sendable {
  /// The symbols' names, in code-point order.
  public let symbols: [String]
  /// What one symbol of a text is.
  public let kind: SymbolKind
  /// The symbol that stands for all unseen ones; nil where an unseen symbol is an error.
  public let unknown: Symbol?

  /// k, the number of symbols.
  public var size: Int { symbols.count }

  /// The alphabet of these symbols; it may be empty. O(total length).
  ///
  /// Throws `DataError.malformedAlphabet` where a symbol is empty or not greater than the one before it, and where
  /// `unknown` is not one of them.
  public init(symbols: [String], kind: SymbolKind, unknown: String? = nil) throws {
    for (i, symbol) in symbols.enumerated() {
      if symbol.isEmpty { throw DataError.malformedAlphabet("symbol \(i) is empty") }
      if i > 0, !precedes(symbols[i - 1], symbol) {
        let pair = "\(VisibleText.quoted(symbols[i - 1])) and \(VisibleText.quoted(symbol))"
        throw DataError.malformedAlphabet("\(pair) stand side by side, which is not code-point order without repeats")
      }
    }
    self.init(sorted: symbols, kind: kind)
    if let unknown { self = try marking(unknown: unknown) }
  }

  /// Trusts that `sorted` is in code-point order, without repeats and empty symbols.
  init(sorted: [String], kind: SymbolKind, unknown: Symbol? = nil) {
    self.symbols = sorted
    self.kind = kind
    self.unknown = unknown
  }

  /// The same alphabet, in which `symbol` stands for the unseen ones.
  func marking(unknown symbol: String) throws -> Alphabet {
    guard let index = index(of: symbol) else {
      let name = VisibleText.quoted(symbol)
      throw DataError.malformedAlphabet("\(name), which is to stand for unseen symbols, is not one of the symbols")
    }
    return Alphabet(sorted: symbols, kind: kind, unknown: index)
  }

  /// The same symbols, of which none stands for unseen ones.
  package var withoutUnknown: Alphabet { Alphabet(sorted: symbols, kind: kind) }

  /// The index of `symbol`, or nil. By binary search, O(log size).
  public func index(of symbol: String) -> Symbol? {
    let index = lowerBound(0, size) { precedes(symbols[$0], symbol) }
    return index < size && symbols[index].utf8.elementsEqual(symbol.utf8) ? index : nil
  }

  /// The sequence as a person reads it: words with blanks between them, everything else side by side.
  public func text(of sequence: some Sequence<Symbol>) -> String {
    sequence.lazy.map { symbols[$0] }.joined(separator: kind == .words ? " " : "")
  }

  /// The sequence as a file holds it: its text in UTF-8, or the bytes themselves.
  package func bytes(of sequence: some Sequence<Symbol>) -> [UInt8] {
    guard kind == .bytes else { return Array(text(of: sequence).utf8) }
    return sequence.flatMap { symbol -> [UInt8] in
      let scalars = symbols[symbol].unicodeScalars
      if scalars.count == 1, let value = scalars.first?.value, let byte = UInt8(exactly: value) { return [byte] }
      return Array(symbols[symbol].utf8)  // the name of `unknown`, which need not be a byte's
    }
  }
}

/// Code-point order. (String's own `<` takes canonically equivalent strings for equal.)
private func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

extension Alphabet: Hashable {
  /// Whether both have the same symbols, scalar by scalar, and the same kind and unknown symbol. O(total length).
  public static func == (a: Alphabet, b: Alphabet) -> Bool {
    a.kind == b.kind && a.unknown == b.unknown && a.size == b.size
      && zip(a.symbols, b.symbols).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
  }

  /// Hashes what `==` compares. O(total length).
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(unknown)
    for symbol in symbols {
      for byte in symbol.utf8 { hasher.combine(byte) }
      hasher.combine(UInt8.max)  // occurs in no UTF-8
    }
  }
}

extension Alphabet: Codable {
  private enum CodingKeys: String, CodingKey { case symbols, kind, unknown }

  /// `unknown` is stored by its name. Decoding checks what `init(symbols:kind:unknown:)` checks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      symbols: container.decode([String].self, forKey: .symbols),
      kind: container.decode(SymbolKind.self, forKey: .kind),
      unknown: container.decodeIfPresent(String.self, forKey: .unknown))
  }

  /// Writes symbols, kind and the unknown symbol's name. O(total length).
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(symbols, forKey: .symbols)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(unknown.map { symbols[$0] }, forKey: .unknown)
  }
}
