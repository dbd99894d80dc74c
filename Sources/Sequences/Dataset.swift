/// Sequences of symbols, their alphabet, and where they come from.
public typealias Dataset = SequenceData<SymbolRows>

/// Sequences of vectors, their columns, and where they come from.
public typealias VectorDataset = SequenceData<VectorRows<Double>>

/// Sequences, what their elements are called, and where they come from.
public struct SequenceData<Rows: RowStorage>: Sendable {
  /// The sequences.
  public var sequences: Sequences<Rows>
  /// What their elements are called: the alphabet, or the columns of vectors.
  public var schema: Rows.Schema
  /// The file's name, without its folders.
  public var name: String
  /// The name of the format it was read in.
  public var format: String
  /// One long text: it is split by position.
  public var isText: Bool
  /// How many times each sequence counts; `nil` where all count once. Splits keep the copies of a sequence together.
  public var weights: [Int]?
  /// Symbols that the given alphabet does not have, where they are kept; the sequences hold its first symbol instead.
  public var unseen: [UnseenSymbol] = []
  /// What a person should know about how the file was read, a sentence each.
  public var remarks: [String] = []
  /// The parts that the file names, such as train, valid and test; empty where it names none. `sequences` are those of train, or
  /// of the first part that has some.
  public var parts: [SequencePart<Rows>] = []
  /// The width of the uniform noise that was added to each component; empty where none was.
  public var jitter: [Double] = []

  /// A data set of sequences that are in memory; their elements must be those of the schema.
  public init(sequences: Sequences<Rows>, schema: Rows.Schema, name: String, format: String, isText: Bool = false) {
    self.sequences = sequences
    self.schema = schema
    self.name = name
    self.format = format
    self.isText = isText
  }
}

extension Dataset {
  /// A data set of sequences that are in memory; their symbols must be those of the alphabet.
  public init(sequences: SequenceSet, alphabet: Alphabet, name: String, format: String, isText: Bool = false) {
    self.init(sequences: sequences, schema: alphabet, name: name, format: format, isText: isText)
  }

  /// What their symbols are called.
  public var alphabet: Alphabet {
    get { schema }
    set { schema = newValue }
  }
}

extension VectorDataset {
  /// What their components are called.
  public var columns: Columns { schema }
}

/// A symbol that an alphabet does not have, and where it stands.
public struct UnseenSymbol: Sendable, Equatable {
  /// The number of the sequence, from 0.
  public var sequence: Int
  /// Its index in the sequence, from 0.
  public var time: Int
  /// The symbol's name.
  public var symbol: String

  package init(sequence: Int, time: Int, symbol: String) {
    self.sequence = sequence
    self.time = time
    self.symbol = symbol
  }
}

/// What becomes of symbols that a given alphabet does not have.
public enum UnseenSymbolPolicy: Sendable {
  /// They count as the alphabet's unknown symbol if it has one, and are refused otherwise.
  case unknown
  /// They are refused, even where the alphabet has an unknown symbol.
  case refused
  /// They are listed in `Dataset.unseen`, even where the alphabet has an unknown symbol.
  case kept
}

/// How a file is read.
public struct ReadOptions: Sendable {
  /// The name of a format; nil guesses it from the file's name.
  public var format: String?
  /// What a symbol is; nil leaves it to the format and the alphabet, and where those leave it open to characters.
  public var symbols: SymbolKind?
  /// The symbol that stands for unseen ones.
  public var unknown: String?
  /// What becomes of unseen symbols where an alphabet is given.
  public var unseen = UnseenSymbolPolicy.unknown
  /// The name that null in JSON lines is read as, an element that is not known; null is refused where there is none.
  public var missing: String?
  /// What the numbers of vectors are; nil takes the narrowest kind that holds all of them: bits, then counts (if no number is
  /// written with a point or an exponent), then real numbers. Where a format may hold symbols as well, integers are numbers
  /// only if this is given.
  public var values: ElementKind.Values?
  /// Frames a quarter note, 1 … 960, on which the notes of MIDI files are placed.
  public var grid = 1
  /// Whether each line ends with a tab and the number of times that its sequence counts.
  public var weights = false
  /// Where sequences lie that shall not be in memory.
  public var scratch: Scratch?

  /// Options; by default the format is guessed and everything lies in memory.
  public init(
    format: String? = nil, symbols: SymbolKind? = nil, values: ElementKind.Values? = nil, unknown: String? = nil,
    scratch: Scratch? = nil
  ) {
    self.format = format
    self.symbols = symbols
    self.values = values
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
  /// Where no format is asked for it is guessed from the file's name, and where that says nothing JSON lines are known by
  /// their beginning. A file with CR and no LF has its lines ended by CR. Remarks tell of both.
  ///
  /// Throws `DataError`, with the place in the file where there is one, and `Scratch.Failure`. O(bytes); the file is streamed.
  public init(
    reading path: String, options: ReadOptions = ReadOptions(), alphabet: Alphabet? = nil, inputWidth: Int? = nil
  ) throws {
    var source = try ByteSource(opening: path)
    try self.init(reading: &source, options: options, alphabet: alphabet, inputWidth: inputWidth)
  }

  /// The same from a source that is open already; its name stands for the path.
  package init(
    reading source: inout ByteSource, options: ReadOptions = ReadOptions(), alphabet: Alphabet? = nil,
    inputWidth: Int? = nil
  ) throws {
    if options.weights {
      self = try Self.weighted(&source, options, alphabet)
      return
    }
    let detected = try DetectedFormat(of: &source, options, holdsBytes: (options.symbols ?? alphabet?.kind) == .bytes)
    guard let format = detected.format as? any SymbolFormat.Type else {
      throw DataError.realValues(Location(file: source.name, line: 1, column: 1))
    }
    var remarks = detected.remark.map { [$0] } ?? []
    let kind = try Self.kind(of: format, alphabet, asked: options.symbols)
    var builder = try SequenceBuilder(
      kind: kind, alphabet: options.unseen == .unknown ? alphabet : alphabet?.withoutUnknown,
      unknown: options.unseen == .unknown ? options.unknown : nil, inputWidth: inputWidth, scratch: options.scratch,
      keepsUnseen: options.unseen == .kept)
    builder.missing = options.missing
    if kind == .bytes {
      source.columnsAreBytes = true
    } else {
      try source.skipByteOrderMark()
      if try source.endLinesAtLoneReturns() {
        remarks.append(source.remarkOnLoneReturns)
      }
    }
    try format.read(&source, into: &builder)
    if builder.count == 0 { throw DataError.noSequences(source.name) }
    let unseen = builder.unseen
    let (sequences, found) = try builder.finished()
    if let inputWidth, inputWidth > sequences.inputWidth {
      // A format that has no inputs at all; the others say so where x is missing.
      throw DataError.malformed(
        Location(file: source.name, line: 1, column: 1),
        "expected x of \(numbers(inputWidth)) a step, as in the training data, found none")
    }
    self.init(
      sequences: sequences, alphabet: options.unseen == .unknown ? found : alphabet ?? found,
      name: SequenceFormats.fileName(source.name), format: format.name,
      isText: format.isText)
    self.unseen = unseen
    self.remarks = remarks
  }

  /// What the symbols are. Throws `DataError.otherSymbols` where that is not what is asked for.
  private static func kind(
    of format: any SymbolFormat.Type, _ alphabet: Alphabet?, asked: SymbolKind?
  ) throws -> SymbolKind {
    if let fixed = format.fixedKind {
      guard let asked, asked != fixed else { return fixed }
      throw DataError.otherSymbols(
        asked: asked,
        reason: "the symbols of \(format.name) are \(fixed == .words ? "what the file names" : "its letters")")
    }
    guard let alphabet else { return asked ?? .characters }
    if let asked, asked != alphabet.kind {
      throw DataError.otherSymbols(
        asked: asked, reason: "the symbols of the training data are \(alphabet.kind.rawValue)")
    }
    return alphabet.kind
  }
}
