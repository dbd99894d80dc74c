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

/// The distinct sequences of a set, by hash; those whose hashes agree are chained.
private struct SequenceIndex {
  private let set: SequenceSet
  private var first: [UInt64: Int] = [:]
  private var next: [Int: Int] = [:]
  private(set) var count = 0

  init(_ set: SequenceSet) {
    self.set = set
    for i in 0..<set.count where !contains(set[i]) {
      let hash = set[i].contentHash
      next[i] = first[hash]
      first[hash] = i
      count += 1
    }
  }

  func contains(_ sequence: SymbolSlice) -> Bool {
    var candidate = first[sequence.contentHash]
    while let i = candidate {
      if set[i].elementsEqual(sequence) { return true }
      candidate = next[i]
    }
    return false
  }
}
