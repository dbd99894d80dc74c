/// FNV-1a (Fowler, Noll and Vo 1991), a whole number at each step instead of a byte.
private struct ContentHash {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always) mutating func add(_ number: Int) {
    value = (value ^ UInt64(truncatingIfNeeded: number)) &* 0x100_0000_01b3
  }
}

extension ContentHash {
  @inline(__always) mutating func add(_ number: Float) {
    add(number == 0 ? 0 : Int(number.bitPattern))  // zero has two signs
  }
}

extension SequenceSet {
  /// A hash of the lengths and symbols, in order, and of the inputs if there are any: FNV-1a, the same on every machine
  /// and whatever the storage. O(symbols and inputs).
  public var contentHash: UInt64 {
    var hash = ContentHash()
    for i in 0..<count {
      let sequence = self[i]
      hash.add(sequence.count)
      for symbol in sequence { hash.add(symbol) }
    }
    if let inputs {
      hash.add(inputs.width)
      hash.add(inputs.isPerStep ? 1 : 0)
      for value in inputs.values { hash.add(value) }
    }
    return hash.value
  }

  /// How many sequences occur in `other` as well, inputs included (each is counted as often as it stands here). O(symbols
  /// and inputs of both).
  public func countOfSequences(alsoIn other: SequenceSet) -> Int {
    let index = SequenceIndex(other)
    return (0..<count).count { index.contains($0, of: self) }
  }

  /// How many different sequences there are; those with different inputs differ. O(symbols and inputs).
  public var countOfDistinctSequences: Int { SequenceIndex(self).count }

  /// A hash of one sequence and its inputs.
  fileprivate func hash(_ i: Int) -> UInt64 {
    var hash = ContentHash()
    for symbol in self[i] { hash.add(symbol) }
    if let inputs { for value in inputs.slice(i) { hash.add(value) } }
    return hash.value
  }

  /// Whether sequence `i` is sequence `j` of `other`, with the same inputs given in the same way.
  fileprivate func equals(_ i: Int, _ j: Int, of other: SequenceSet) -> Bool {
    guard self[i].elementsEqual(other[j]) else { return false }
    guard let inputs, let others = other.inputs else { return inputs == nil && other.inputs == nil }
    return inputs.width == others.width && inputs.isPerStep == others.isPerStep
      && inputs.slice(i).elementsEqual(others.slice(j))
  }
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
      let key = key(i, of: set)
      let slot = slot(of: i, of: set, key)
      guard slots[slot] == 0 else { continue }
      slots[slot] = key | UInt64(i + 1)
      count += 1
      if count > slots.count / 4 * 3 { grow() }
    }
  }

  func contains(_ i: Int, of other: SequenceSet) -> Bool { slots[slot(of: i, of: other, key(i, of: other))] != 0 }

  /// The upper bits of a slot. FNV's own vary little where sequences are short; the factor, 2^64 over the golden ratio,
  /// spreads them (Knuth, The Art of Computer Programming, 6.4).
  private func key(_ i: Int, of other: SequenceSet) -> UInt64 {
    (other.hash(i) &* 0x9e37_79b9_7f4a_7c15) & ~numberMask
  }

  /// Where the search for a key begins.
  private func start(_ key: UInt64) -> Int { Int(key >> UInt64(slots.count.leadingZeroBitCount + 1)) }

  /// The slot that holds sequence `i` of `other`, or the empty one where it belongs.
  private func slot(of i: Int, of other: SequenceSet, _ key: UInt64) -> Int {
    var slot = start(key)
    while slots[slot] != 0 {
      let content = slots[slot]
      if content & ~numberMask == key, set.equals(Int(content & numberMask) - 1, i, of: other) { return slot }
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
