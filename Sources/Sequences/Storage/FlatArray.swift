/// Numbers one behind the other that no longer change: on the heap, in a `Scratch`'s file, or in a file of somebody's.
///
///     var buffer = FlatBuffer<Int32>(scratch: scratch)
///     buffer.append(3)
///     let array = buffer.finished()      // array[0] == 3
///
/// Copies share the memory. It is an array of which gigabytes need not be in memory.
@frozen public struct FlatArray<Element: BitwiseCopyable & Sendable>: RandomAccessCollection, @unchecked Sendable {
  // Unchecked: the memory is written before this value is made, and is held by `owner`.
  @usableFromInline let owner: AnyObject?
  /// The numbers in place, as long as the array is held.
  public let buffer: UnsafeBufferPointer<Element>

  /// Numbers in memory that `owner` keeps where it is.
  public init(_ buffer: UnsafeBufferPointer<Element>, ownedBy owner: AnyObject?) {
    self.owner = owner
    self.buffer = buffer
  }

  /// A copy.
  public init(_ values: some Collection<Element>, scratch: Scratch? = nil) {
    var copy = FlatBuffer<Element>(capacity: values.count, scratch: scratch)
    for value in values { copy.append(value) }
    self = copy.finished()
  }

  /// The same memory, byte by byte.
  public var bytes: FlatArray<UInt8> {
    let raw = UnsafeRawBufferPointer(buffer)
    return FlatArray<UInt8>(raw.bindMemory(to: UInt8.self), ownedBy: owner)
  }

  /// 0.
  @inlinable public var startIndex: Int { 0 }
  /// The number of elements.
  @inlinable public var endIndex: Int { buffer.count }

  /// Element number i, from 0. O(1).
  @inlinable public subscript(_ i: Int) -> Element {
    @inline(__always) get {
      precondition(i >= 0 && i < buffer.count, "there is no such element")
      return buffer[i]
    }
  }

  /// All elements in place.
  @inlinable public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    try withExtendedLifetime(owner) { try body(buffer) }
  }
}

extension FlatArray: Equatable where Element: Equatable {
  /// Whether both hold the same elements. O(elements).
  public static func == (a: FlatArray, b: FlatArray) -> Bool { a.elementsEqual(b) }
}

extension FlatArray: Hashable where Element: Hashable {
  /// Adds each element. O(elements).
  public func hash(into hasher: inout Hasher) { for value in self { hasher.combine(value) } }
}

extension FlatArray: ExpressibleByArrayLiteral {
  /// A copy of some elements.
  public init(arrayLiteral elements: Element...) { self.init(elements) }
}

/// A `FlatArray` while it grows.
@frozen public struct FlatBuffer<Element: BitwiseCopyable & Sendable>: ~Copyable {
  @usableFromInline let block: MemoryBlock
  @usableFromInline var base: UnsafeMutablePointer<Element>
  @usableFromInline var capacity: Int
  @usableFromInline var size = 0

  /// The number of elements so far.
  @inlinable public var count: Int { size }

  /// Without elements, with room for some.
  /// - Parameter scratch: where they lie, if not in memory.
  public init(capacity: Int = 0, scratch: Scratch? = nil) {
    self.capacity = Swift.max(capacity, 16)
    block = MemoryBlock(byteCount: self.capacity * MemoryLayout<Element>.stride, scratch: scratch)
    base = block.base.assumingMemoryBound(to: Element.self)
  }

  /// One value, so many times. O(count).
  public init(repeating value: Element, count: Int, scratch: Scratch? = nil) {
    self.init(capacity: count, scratch: scratch)
    base.initialize(repeating: value, count: count)
    size = count
  }

  /// Those of the elements so far.
  @inlinable public var indices: Range<Int> { 0..<count }

  /// Element number i, from 0. O(1).
  @inlinable public subscript(_ i: Int) -> Element {
    @inline(__always) get {
      precondition(i >= 0 && i < count, "there is no such element")
      return base[i]
    }
    @inline(__always) nonmutating set {
      precondition(i >= 0 && i < count, "there is no such element")
      base[i] = newValue
    }
  }

  /// Appends an element. O(1) in the long run.
  @inlinable @inline(__always) public mutating func append(_ value: Element) {
    if count == capacity { reserve(1) }
    base[size] = value
    size += 1
  }

  /// Appends numbers in place.
  @inlinable public mutating func append(_ values: UnsafeBufferPointer<Element>) {
    reserve(values.count)
    guard let from = values.baseAddress else { return }
    (base + count).update(from: from, count: values.count)
    size += values.count
  }

  /// Appends some of the numbers in place.
  @inlinable public mutating func append(_ values: UnsafeBufferPointer<Element>, _ range: Range<Int>) {
    append(UnsafeBufferPointer(rebasing: values[range]))
  }

  /// Makes room for so many more. O(1) each, in the long run.
  public mutating func reserve(_ additional: Int) {
    guard capacity - count < additional else { return }
    capacity = Swift.max(capacity + capacity / 2, count + additional)
    block.resize(to: capacity * MemoryLayout<Element>.stride)
    base = block.base.assumingMemoryBound(to: Element.self)
  }

  /// The numbers in place, until one is appended.
  public var buffer: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  /// The elements, which no longer change.
  public consuming func finished() -> FlatArray<Element> {
    block.finish(byteCount: count * MemoryLayout<Element>.stride)
    return FlatArray(
      UnsafeBufferPointer(start: block.base.assumingMemoryBound(to: Element.self), count: count), ownedBy: block)
  }
}
