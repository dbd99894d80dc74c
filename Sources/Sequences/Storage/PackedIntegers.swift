/// Integers from 0 up in one piece of memory that no longer changes, each in 1, 2, 4 or 8 bytes.
@usableFromInline final class PackedIntegers: @unchecked Sendable {
  // Unchecked: the memory is written before this object is made, and held by `block`.
  private let block: MemoryBlock
  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let count: Int
  @usableFromInline let width: Int

  fileprivate init(_ block: MemoryBlock, count: Int, width: Int) {
    self.block = block
    base = UnsafeRawPointer(block.base)
    self.count = count
    self.width = width
  }

  /// Trusts that `i` is one of `0 ..< count`.
  @inlinable subscript(unchecked i: Int) -> Int { load(base, i, width: width) }
}

/// The same while it grows: the width follows the largest integer.
struct PackedBuffer: ~Copyable {
  private let block: MemoryBlock
  private var base: UnsafeMutableRawPointer
  private(set) var count = 0
  private(set) var capacity: Int
  private(set) var width = 1

  init(capacity: Int = 16, scratch: Scratch? = nil) {
    self.capacity = max(capacity, 16)
    block = MemoryBlock(byteCount: self.capacity, scratch: scratch)
    base = block.base
  }

  /// Whether the next one needs more memory.
  @inline(__always) var isFull: Bool { count == capacity }

  /// The largest integer that fits the present width.
  @inline(__always) var largest: Int { width == 8 ? Int.max : 1 << (8 * width) - 1 }

  @inline(__always) mutating func append(_ value: Int) {
    if value > largest { widen(toHold: value) }
    if count == capacity { reserve(1) }
    store(value, base, count, width: width)
    count += 1
  }

  /// The integer that was appended last. There must be one.
  var last: Int { load(base, count - 1, width: width) }

  /// The bytes that room for so many more takes beside what is held already.
  func growth(for additional: Int) -> Int { max(grown(additional) - capacity, 0) * width }

  private func grown(_ additional: Int) -> Int {
    capacity - count < additional ? max(capacity + capacity / 2, count + additional) : capacity
  }

  /// Makes room for so many more. O(1) each, in the long run.
  mutating func reserve(_ additional: Int) {
    guard capacity - count < additional else { return }
    capacity = grown(additional)
    resize()
  }

  private mutating func resize() {
    block.resize(to: capacity * width)
    base = block.base
  }

  /// Makes each integer wide enough for `value`, in place. O(count) where the width changes.
  mutating func widen(toHold value: Int) {
    let old = width
    while value > largest { width *= 2 }
    guard width > old else { return }
    resize()
    for i in (0..<count).reversed() { store(load(base, i, width: old), base, i, width: width) }
  }

  /// Appends a part of `other`, which must not need a greater width. O(range).
  mutating func append(_ range: Range<Int>, of other: PackedIntegers) {
    guard width == other.width else {
      for i in range { append(other[unchecked: i]) }
      return
    }
    reserve(range.count)
    (base + count * width).copyMemory(from: other.base + range.lowerBound * width, byteCount: range.count * width)
    count += range.count
  }

  /// Where the next element goes, and behind it as many as there is room for; `grow` says how many were put there.
  @inline(__always) func end<T: FixedWidthInteger>(as type: T.Type) -> UnsafeMutablePointer<T> {
    (base + count * width).assumingMemoryBound(to: T.self)
  }

  mutating func grow(by added: Int) { count += added }

  /// Replaces each integer i by `table[i]`, in place. The table's values must fit the width.
  mutating func replace(by table: [UInt32]) {
    switch width {
    case 1: replace(by: table, as: UInt8.self)
    case 2: replace(by: table, as: UInt16.self)
    default: replace(by: table, as: UInt32.self)
    }
  }

  private mutating func replace<T: FixedWidthInteger & UnsignedInteger>(by table: [UInt32], as type: T.Type) {
    let narrow = table.map { T(truncatingIfNeeded: $0) }
    let elements = base.assumingMemoryBound(to: T.self)
    narrow.withUnsafeBufferPointer { narrow in
      guard let narrow = narrow.baseAddress else { return }
      for i in 0..<count { elements[i] = narrow[Int(elements[i])] }
    }
  }

  consuming func finished() -> PackedIntegers {
    block.finish(byteCount: count * width)
    return PackedIntegers(block, count: count, width: width)
  }
}

@inlinable @inline(__always) func load(_ base: UnsafeRawPointer, _ i: Int, width: Int) -> Int {
  switch width {
  case 1: Int(base.load(fromByteOffset: i, as: UInt8.self))
  case 2: Int(base.load(fromByteOffset: 2 &* i, as: UInt16.self))
  case 4: Int(base.load(fromByteOffset: 4 &* i, as: UInt32.self))
  default: base.load(fromByteOffset: 8 &* i, as: Int.self)
  }
}

@inline(__always) private func store(_ value: Int, _ base: UnsafeMutableRawPointer, _ i: Int, width: Int) {
  switch width {
  case 1: base.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: i, as: UInt8.self)
  case 2: base.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: 2 &* i, as: UInt16.self)
  case 4: base.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: 4 &* i, as: UInt32.self)
  default: base.storeBytes(of: value, toByteOffset: 8 &* i, as: Int.self)
  }
}
