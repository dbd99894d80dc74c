/// An index into the alphabet, `0 ..< size`.
public typealias Symbol = Int

/// Sequences of symbols, one behind the other in two flat arrays: all elements, and where each sequence begins.
///
///     let set = SequenceSet([[0, 1, 1], [], [2]], alphabetSize: 3)
///     set.count            // 3
///     set[0].last          // 1
///     set.symbolCount      // 4
///
/// Elements take 1, 2 or 4 bytes each, whichever the alphabet needs; beginnings as many as the last one needs. Copies
/// share both arrays.
///
/// Sequences may carry inputs x(t) beside their elements; those of the set are `inputs`.
public struct SequenceSet: Sendable {
  public let alphabetSize: Int
  /// The length of the longest sequence; 0 where there are none.
  public let longest: Int
  @usableFromInline let elements: PackedIntegers
  /// `count + 1` of them, from 0 to `symbolCount`.
  @usableFromInline let offsets: PackedIntegers
  /// The inputs x(t) of the sequences; nil where they have none.
  public let inputs: InputVectors?
  /// Where copies lie, if not in memory.
  private let scratch: Scratch?

  /// A copy of `sequences`, whose symbols must be less than `alphabetSize`. Inputs must be those of as many sequences,
  /// and if there is one a step, of the same lengths.
  public init(_ sequences: [[Symbol]], alphabetSize: Int, inputs: InputVectors? = nil) {
    var elements = PackedBuffer(capacity: sequences.reduce(0) { $0 + $1.count })
    var offsets = PackedBuffer(capacity: sequences.count + 1)
    elements.widen(toHold: alphabetSize - 1)
    offsets.append(0)
    for sequence in sequences {
      for symbol in sequence {
        precondition(symbol >= 0 && symbol < alphabetSize, "a symbol outside the alphabet")
        elements.append(symbol)
      }
      offsets.append(elements.count)
    }
    if let inputs {
      precondition(inputs.count == sequences.count, "inputs of another number of sequences")
      precondition(
        !inputs.isPerStep || sequences.indices.allSatisfy { inputs.vectorCount(sequence: $0) == sequences[$0].count },
        "a sequence with inputs for another number of steps")
    }
    self.init(elements: elements.finished(), offsets: offsets.finished(), alphabetSize: alphabetSize, inputs: inputs)
  }

  /// Trusts that all parts go together.
  init(
    elements: PackedIntegers, offsets: PackedIntegers, alphabetSize: Int, inputs: InputVectors?, scratch: Scratch? = nil
  ) {
    self.scratch = scratch
    self.alphabetSize = alphabetSize
    self.elements = elements
    self.offsets = offsets
    self.inputs = inputs
    var longest = 0
    for i in 0..<self.offsets.count - 1 {
      longest = max(longest, self.offsets[unchecked: i + 1] - self.offsets[unchecked: i])
    }
    self.longest = longest
  }

  /// The number of sequences.
  @inlinable public var count: Int { offsets.count - 1 }

  /// The number of symbols in all sequences together, Σ τ.
  @inlinable public var symbolCount: Int { elements.count }

  /// The numbers in x(t); 0 where there is none.
  public var inputWidth: Int { inputs?.width ?? 0 }

  @inlinable public func length(_ i: Int) -> Int { range(i).count }

  /// Sequence `i`. O(1).
  @inlinable public subscript(_ i: Int) -> SymbolSlice { SymbolSlice(elements, range(i)) }

  /// Element number `time` of sequence `i`. O(1).
  @inlinable public func symbol(_ i: Int, _ time: Int) -> Symbol {
    let range = range(i)
    precondition(time >= 0 && time < range.count, "there is no such element")
    return elements[unchecked: range.lowerBound &+ time]
  }

  /// The elements `range` of sequence `i`. O(1).
  @inlinable public func slice(_ i: Int, _ range: Range<Int>) -> SymbolSlice {
    let whole = self.range(i)
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.count, "range outside the sequence")
    return SymbolSlice(elements, whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
  }

  /// A copy of the sequences at `indices`, in that order. O(their symbols and inputs).
  public func selecting(_ indices: some Collection<Int>) -> SequenceSet {
    copying(indices.lazy.map { self.range($0) }, inputs?.selecting(indices))
  }

  /// All windows of `width` successive elements within the sequences, in order, each a sequence without inputs.
  /// O(width · symbols).
  package func windows(_ width: Int) -> SequenceSet {
    precondition(width >= 1, "a window holds an element")
    let starts = (0..<count).lazy.flatMap { i in
      let range = self.range(i)
      return range.lowerBound..<max(range.upperBound - width + 1, range.lowerBound)
    }
    return copying(starts.map { $0..<$0 + width }, nil)
  }

  /// How many they are. O(sequences).
  package func windowCount(_ width: Int) -> Int { (0..<count).reduce(0) { $0 + max(length($1) - width + 1, 0) } }

  /// A copy of some stretches of sequence `i`, each a sequence.
  func excerpts(_ i: Int, _ stretches: [Range<Int>]) -> SequenceSet {
    let start = range(i).lowerBound
    return copying(
      stretches.map { start + $0.lowerBound..<start + $0.upperBound }, inputs?.excerpts(i, stretches))
  }

  /// A copy with each symbol replaced by the one that the table has in its place. O(symbols).
  func replacing(by table: [Symbol], alphabetSize: Int) -> SequenceSet {
    var elements = PackedBuffer(capacity: symbolCount, scratch: scratch)
    elements.widen(toHold: alphabetSize - 1)
    for index in 0..<symbolCount { elements.append(table[self.elements[unchecked: index]]) }
    return SequenceSet(
      elements: elements.finished(), offsets: offsets, alphabetSize: alphabetSize, inputs: inputs, scratch: scratch)
  }

  /// A copy of the elements in `ranges`, each a sequence, with these inputs.
  private func copying(_ ranges: some Collection<Range<Int>>, _ inputs: InputVectors?) -> SequenceSet {
    var elements = PackedBuffer(capacity: ranges.reduce(0) { $0 + $1.count }, scratch: scratch)
    var offsets = PackedBuffer(capacity: ranges.count + 1, scratch: scratch)
    elements.widen(toHold: alphabetSize - 1)
    offsets.append(0)
    for range in ranges {
      elements.append(range, of: self.elements)
      offsets.append(elements.count)
    }
    return SequenceSet(
      elements: elements.finished(), offsets: offsets.finished(), alphabetSize: alphabetSize, inputs: inputs,
      scratch: scratch)
  }

  /// Where sequence `i` stands in `elements`.
  @inlinable func range(_ i: Int) -> Range<Int> {
    precondition(i >= 0 && i < count, "there is no such sequence")
    return offsets[unchecked: i]..<offsets[unchecked: i &+ 1]
  }
}
