import Support

extension FNV1a {
  @inline(__always) fileprivate mutating func add(_ number: Float) {
    add(UInt64(number == 0 ? 0 : number.bitPattern))  // zero has two signs
  }
}

extension SequenceSet {
  /// A hash of the lengths and symbols, in order, and of the inputs if there are any: FNV-1a, the same on every machine
  /// and whatever the storage. O(symbols and inputs).
  public var contentHash: UInt64 {
    var hash = FNV1a()
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
    var hash = FNV1a()
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

/// The distinct sequences of a set, known by the number of the first one.
private struct SequenceIndex {
  private let set: SequenceSet
  private var index: HashIndex

  init(_ set: SequenceSet) {
    self.set = set
    index = HashIndex(below: set.count)
    for i in 0..<set.count { _ = index.number(of: set.hash(i), adding: i) { set.equals($0, i, of: set) } }
  }

  var count: Int { index.count }

  func contains(_ i: Int, of other: SequenceSet) -> Bool {
    index.number(of: other.hash(i)) { set.equals($0, i, of: other) } != nil
  }
}
