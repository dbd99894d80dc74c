/// Where sequences begin and end in rows that lie one behind the other. Copies share the numbers, which take as many bytes as
/// the last one needs.
@usableFromInline struct SequenceBounds: Sendable {
  /// `count + 1` of them, from 0 to the number of rows.
  @usableFromInline let offsets: PackedIntegers

  /// Trusts that the numbers do not fall.
  init(_ offsets: PackedIntegers) { self.offsets = offsets }

  /// Bounds made from lengths. O(sequences).
  init(lengths: some Collection<Int>, scratch: Scratch? = nil) {
    var offsets = PackedBuffer(capacity: lengths.count + 1, scratch: scratch)
    offsets.append(0)
    var total = 0
    for length in lengths {
      total += length
      offsets.append(total)
    }
    self.init(offsets.finished())
  }

  /// The number of sequences.
  @inlinable var count: Int { offsets.count - 1 }

  /// The rows of sequence `i`. O(1).
  @inlinable subscript(_ i: Int) -> Range<Int> {
    precondition(i >= 0 && i < count, "there is no such sequence")
    return offsets[unchecked: i]..<offsets[unchecked: i &+ 1]
  }

  /// The length of the longest sequence; 0 where there are none. O(sequences).
  var longest: Int {
    (0..<count).reduce(0) { max($0, offsets[unchecked: $1 + 1] - offsets[unchecked: $1]) }
  }
}
