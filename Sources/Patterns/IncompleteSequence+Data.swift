import Sequences

extension IncompleteSequence {
  /// The sequences of a file with gaps, read with the symbols that a model does not know kept (`UnseenSymbolPolicy.kept`): a
  /// mark stands for an element that is not known, and `[` … `]` around symbols for one of them.
  /// JSON lines have null and lists for these.
  /// - Throws: `DataError.unknownSymbol` for any other symbol that the alphabet does not have; `DataError.malformed` for a set
  ///   that is empty or does not end.
  public static func sequences(of data: Dataset, missing: String) throws -> [IncompleteSequence] {
    let marks = data.format == JSONLinesFormat.name ? GapMarks.json : GapMarks.lines(missing)
    let unseen = Dictionary(grouping: data.unseen, by: \.sequence)
    return try (0..<data.sequences.count).map { number in
      let known = data.sequences[number].map { Element.symbol($0) }
      guard let found = unseen[number] else { return IncompleteSequence(known) }
      return try IncompleteSequence(reading: known, found, data, marks, missing)
    }
  }

  /// - Parameter found: the symbols of the sequence that the alphabet does not have, in order.
  private init(
    reading known: [Element], _ found: [UnseenSymbol], _ data: Dataset, _ marks: GapMarks, _ missing: String
  ) throws {
    let names = Dictionary(uniqueKeysWithValues: found.map { ($0.time, $0.symbol) })
    func location(_ time: Int) -> Location {
      Location(file: data.name, line: found[0].sequence + 1, column: data.alphabet.kind == .words ? 1 : time + 1)
    }
    var (elements, set) = ([Element](), nil as (begin: Int, symbols: [Symbol])?)
    func end(_ time: Int) throws {
      guard let ended = set, !ended.symbols.isEmpty else {
        throw DataError.malformed(location(time), "expected symbols between [ and ], found \"]\"")
      }
      elements.append(.oneOf(ended.symbols))
      set = nil
    }
    for (time, element) in known.enumerated() {
      guard var name = names[time] else {
        if case .symbol(let symbol) = element, set != nil {
          set?.symbols.append(symbol)
        } else {
          elements.append(element)
        }
        continue
      }
      if name == marks.gap || name == missing, set == nil {
        elements.append(.anything)
        continue
      }
      if name.hasPrefix(marks.begin), set == nil {
        set = (time, [])
        name.removeFirst(marks.begin.count)
      }
      let isEnd = name.hasSuffix(marks.end) && set != nil
      if isEnd { name.removeLast(marks.end.count) }
      if !name.isEmpty {
        guard set != nil, let symbol = data.alphabet.index(of: name) else {
          throw DataError.unknownSymbol(
            location(time), symbol: name,
            advice: "\(VisibleText.quoted(missing)) stands for an element that is not known, which --missing changes")
        }
        set?.symbols.append(symbol)
      }
      if isEnd { try end(time) }
    }
    if let set { throw DataError.malformed(location(set.begin), "expected ] at the end of a set of symbols") }
    self.init(elements)
  }
}
