import Probability
import Support

/// An index into the alphabet, `0 ..< size`.
public typealias Symbol = Int

/// Sequences of symbols:
///
///     let set = SequenceSet([[0, 1, 1], [], [2]], alphabetSize: 3)
///     set.count            // 3
///     set[0].last          // 1
///     set.symbolCount      // 4
public typealias SequenceSet = Sequences<SymbolRows>

/// Sequences of vectors of real numbers:
///
///     let set = VectorSequences([[[0.5], [0.7]], []], width: 1)
///     set[0][1]            // [0.7]
public typealias VectorSequences = Sequences<VectorRows<Double>>

/// Sequences of elements of one kind: rows one behind the other, and where each sequence begins. Copies share both.
///
/// Sequences may carry inputs x(t) beside their elements; those of the set are `inputs`. Elements may be missing.
public struct Sequences<Rows: RowStorage>: Sendable {
  /// One element of a sequence.
  public typealias Element = Rows.Element

  /// All elements in order; the rows listed in `missing` hold arbitrary values.
  public let rows: Rows
  @usableFromInline let bounds: SequenceBounds
  /// The length of the longest sequence; 0 where there are none.
  public let longest: Int
  /// The inputs x(t) of the sequences; nil where they have none.
  public let inputs: InputVectors?
  /// The rows whose elements are not known, in order.
  public let missing: [Int]
  /// Where copies lie, if not in memory.
  private let scratch: Scratch?

  /// Inputs must be those of as many sequences, and if there is one a step, of the same lengths.
  init(_ rows: Rows, lengths: some Collection<Int>, inputs: InputVectors? = nil, missing: [Int] = []) {
    self.init(rows, SequenceBounds(lengths: lengths), inputs: inputs, missing: missing)
    precondition(lengths.reduce(0, +) == rows.count, "other lengths than those of the rows")
    precondition(missing.allSatisfy((0..<rows.count).contains), "a missing element that is none")
    precondition(zip(missing, missing.dropFirst()).allSatisfy(<), "missing elements out of order")
    guard let inputs else { return }
    precondition(inputs.count == count, "inputs of another number of sequences")
    precondition(
      !inputs.isPerStep || (0..<count).allSatisfy { inputs.vectorCount(sequence: $0) == length($0) },
      "a sequence with inputs for another number of steps")
  }

  /// Trusts that all parts go together.
  init(_ rows: Rows, _ bounds: SequenceBounds, inputs: InputVectors?, missing: [Int] = [], scratch: Scratch? = nil) {
    self.rows = rows
    self.bounds = bounds
    self.inputs = inputs
    self.missing = missing
    self.scratch = scratch
    longest = bounds.longest
  }

  /// The number of sequences.
  @inlinable public var count: Int { bounds.count }

  /// The number of elements in all sequences together, Σ τ.
  @inlinable public var elementCount: Int { rows.count }

  /// The numbers in x(t); 0 where there is none.
  public var inputWidth: Int { inputs?.width ?? 0 }

  /// The length of sequence `i`. O(1).
  @inlinable public func length(_ i: Int) -> Int { bounds[i].count }

  /// The number of the row that sequence `i` begins with. O(1).
  package func firstRow(_ i: Int) -> Int { bounds[i].lowerBound }

  /// Sequence `i`. O(1).
  @inlinable public subscript(_ i: Int) -> Rows.Slice { rows[bounds[i]] }

  /// The elements `range` of sequence `i`. O(1).
  @inlinable public func slice(_ i: Int, _ range: Range<Int>) -> Rows.Slice {
    let whole = bounds[i]
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.count, "range outside the sequence")
    return rows[whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound]
  }

  /// A copy of the sequences at `indices`, in that order. O(their elements and inputs).
  public func selecting(_ indices: some Collection<Int>) -> Self {
    copying(indices.lazy.map { bounds[$0] }, inputs?.selecting(indices))
  }

  /// All windows of `width` successive elements within the sequences, in order, each a sequence without inputs.
  /// O(width · elements).
  package func windows(_ width: Int) -> Self {
    precondition(width >= 1, "a window holds an element")
    let starts = (0..<count).lazy.flatMap { i in
      let range = bounds[i]
      return range.lowerBound..<max(range.upperBound - width + 1, range.lowerBound)
    }
    return copying(starts.map { $0..<$0 + width }, nil)
  }

  /// The number of windows of a width. O(sequences).
  package func windowCount(_ width: Int) -> Int { (0..<count).reduce(0) { $0 + max(length($1) - width + 1, 0) } }

  /// A copy of stretches of several sequences, each a sequence without inputs.
  func pieces(_ pieces: [(sequence: Int, range: Range<Int>)]) -> Self {
    copying(
      pieces.map { piece in
        let start = bounds[piece.sequence].lowerBound
        return start + piece.range.lowerBound..<start + piece.range.upperBound
      }, nil)
  }

  /// A copy of some stretches of sequence `i`, each a sequence.
  func excerpts(_ i: Int, _ stretches: [Range<Int>]) -> Self {
    let start = bounds[i].lowerBound
    return copying(
      stretches.map { start + $0.lowerBound..<start + $0.upperBound }, inputs?.excerpts(i, stretches))
  }

  /// A part of the sequences, for a learning curve: the first ones of a random order by the stream "learning curve" of `seed`,
  /// in the set's order, so that larger parts hold the smaller ones. Where there are but a few long sequences and no inputs,
  /// the part is the last elements. It holds a sequence at least. O(elements).
  package func part(_ fraction: Double, seed: UInt64) -> Self {
    precondition(fraction > 0 && fraction <= 1, "a fraction lies between 0 and 1")
    guard let chosen = numbersOfPart(fraction, seed: seed) else {
      return lastElements(Int((fraction * Double(elementCount)).rounded()))
    }
    return selecting(chosen)
  }

  /// The numbers of the sequences of a part; `nil` where parts are made of elements.
  func numbersOfPart(_ fraction: Double, seed: UInt64) -> [Int]? {
    if count < Self.fewestToChoose, inputs == nil { return nil }
    var stream = RandomStream(seed: seed, purpose: "learning curve")
    let chosen = min(max(Int((fraction * Double(count)).rounded()), 1), count)
    return stream.permutation(count).prefix(chosen).sorted()
  }

  /// Below this number of sequences parts are made of elements.
  private static var fewestToChoose: Int { 32 }

  /// The last sequences, of the first of which only the end, that hold `wanted` elements.
  private func lastElements(_ wanted: Int) -> Self {
    var (ranges, left) = ([Range<Int>](), max(wanted, 1))
    for i in stride(from: count - 1, through: 0, by: -1) where left > 0 {
      let range = bounds[i]
      ranges.append(max(range.upperBound - left, range.lowerBound)..<range.upperBound)
      left -= range.count
    }
    return copying(ranges.reversed(), nil)
  }

  /// A copy of the elements in `ranges`, each a sequence, with these inputs.
  private func copying(_ ranges: some Collection<Range<Int>>, _ inputs: InputVectors?) -> Self {
    var (missing, start) = ([Int](), 0)
    for range in self.missing.isEmpty ? [] : Array(ranges) {
      func index(of row: Int) -> Int { lowerBound(0, self.missing.count) { self.missing[$0] < row } }
      missing += self.missing[index(of: range.lowerBound)..<index(of: range.upperBound)].map {
        $0 - range.lowerBound + start
      }
      start += range.count
    }
    return Self(
      rows.copying(ranges, scratch: scratch), SequenceBounds(lengths: ranges.map(\.count), scratch: scratch),
      inputs: inputs, missing: missing, scratch: scratch)
  }

  /// A copy with other elements in the same places.
  func replacing(_ rows: (Scratch?) -> Rows) -> Self {
    Self(rows(scratch), bounds, inputs: inputs, missing: missing, scratch: scratch)
  }
}

extension Sequences where Rows == SymbolRows {
  /// A copy of `sequences`, whose symbols must be less than `alphabetSize`. Inputs must be those of as many sequences,
  /// and if there is one a step, of the same lengths.
  /// - Parameter missing: the numbers, in order, of the elements that are not known, counted through all sequences.
  public init(_ sequences: [[Symbol]], alphabetSize: Int, inputs: InputVectors? = nil, missing: [Int] = []) {
    let lengths = sequences.map(\.count)
    self.init(
      SymbolRows(sequences.joined(), count: lengths.reduce(0, +), alphabetSize: alphabetSize), lengths: lengths,
      inputs: inputs, missing: missing)
  }

  /// k.
  public var alphabetSize: Int { rows.alphabetSize }

  /// The number of symbols in all sequences together, Σ τ.
  @inlinable public var symbolCount: Int { rows.count }

  /// Element number `time` of sequence `i`. O(1).
  @inlinable public func symbol(_ i: Int, _ time: Int) -> Symbol {
    let range = bounds[i]
    precondition(time >= 0 && time < range.count, "there is no such element")
    return rows.symbols[unchecked: range.lowerBound &+ time]
  }

  /// A copy with each symbol replaced by the one that the table has in its place. O(symbols).
  func replacing(by table: [Symbol], alphabetSize: Int) -> Self {
    replacing { scratch in
      var symbols = PackedBuffer(capacity: symbolCount, scratch: scratch)
      symbols.widen(toHold: alphabetSize - 1)
      for index in 0..<symbolCount { symbols.append(table[rows.symbols[unchecked: index]]) }
      return SymbolRows(symbols.finished(), alphabetSize: alphabetSize)
    }
  }
}

extension Sequences where Rows == VectorRows<Double> {
  /// A copy of `sequences` of vectors, which must be finite and of one width.
  /// - Parameter missing: the numbers, in order, of the elements that are not known, counted through all sequences.
  /// - Parameters:
  ///   - values: what the numbers are.
  ///   - levels: of categories the number of levels of each column; by default as many as occur, two at least.
  public init(
    _ sequences: [[[Double]]], width: Int, _ values: ElementKind.Values = .reals, levels: [Int] = [],
    inputs: InputVectors? = nil, missing: [Int] = []
  ) {
    let vectors = sequences.joined()
    precondition(vectors.allSatisfy { $0.count == width }, "vectors of different widths")
    var levels = levels
    if values == .categories, levels.isEmpty {
      levels = (0..<width).map { column in vectors.reduce(2) { max($0, Int($1[column]) + 1) } }
    }
    let rows = VectorRows(width: width, Array(vectors.joined()), values, levels: levels)
    precondition(rows.values.allSatisfy(values.contains), "a number that is none of the \(values.name)")
    precondition(
      levels.isEmpty || vectors.allSatisfy { zip($0, levels).allSatisfy { $0 < Double($1) } }, "a level that is none")
    self.init(rows, lengths: sequences.map(\.count), inputs: inputs, missing: missing)
  }
}
