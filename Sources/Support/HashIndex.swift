/// A hash table with open addressing and linear probing, at most three quarters full: it finds the numbers of things that
/// are stored elsewhere.
///
/// A slot is 0 where it is empty. Otherwise its lower bits, as many as the largest number needs, hold a number plus 1, and the
/// upper ones those of its hash, which begin with its index. So a table grows without looking at the things again, and hardly
/// any two are compared that differ.
@frozen package struct HashIndex: Sendable {
  @usableFromInline let numberMask: UInt64
  @usableFromInline var slots = [UInt64](repeating: 0, count: 1 << 8)
  /// How many numbers it holds.
  @usableFromInline package var count = 0

  /// - Parameter bound: more than any number.
  package init(below bound: Int) { numberMask = (1 << UInt64(Int.bitWidth - bound.leadingZeroBitCount)) - 1 }

  /// The number of something equal. O(1) on average.
  @inlinable @inline(__always)
  package func number(of hash: UInt64, where isEqual: (_ number: Int) -> Bool) -> Int? {
    let content = slots[slot(key(hash), isEqual)]
    return content == 0 ? nil : Int(content & numberMask) - 1
  }

  /// The number of something equal; where there is none, `new`, which is added. O(1) on average.
  @inlinable @inline(__always)
  package mutating func number(of hash: UInt64, adding new: Int, where isEqual: (_ number: Int) -> Bool) -> Int {
    let key = key(hash)
    let slot = slot(key, isEqual)
    if slots[slot] != 0 { return Int(slots[slot] & numberMask) - 1 }
    slots[slot] = key | UInt64(new &+ 1)
    count += 1
    if count > slots.count / 4 * 3 { grow() }
    return new
  }

  /// The upper bits of a slot. Of similar things hashes such as FNV's vary little; the factor, 2^64 over the golden ratio,
  /// spreads them (Knuth, The Art of Computer Programming, 6.4).
  @inlinable @inline(__always)
  func key(_ hash: UInt64) -> UInt64 { (hash &* 0x9e37_79b9_7f4a_7c15) & ~numberMask }

  /// The slot that holds something equal, or the empty one where it belongs.
  @inlinable @inline(__always)
  func slot(_ key: UInt64, _ isEqual: (_ number: Int) -> Bool) -> Int {
    var slot = start(key)
    while true {
      let content = slots[slot]
      if content == 0 || content & ~numberMask == key && isEqual(Int(content & numberMask) - 1) { return slot }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
  }

  /// Where the search for a key begins.
  @inlinable @inline(__always)
  func start(_ key: UInt64) -> Int { Int(key >> UInt64(slots.count.leadingZeroBitCount &+ 1)) }

  @usableFromInline mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: 2 * old.count)
    for content in old where content != 0 { slots[slot(content & ~numberMask) { _ in false }] = content }
  }
}
