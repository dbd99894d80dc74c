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
    // Distinct sequences of `other`, chained where their hashes agree.
    var first: [UInt64: Int] = [:]
    var next: [Int: Int] = [:]
    for i in 0..<other.count where !other.contains(other[i], first: first, next: next) {
      let hash = other[i].contentHash
      next[i] = first[hash]
      first[hash] = i
    }
    return (0..<count).count { other.contains(self[$0], first: first, next: next) }
  }

  private func contains(_ sequence: SymbolSlice, first: [UInt64: Int], next: [Int: Int]) -> Bool {
    var candidate = first[sequence.contentHash]
    while let i = candidate {
      if self[i].elementsEqual(sequence) { return true }
      candidate = next[i]
    }
    return false
  }
}
