/// FNV-1a (Fowler, Noll and Vo 1991), a whole number at each step instead of a byte.
private struct ContentHash {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always) mutating func add(_ number: Int) {
    value = (value ^ UInt64(truncatingIfNeeded: number)) &* 0x100_0000_01b3
  }
}

extension SymbolSlice {
  fileprivate var contentHash: UInt64 {
    var hash = ContentHash()
    for symbol in self { hash.add(symbol) }
    return hash.value
  }
}

extension SequenceSet {
  /// A hash of the lengths and symbols, in order: FNV-1a, the same on every machine and whatever the storage. O(symbols).
  public var contentHash: UInt64 {
    var hash = ContentHash()
    for i in 0..<count {
      let sequence = self[i]
      hash.add(sequence.count)
      for symbol in sequence { hash.add(symbol) }
    }
    return hash.value
  }

  /// How many sequences occur in `other` as well (each is counted as often as it stands here). O(symbols of both).
  public func countOfSequences(alsoIn other: SequenceSet) -> Int {
    let index = SequenceIndex(other)
    return (0..<count).count { index.contains(self[$0]) }
  }

  /// How many different sequences there are. O(symbols).
  public var countOfDistinctSequences: Int { SequenceIndex(self).count }
}

/// The distinct sequences of a set: a hash table with open addressing and linear probing, at most three quarters full.
///
/// A slot is 0 where it is empty. Otherwise its lower bits, as many as the largest needs, hold the sequence's number plus
/// 1, and the upper ones hold those of its hash, which begin with its place. So a table grows without looking at the
/// sequences again, and hardly any two are compared that differ.
private struct SequenceIndex: ~Copyable {
  private let set: SequenceSet
  private let numberMask: UInt64
  private var slots = [UInt64](repeating: 0, count: 1 << 10)
  private(set) var count = 0

  init(_ set: SequenceSet) {
    self.set = set
    numberMask = (1 << UInt64(Int.bitWidth - set.count.leadingZeroBitCount)) - 1
    for i in 0..<set.count {
      let sequence = set[i]
      let key = key(sequence)
      let slot = slot(of: sequence, key)
      guard slots[slot] == 0 else { continue }
      slots[slot] = key | UInt64(i + 1)
      count += 1
      if count > slots.count / 4 * 3 { grow() }
    }
  }

  func contains(_ sequence: SymbolSlice) -> Bool { slots[slot(of: sequence, key(sequence))] != 0 }

  /// The upper bits of a slot. FNV's own vary little where sequences are short; the factor, 2^64 over the golden ratio,
  /// spreads them (Knuth, The Art of Computer Programming, 6.4).
  private func key(_ sequence: SymbolSlice) -> UInt64 {
    (sequence.contentHash &* 0x9e37_79b9_7f4a_7c15) & ~numberMask
  }

  /// Where the search for a key begins.
  private func start(_ key: UInt64) -> Int { Int(key >> UInt64(slots.count.leadingZeroBitCount + 1)) }

  /// The slot that holds `sequence`, or the empty one where it belongs.
  private func slot(of sequence: SymbolSlice, _ key: UInt64) -> Int {
    var slot = start(key)
    while slots[slot] != 0 {
      let content = slots[slot]
      if content & ~numberMask == key, set[Int(content & numberMask) - 1].elementsEqual(sequence) { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: 2 * old.count)
    for content in old where content != 0 {
      var slot = start(content & ~numberMask)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = content
    }
  }
}
