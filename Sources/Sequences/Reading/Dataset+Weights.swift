/// Weights: how many times each sequence of a file counts.
extension SequenceData {
  /// All sequences, each as many times as it counts. O(symbols and copies).
  public var weightedSequences: Sequences<Rows> {
    weights == nil ? sequences : sequences.selecting(copies(of: Array(0..<sequences.count)))
  }

  /// A part of the sequences, with their copies, for a learning curve.
  package func part(_ fraction: Double, seed: UInt64) -> Self {
    var part = self
    if let numbers = sequences.numbersOfPart(fraction, seed: seed) {
      part.sequences = sequences.selecting(numbers)
      part.weights = weights.map { weights in numbers.map { weights[$0] } }
    } else {
      (part.sequences, part.weights) = (weightedSequences.part(fraction, seed: seed), nil)
    }
    return part
  }

  /// The numbers of sequences, each as many times as it counts.
  package func copies(of numbers: [Int]) -> [Int] {
    guard let weights else { return numbers }
    return numbers.flatMap { repeatElement($0, count: weights[$0]) }
  }
}

extension Dataset {
  /// Copies of symbols beyond which a weighted file is refused.
  private static let mostSymbols = 1 << 30

  /// Reads lines of a sequence, a tab and the number of times that it counts.
  /// - Throws: `DataError`, also where a line has no such number, and where the copies would be too many to keep.
  static func weighted(_ source: inout ByteSource, _ options: ReadOptions, _ alphabet: Alphabet?) throws -> Dataset {
    var options = options
    options.weights = false
    guard options.format == nil || options.format == LinesFormat.name else {
      throw DataError.malformed(
        Location(file: source.name, line: 1, column: 1), "expected lines of a sequence, a tab and a count (--weights)")
    }
    options.format = LinesFormat.name
    try source.skipByteOrderMark()
    var text: [UInt8] = []
    var weights: [Int] = []
    while true {
      let line = source.location().line
      guard let bytes = try source.nextLine() else { break }
      guard let tab = bytes.lastIndex(of: UInt8(ascii: "\t")),
        let count = Int(String(decoding: bytes[(tab + 1)...], as: UTF8.self)), count >= 0
      else {
        throw DataError.malformed(
          Location(file: source.name, line: line, column: 1),
          "expected a sequence, a tab and the number of times that it counts, such as emma<TAB>12")
      }
      text += bytes[..<tab]
      text.append(UInt8(ascii: "\n"))
      weights.append(count)
    }
    var lines = try ByteSource(bytes: text, name: source.name)
    var dataset = try Dataset(reading: &lines, options: options, alphabet: alphabet)
    var symbols = 0
    for index in weights.indices {
      let (copies, overflows) = weights[index].multipliedReportingOverflow(by: dataset.sequences.length(index) + 1)
      symbols = overflows ? .max : min(symbols, .max - copies) + copies
      guard symbols <= mostSymbols else {
        throw DataError.malformed(
          Location(file: source.name, line: index + 1, column: 1),
          "the counts up to here make more than \(mostSymbols) symbols: divide all of them by some number")
      }
    }
    if weights.allSatisfy({ $0 == 0 }) { throw DataError.noSequences(source.name) }
    // Lines of count 0 stay, so that sequences have the numbers of their lines.
    dataset.weights = weights
    return dataset
  }
}
