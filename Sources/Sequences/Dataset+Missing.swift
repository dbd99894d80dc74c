extension Dataset {
  /// The same data where a symbol is no symbol but the mark of an element that is not known. O(symbols).
  /// - Throws: `DataError.malformed` where nothing else is in the data.
  public func markingMissing(_ mark: String) throws -> Dataset {
    guard let gap = alphabet.index(of: mark) else { return self }
    var names = alphabet.symbols
    names.remove(at: gap)
    guard !names.isEmpty else {
      throw DataError.malformed(
        Location(file: name, line: 1, column: 1), "expected a symbol, found \(VisibleText.quoted(mark)) for all of them"
      )
    }
    var missing: [Int] = []
    var row = 0
    let known = (0..<sequences.count).map { number in
      sequences[number].map { symbol -> Symbol in
        if symbol == gap { missing.append(row) }
        row += 1
        return symbol == gap ? 0 : symbol > gap ? symbol - 1 : symbol
      }
    }
    var data = self
    data.schema = Alphabet(
      sorted: names, kind: alphabet.kind,
      unknown: alphabet.unknown.flatMap { $0 == gap ? nil : $0 > gap ? $0 - 1 : $0 })
    data.sequences = SequenceSet(known, alphabetSize: names.count, inputs: sequences.inputs, missing: missing)
    return data
  }
}

extension Alphabet {
  /// The alphabet with one more symbol, if it does not have it.
  package func adding(_ symbol: String) throws -> Alphabet {
    if index(of: symbol) != nil { return self }
    let names = (symbols + [symbol]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return try Alphabet(symbols: names, kind: kind, unknown: unknown.map { symbols[$0] })
  }
}

/// What stands for gaps and around sets of symbols in sequences that are read with unseen symbols kept.
package struct GapMarks: Sendable {
  package var gap: String
  package var begin: String
  package var end: String

  /// Those of JSON lines, which have null and lists: no text is one of them.
  package static let json = GapMarks(gap: "\u{10FFFF}null", begin: "\u{10FFFF}[", end: "\u{10FFFF}]")
  /// Those of lines.
  package static func lines(_ gap: String) -> GapMarks { GapMarks(gap: gap, begin: "[", end: "]") }
}
