import Support

extension Sequences {
  /// A hash of the lengths and elements, in order, and of the inputs and what is missing, if there are any: FNV-1a, the same
  /// on every machine and whatever the storage. O(elements and inputs).
  package var contentHash: UInt64 {
    var hash = FNV1a()
    for i in 0..<count {
      hash.add(length(i))
      hash.value = rows.hash(bounds[i], after: hash.value)
    }
    if let inputs {
      hash.add(inputs.width)
      hash.add(inputs.isPerStep ? 1 : 0)
      hash.value = inputs.rows.hash(0..<inputs.rows.count, after: hash.value)
    }
    for row in missing { hash.add(row) }
    return hash.value
  }

  /// How many sequences occur in `other` as well, inputs included (each is counted as often as it stands here). O(elements
  /// and inputs of both).
  package func countOfSequences(alsoIn other: Self) -> Int { marksOfSequences(alsoIn: other).count { $0 } }

  /// Which sequences occur in `other` as well, inputs included. O(elements and inputs of both).
  package func marksOfSequences(alsoIn other: Self) -> [Bool] {
    let index = SequenceIndex(other)
    return (0..<count).map { index.contains($0, of: self) }
  }

  /// How many different sequences there are; those with different inputs differ. O(elements and inputs).
  package var countOfDistinctSequences: Int { SequenceIndex(self).count }

  /// For each sequence the first one that equals it, inputs included. O(elements and inputs).
  var firstEqualSequences: [Int] { SequenceIndex(self).first }

  /// The same sequences without inputs.
  var withoutInputs: Self { inputs == nil ? self : Self(rows, bounds, inputs: nil, missing: missing) }

  /// A hash of one sequence and its inputs.
  fileprivate func hash(_ i: Int) -> UInt64 {
    let hash = rows.hash(bounds[i], after: FNV1a().value)
    return inputs.map { $0.rows.hash($0.vectors(i), after: hash) } ?? hash
  }

  /// Whether sequence `i` is sequence `j` of `other`, with the same inputs given in the same way.
  fileprivate func equals(_ i: Int, _ j: Int, of other: Self) -> Bool {
    guard self[i].elementsEqual(other[j]) else { return false }
    guard let inputs, let others = other.inputs else { return inputs == nil && other.inputs == nil }
    return inputs.width == others.width && inputs.isPerStep == others.isPerStep
      && inputs.slice(i).elementsEqual(others.slice(j))
  }
}

/// The distinct sequences of a set, known by the number of the first one.
private struct SequenceIndex<Rows: RowStorage> {
  private let set: Sequences<Rows>
  private let index: HashIndex

  /// The first sequence that equals each one.
  let first: [Int]

  init(_ set: Sequences<Rows>) {
    var index = HashIndex(below: set.count)
    first = (0..<set.count).map { i in index.number(of: set.hash(i), adding: i) { set.equals($0, i, of: set) } }
    (self.set, self.index) = (set, index)
  }

  var count: Int { index.count }

  func contains(_ i: Int, of other: Sequences<Rows>) -> Bool {
    index.number(of: other.hash(i)) { set.equals($0, i, of: other) } != nil
  }
}
