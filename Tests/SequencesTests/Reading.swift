import Sequences

/// Reads `text` as if it were a file of this name.
func read(
  _ text: String, name: String = "data.txt", format: String? = nil, symbols: SymbolKind? = nil,
  unknown: String? = nil, alphabet: Alphabet? = nil, inputWidth: Int? = nil,
  blockSize: Int = ByteSource.defaultBlockSize
) throws -> Dataset {
  try read(
    Array(text.utf8), name: name, format: format, symbols: symbols, unknown: unknown, alphabet: alphabet,
    inputWidth: inputWidth, blockSize: blockSize)
}

func read(
  _ bytes: [UInt8], name: String = "data.txt", format: String? = nil, symbols: SymbolKind? = nil,
  unknown: String? = nil, alphabet: Alphabet? = nil, inputWidth: Int? = nil,
  blockSize: Int = ByteSource.defaultBlockSize
) throws -> Dataset {
  var source = try ByteSource(bytes: bytes, name: name, blockSize: blockSize)
  return try Dataset(
    reading: &source, options: ReadOptions(format: format, symbols: symbols, unknown: unknown), alphabet: alphabet,
    inputWidth: inputWidth)
}

extension Dataset {
  /// The sequences by the names of their symbols.
  var named: [[String]] {
    (0..<sequences.count).map { sequences[$0].map { alphabet.symbols[$0] } }
  }

  /// The sequences as text.
  var texts: [String] { (0..<sequences.count).map { alphabet.text(of: sequences[$0]) } }
}

extension SequenceSet {
  var arrays: [[Symbol]] { (0..<count).map { Array(self[$0]) } }
}

/// What a read gives, whether it succeeds or not, in a form that compares.
struct Outcome: Equatable {
  var sequences: [[Symbol]] = []
  var alphabet: Alphabet?
  var inputs: [[[Float]?]]?
  var error: DataError?

  init(_ body: () throws -> Dataset) throws {
    do {
      let data = try body()
      sequences = data.sequences.arrays
      alphabet = data.alphabet
      inputs = data.sequences.inputArrays
    } catch let error as DataError {
      self.error = error
    }
  }
}

/// A place in "data.txt".
func at(_ line: Int, _ column: Int, file: String = "data.txt") -> Location {
  Location(file: file, line: line, column: column)
}
