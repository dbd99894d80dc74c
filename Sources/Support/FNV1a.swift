/// A hash by FNV-1a (Fowler, Noll and Vo 1991), a whole number at each step instead of a byte: the same on every machine.
@frozen package struct FNV1a {
  @usableFromInline package var value: UInt64

  /// - Parameter value: the hash of what stands before.
  @inlinable package init(_ value: UInt64 = 0xcbf2_9ce4_8422_2325) { self.value = value }

  @inlinable @inline(__always) package mutating func add(_ number: UInt64) {
    value = (value ^ number) &* 0x100_0000_01b3
  }

  @inlinable @inline(__always) package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }
}
