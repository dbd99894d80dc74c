/// A sequence of a `SequenceSet`, or a part of one: a view, not a copy. Indices count from 0.
public struct SymbolSlice: RandomAccessCollection, Sendable {
  /// The number of symbols.
  @usableFromInline let storage: PackedIntegers
  @usableFromInline let start: Int
  public let count: Int

  /// The elements of `storage` in `range`, which must lie within it.
  @inlinable init(_ storage: PackedIntegers, _ range: Range<Int>) {
    self.storage = storage
    start = range.lowerBound
    count = range.count
  }

  /// 0.
  /// The number of symbols.
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }

  /// A symbol by its index. O(1).
  @inlinable public subscript(position: Int) -> Symbol {
    precondition(position >= 0 && position < count, "index out of range")
    return storage[unchecked: start &+ position]
  }

  /// One pass over the symbols.
  @inlinable public func makeIterator() -> Iterator { Iterator(self) }

  /// One pass, without a bounds check a step.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let storage: PackedIntegers
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable init(_ slice: SymbolSlice) {
      storage = slice.storage
      position = slice.start
      end = slice.start &+ slice.count
    }

    /// The next symbol; `nil` at the end.
    @inlinable public mutating func next() -> Symbol? {
      guard position < end else { return nil }
      defer { position &+= 1 }
      return storage[unchecked: position]
    }
  }
}
