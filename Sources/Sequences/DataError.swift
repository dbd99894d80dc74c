import Support

/// A place in a file. Line and column count from 1, columns in Unicode scalars (in bytes where symbols are bytes).
public struct Location: Sendable, Equatable, CustomStringConvertible {
  /// The file's name.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1.
  public var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// file:line:column.
  public var description: String { "\(file):\(line):\(column)" }
}

/// What can be wrong with data from outside. Each description is a sentence for a person.
public enum DataError: Error, Equatable, CustomStringConvertible {
  /// There is no such file. The advice, if there is any, is a clause that says what can be given.
  case missingFile(String, advice: String? = nil)
  /// A file that cannot be opened or read.
  case unreadable(String, reason: String)
  /// A file of which the memory cannot hold what is needed, in bytes.
  case tooLarge(String, needed: Int, available: Int)
  /// A file that became shorter while it was read.
  case shortened(String)
  /// The location is that of the first byte that begins no well-formed scalar.
  case notUTF8(Location, byte: UInt8)
  /// The advice, if there is any, is a clause that says what helps.
  case unknownSymbol(Location, symbol: String, advice: String? = nil)
  /// A level that a column of the training data does not have. The advice is a clause.
  case unknownLevel(Location, column: String, level: String, advice: String)
  /// The text says what was expected and what stands there.
  case malformed(Location, String)
  /// Numbers that are not integers, or vectors, where symbols are asked for.
  case realValues(Location)
  /// An element that is not known: null in JSON, ? or nothing in tables.
  case missingElement(Location)
  /// Damaged gzip data.
  case corruptGzip(String, reason: String)
  /// A file without any sequence.
  case noSequences(String)
  /// A file that is something else than sequences.
  case foreign(String, ForeignContent)
  /// Symbols other than those that were asked for.
  case otherSymbols(asked: SymbolKind, reason: String)
  /// Numbers of another kind than the one that was asked for.
  case otherValues(asked: ElementKind.Values, reason: String)
  /// A part that a file does not name.
  case noSuchPart(String, part: String, known: [String])
  /// A name of a format, given by the user.
  case unknownFormat(String, known: [String])
  /// An alphabet whose symbols are empty, repeated or out of order.
  case malformedAlphabet(String)
  /// A data set that cannot be divided as asked.
  case cannotSplit(String, reason: String)
  /// Evidence that has probability 0, as a sentence without its point.
  case impossibleEvidence(String)
  /// Inputs x that a model cannot look at.
  case unusableInput(model: String, reason: String)

  /// What is wrong and where, as a sentence.
  public var description: String {
    switch self {
    case .missingFile(let file, let advice): "\(file): there is no such file\(advice.map { "; " + $0 } ?? "")."
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)."
    case .tooLarge(let file, let needed, let available):
      "\(file): there is not enough memory to read it: it needs \(needed >> 20) MB more, and \(available >> 20) MB can be had."
    case .shortened(let file): "\(file): the file was made shorter while it was read."
    case .notUTF8(let location, let byte):
      "\(location): the byte 0x\(byte.hexadecimal(digits: 2, uppercase: true)) is not valid UTF-8 here; `iconv -f latin1 -t UTF-8` converts a file in Latin-1, "
        + "and with `--symbols bytes` lines and texts may hold any bytes."
    case .unknownSymbol(let location, let symbol, let advice):
      "\(location): the symbol \(named(symbol)) is not in the alphabet\(advice.map { "; " + $0 } ?? "")."
    case .unknownLevel(let location, let column, let level, let advice):
      "\(location): the column \(VisibleText.quoted(column)) of the training data has no level \(named(level)); \(advice)."
    case .malformed(let location, let problem): "\(location): \(problem)."
    case .realValues(let location):
      "\(location): a real number or a vector, where a symbol is expected. Symbols are strings or integers; `--values reals` "
        + "reads a file of numbers as such."
    case .missingElement(let location):
      "\(location): an element is missing here (null, ?, NA or nothing); fill it in, or leave its sequence out."
    case .corruptGzip(let file, let reason): "\(file): the gzip data are damaged: \(reason)."
    case .foreign(let file, let content): "\(file): this is \(content.name); \(content.advice)."
    case .otherSymbols(let asked, let reason): "--symbols \(asked.rawValue): \(reason)."
    case .otherValues(let asked, let reason): "--values \(asked.rawValue): \(reason)."
    case .noSuchPart(let file, let part, let known):
      "\(file): there is no part \(VisibleText.quoted(part)); "
        + (known.isEmpty ? "the file names no parts." : "the parts are \(known.joined(separator: ", ")).")
    case .noSequences(let file): "\(file): there are no sequences in it."
    case .unknownFormat(let name, let known):
      "There is no format \(VisibleText.quoted(name)); the formats are \(known.joined(separator: ", "))."
    case .malformedAlphabet(let problem): "The alphabet is malformed: \(problem)."
    case .cannotSplit(let name, let reason): "\(name): cannot be split: \(reason)."
    case .impossibleEvidence(let sentence): "\(sentence)."
    case .unusableInput(let model, let reason): "\(model): \(reason)."
    }
  }
}

/// A symbol in quotation marks; one that hardly shows with its numbers in Unicode.
private func named(_ symbol: String) -> String {
  let scalars = symbol.unicodeScalars
  let isPlain = scalars.allSatisfy {
    $0.isASCII || $0.properties.isAlphabetic && $0.properties.canonicalCombiningClass == .notReordered
  }
  if isPlain || scalars.count > 4 { return VisibleText.quoted(symbol) }
  let numbers = scalars.map { "U+" + $0.value.hexadecimal(digits: 4, uppercase: true) }
  return "\(VisibleText.quoted(symbol)) (\(numbers.joined(separator: " ")))"
}
