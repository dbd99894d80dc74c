/// What a format hands its sequences to.
///
///     try builder.append(bytes, at: source.location())
///     builder.endSequence()
///
/// The builder numbers the symbols, and knows the alphabet that they must be of, if there is one.
package struct SequenceBuilder: ~Copyable {
  /// What the symbols are: scalars (`characters`, `bytes`), or strings.
  package var kind: SymbolKind { table.kind }
  private var table: SymbolTable
  private let unknown: String?
  private var elements: PackedBuffer
  private var offsets: PackedBuffer
  private let scratch: Scratch?
  /// The inputs of the sequences, in a format that has them.
  var inputs: InputBuilder
  /// Whether symbols that the alphabet does not have are kept in mind instead of refused.
  let keepsUnseen: Bool
  /// The symbol that stands for an element that is not known, in a format that has none of its own for it.
  var missing: String?
  /// Those symbols, in the order of reading.
  private(set) var unseen: [UnseenSymbol] = []
  /// What `appendRun` does with a byte: append the symbol of this number, end the sequence, or stop.
  private var actions = [UInt32](repeating: stop, count: 256)

  private static let stop: UInt32 = 1 << 31
  /// To stop even where the byte is a symbol.
  private static let alwaysStop: UInt32 = 1 << 31 | 1
  private static let end: UInt32 = 1 << 30

  /// A builder for symbols of `kind`, of `alphabet` if there is one, and for inputs of `inputWidth` numbers if it is given.
  ///
  /// With `scratch` the sequences lie there. Throws `DataError.malformedAlphabet` where `unknown` is empty or not in
  /// `alphabet`.
  ///
  /// With `keepsUnseen` a symbol that `alphabet` does not have is the first one in the sequences, and one of `unseen`.
  package init(
    kind: SymbolKind, alphabet: Alphabet?, unknown: String?, inputWidth: Int? = nil, scratch: Scratch? = nil,
    keepsUnseen: Bool = false
  ) throws {
    if unknown == "" { throw DataError.malformedAlphabet("the symbol for unseen symbols is empty") }
    var alphabet = alphabet
    if let given = alphabet, given.unknown == nil, let unknown { alphabet = try given.marking(unknown: unknown) }
    table = SymbolTable(kind: kind, alphabet: alphabet)
    self.unknown = unknown
    self.scratch = scratch
    self.keepsUnseen = keepsUnseen
    elements = PackedBuffer(scratch: scratch)
    offsets = PackedBuffer(scratch: scratch)
    inputs = InputBuilder(widthInTraining: inputWidth)
    offsets.widen(toHold: 1 << 31)
    offsets.append(0)
    if let alphabet { elements.widen(toHold: alphabet.size - 1) }
  }

  /// The number of sequences that have ended.
  package var count: Int { offsets.count - 1 }

  /// Ends the present sequence and begins the next.
  package mutating func endSequence() { offsets.append(elements.count) }

  /// Appends the symbol with these bytes, which are not empty and valid UTF-8. The kind must be one of strings.
  ///
  /// Throws `DataError.unknownSymbol` with `location` where the alphabet does not have it.
  @inline(__always)
  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, at location: @autoclosure () -> Location) throws {
    try append(number: number(of: bytes), location) { String(decoding: bytes, as: UTF8.self) }
  }

  /// The same for a string.
  package mutating func append(_ symbol: String, at location: @autoclosure () -> Location) throws {
    try append(number: number(of: symbol), location) { symbol }
  }

  /// Appends a Unicode scalar, or a byte. The kind must be one of scalars. Throws as the others do.
  @inline(__always)
  package mutating func append(scalar value: UInt32, at location: @autoclosure () -> Location) throws {
    precondition(table.isOfScalars, "a symbol is of the builder's kind")
    let number = table.number(ofScalar: value)
    try append(number: number, location) { Unicode.Scalar(value).map { String(Character($0)) } ?? "" }
    // From now on a run passes over it. (From 0x80 on, bytes belong to longer scalars.)
    if value < 0x80 || kind == .bytes, actions[Int(value)] == Self.stop, number < Self.end {
      actions[Int(value)] = number
    }
  }

  /// The number of a symbol, seen or not; `SymbolTable.absent` where the alphabet does not have it.
  @inline(__always) mutating func number(of bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    precondition(!table.isOfScalars && !bytes.isEmpty, "a symbol is not empty, and of the builder's kind")
    return table.number(of: bytes)
  }

  mutating func number(of symbol: String) -> UInt32 {
    var symbol = symbol
    return symbol.withUTF8 { number(of: $0) }
  }

  @inline(__always)
  mutating func append(number: UInt32, _ location: () -> Location, name: () -> String) throws {
    if number == SymbolTable.absent { return try appendUnseen(location(), name()) }
    if elements.isFull { try checkMemory(1, location().file) }
    elements.append(Int(number))
  }

  /// Checks that there is room for so many more symbols, and that the alphabet leaves some.
  private func checkMemory(_ additional: Int, _ file: String) throws {
    guard let scratch else {
      return try AvailableMemory.check(
        elements.growth(for: additional) + offsets.growth(for: additional), reading: file)
    }
    try scratch.check()
    try checkAlphabet(scratch)
  }

  /// The alphabet does not lie on disk.
  /// - Throws: `Scratch.Failure.alphabetTooLarge`.
  private func checkAlphabet(_ scratch: Scratch) throws {
    let needed = Scratch.memoryOfProgram + table.memoryWhenFinished
    if needed > scratch.limit {
      throw Scratch.Failure.alphabetTooLarge(symbols: table.count, needed: needed, limit: scratch.limit)
    }
  }

  /// Appends the first symbol in place of one that the alphabet does not have, and keeps it in mind, or refuses it.
  private mutating func appendUnseen(_ location: Location, _ symbol: String) throws {
    guard keepsUnseen else {
      throw DataError.unknownSymbol(location, symbol: symbol, advice: table.alphabet?.adviceOnNormalForm(of: symbol))
    }
    unseen.append(UnseenSymbol(sequence: count, time: elements.count - offsets.last, symbol: symbol))
    if elements.isFull { try checkMemory(1, location.file) }
    elements.append(0)
  }

  /// The sequences and their alphabet. O(symbols) where their numbers are not the alphabet's yet.
  consuming func finished() throws -> (SequenceSet, Alphabet) {
    if let scratch {
      try scratch.check()
      try checkAlphabet(scratch)
    }
    let (alphabet, ranks) = try table.finished(unknown: unknown)
    if let ranks {
      elements.widen(toHold: alphabet.size - 1)
      elements.replace(by: ranks)
    }
    let bounds = SequenceBounds(offsets.finished())
    let set = SequenceSet(
      SymbolRows(elements.finished(), alphabetSize: alphabet.size), bounds, inputs: inputs.finished(bounds),
      scratch: scratch)
    return (set, alphabet)
  }
}

// MARK: - Runs of known symbols

extension SequenceBuilder {
  /// Makes LF the end of a sequence for `appendRun`.
  mutating func endSequencesAtLineFeeds() { actions[Int(lineFeed)] = Self.end }

  /// Makes `appendRun` stop at a byte whose meaning depends on what follows, though it may be a symbol.
  mutating func stopRuns(at byte: UInt8) { actions[Int(byte)] = Self.alwaysStop }

  /// Appends bytes from `source` as long as each is a symbol seen before, or ends a sequence: the fast path of reading
  /// characters. It stops where anything else stands, and at the end of the block.
  mutating func appendRun(from source: inout ByteSource) throws {
    let bytes = source.unread
    try checkMemory(bytes.count, source.name)
    elements.reserve(bytes.count)
    offsets.reserve(bytes.count)
    offsets.widen(toHold: elements.count + bytes.count)
    let read =
      switch (elements.width, offsets.width) {
      case (1, 4): appendRun(bytes, UInt8.self, UInt32.self)
      case (2, 4): appendRun(bytes, UInt16.self, UInt32.self)
      case (_, 4): appendRun(bytes, UInt32.self, UInt32.self)
      case (1, _): appendRun(bytes, UInt8.self, UInt64.self)
      case (2, _): appendRun(bytes, UInt16.self, UInt64.self)
      default: appendRun(bytes, UInt32.self, UInt64.self)
      }
    source.advance(by: read)
  }

  /// Where a line ends cannot be predicted, so nothing branches there: each byte is written as a symbol and as an
  /// offset, and only one of the two is kept.
  private mutating func appendRun<Element: FixedWidthInteger, Offset: FixedWidthInteger>(
    _ bytes: UnsafeBufferPointer<UInt8>, _: Element.Type, _: Offset.Type
  ) -> Int {
    let before = elements.count
    let elementEnd = elements.end(as: Element.self)
    let offsetEnd = offsets.end(as: Offset.self)
    let (read, ends) = actions.withUnsafeBufferPointer { actions in
      var read = 0
      var ends = 0
      while read < bytes.count {
        let action = actions[Int(bytes[read])]
        if action >= Self.stop { break }
        let symbols = read &- ends
        elementEnd[symbols] = Element(truncatingIfNeeded: action)
        offsetEnd[ends] = Offset(truncatingIfNeeded: before &+ symbols)
        ends &+= Int(action >> 30)
        read &+= 1
      }
      return (read, ends)
    }
    elements.grow(by: read - ends)
    offsets.grow(by: ends)
    return read
  }
}
