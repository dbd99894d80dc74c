/// Sequences, their alphabet, and where they come from.
public struct Dataset: Sendable {
  public var sequences: SequenceSet
  public var alphabet: Alphabet
  /// The file's name, without its folders.
  public var name: String
  /// The name of the format it was read in.
  public var format: String
  /// One long text: it is split by position.
  public var isText: Bool

  public init(sequences: SequenceSet, alphabet: Alphabet, name: String, format: String, isText: Bool = false) {
    self.sequences = sequences
    self.alphabet = alphabet
    self.name = name
    self.format = format
    self.isText = isText
  }
}

/// How a file is read.
public struct ReadOptions: Sendable {
  /// The name of a format; nil guesses it from the file's name.
  public var format: String?
  /// What a symbol is, where the format leaves it open and no alphabet says it.
  public var symbols: SymbolKind
  /// The symbol that stands for unseen ones.
  public var unknown: String?
  /// Where sequences lie that shall not be in memory.
  public var scratch: Scratch?

  public init(
    format: String? = nil, symbols: SymbolKind = .characters, unknown: String? = nil, scratch: Scratch? = nil
  ) {
    self.format = format
    self.symbols = symbols
    self.unknown = unknown
    self.scratch = scratch
  }
}

extension Dataset {
  /// Reads the file at `path`; "-" is standard input. Gzip is undone, whatever the file's name.
  ///
  /// The alphabet holds what the file holds, and `options.unknown`. With `alphabet` given it is that one, its kind says
  /// what a symbol is, and a symbol outside it counts as its `unknown`. With `inputWidth`, which is the training data's,
  /// x(t) must be of that many numbers, and with 0 there must be none.
  ///
  /// Throws `DataError`, with the place in the file where there is one, and `Scratch.Failure`. O(bytes); the file is streamed.
  public init(
    reading path: String, options: ReadOptions = ReadOptions(), alphabet: Alphabet? = nil, inputWidth: Int? = nil
  ) throws {
    var source = try ByteSource(opening: path)
    try self.init(reading: &source, options: options, alphabet: alphabet, inputWidth: inputWidth)
  }

  /// The same from a source that is open already; its name stands for the path.
  public init(
    reading source: inout ByteSource, options: ReadOptions = ReadOptions(), alphabet: Alphabet? = nil,
    inputWidth: Int? = nil
  ) throws {
    let format =
      try options.format.map { try SequenceFormats.named($0) } ?? SequenceFormats.guess(path: source.name)
    var builder = try SequenceBuilder(
      kind: format.kind(asked: alphabet?.kind ?? options.symbols), alphabet: alphabet, unknown: options.unknown,
      inputWidth: inputWidth, scratch: options.scratch)
    if builder.kind == .bytes { source.columnsAreBytes = true } else { try source.skipByteOrderMark() }
    try format.read(&source, into: &builder)
    if builder.count == 0 { throw DataError.noSequences(source.name) }
    let (sequences, found) = try builder.finished()
    if let inputWidth, inputWidth > sequences.inputWidth {
      // A format that has no inputs at all; the others say so where x is missing.
      throw DataError.malformed(
        Location(file: source.name, line: 1, column: 1),
        "expected x of \(numbers(inputWidth)) a step, as in the training data, found none")
    }
    self.init(
      sequences: sequences, alphabet: found, name: SequenceFormats.fileName(source.name), format: format.name,
      isText: format.isText)
  }
}
