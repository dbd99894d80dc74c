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
public struct SequenceSet: Sendable {
  public let alphabetSize: Int
  /// The length of the longest sequence; 0 where there are none.
  public let longest: Int
  @usableFromInline let elements: PackedIntegers
  /// `count + 1` of them, from 0 to `symbolCount`.
  @usableFromInline let offsets: PackedIntegers

  /// A copy of `sequences`, whose symbols must be less than `alphabetSize`.
  public init(_ sequences: [[Symbol]], alphabetSize: Int) {
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
    self.init(elements: elements, offsets: offsets, alphabetSize: alphabetSize)
  }

  /// Takes over what a builder has gathered.
  init(elements: consuming PackedBuffer, offsets: consuming PackedBuffer, alphabetSize: Int) {
    self.alphabetSize = alphabetSize
    self.elements = elements.finished()
    self.offsets = offsets.finished()
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

  @inlinable public func length(_ i: Int) -> Int { range(i).count }

  /// Sequence `i`. O(1).
  @inlinable public subscript(_ i: Int) -> SymbolSlice { SymbolSlice(elements, range(i)) }

  /// The elements `range` of sequence `i`. O(1).
  @inlinable public func slice(_ i: Int, _ range: Range<Int>) -> SymbolSlice {
    let whole = self.range(i)
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.count, "range outside the sequence")
    return SymbolSlice(elements, whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
  }

  /// A copy of the sequences at `indices`, in that order. O(their symbols).
  public func selecting(_ indices: some Collection<Int>) -> SequenceSet {
    copying(indices.lazy.map { self.range($0) })
  }

  /// A copy of the elements in `ranges`, each a sequence.
  func copying(_ ranges: some Collection<Range<Int>>) -> SequenceSet {
    var elements = PackedBuffer(capacity: ranges.reduce(0) { $0 + $1.count })
    var offsets = PackedBuffer(capacity: ranges.count + 1)
    elements.widen(toHold: alphabetSize - 1)
    offsets.append(0)
    for range in ranges {
      elements.append(range, of: self.elements)
      offsets.append(elements.count)
    }
    return SequenceSet(elements: elements, offsets: offsets, alphabetSize: alphabetSize)
  }

  /// Where sequence `i` stands in `elements`.
  @inlinable func range(_ i: Int) -> Range<Int> {
    precondition(i >= 0 && i < count, "there is no such sequence")
    return offsets[unchecked: i]..<offsets[unchecked: i &+ 1]
  }
}
