extension Sequences where Rows == SymbolRows {
  /// How many sequences do not occur in `other`, but one edit away: with one symbol inserted, deleted or replaced (each is
  /// counted as often as it stands here). Inputs are not looked at. O(n log n) time on average for n symbols in both, a hash
  /// for each symbol of the distinct sequences of this set in memory.
  ///
  /// Two sequences are one edit apart where one, without some symbol, is the other, or where both are the same without the
  /// symbol at one position (Mor and Fraenkel 1982, "A hash code method for detecting and correcting spelling errors"). Hashes
  /// find the pairs, and each is compared.
  package func countOfSequences(oneEditFrom other: Self) -> Int {
    let (own, others) = (withoutInputs, other.withoutInputs)
    let first = own.firstEqualSequences
    let isSame = own.marksOfSequences(alsoIn: others)
    var isNear = [Bool](repeating: false, count: count)
    let keys = sortedKeys(of: (0..<count).filter { first[$0] == $0 && !isSame[$0] })
    // The hashes, by their first key, of which all sequences are known to be near.
    var isDone = [Bool](repeating: false, count: keys.count)
    for (j, firstOfOther) in others.firstEqualSequences.enumerated() where j == firstOfOther {
      other.forEachKey(of: j) { key, relation in
        // Without a symbol it may be a whole one here, and the other way round.
        let wanted = relation == Relation.whole ? .shortened : relation == .shortened ? .whole : relation
        let hash = wanted.hash(key)
        let start = lowerBound(keys, hash)
        guard start < keys.count, keys[start].hash == hash, !isDone[start] else { return }
        var areAllNear = true
        var index = start
        while index < keys.count, keys[index].hash == hash {
          let i = keys[index].sequence
          if !isNear[i] { isNear[i] = isOneEdit(i, j, of: other) }
          areAllNear = areAllNear && isNear[i]
          index += 1
        }
        isDone[start] = areAllNear
      }
    }
    return first.count { isNear[$0] }
  }

  /// What a hash is of.
  private enum Relation: Equatable {
    /// The whole sequence.
    case whole
    /// The sequence without one of its symbols.
    case shortened
    /// The sequence without the symbol at this position.
    case replaced(Int)

    func hash(_ key: UInt64) -> UInt64 {
      let number: UInt64 =
        switch self {
        case .whole: 0
        case .shortened: 1
        case .replaced(let position): UInt64(position) &+ 2
        }
      return (key ^ (number &* 0x9e37_79b9_7f4a_7c15)) &* 0xff51_afd7_ed55_8ccd
    }
  }

  private struct Key {
    let hash: UInt64
    let sequence: Int
  }

  private func sortedKeys(of sequences: [Int]) -> [Key] {
    var keys: [Key] = []
    for i in sequences {
      forEachKey(of: i) { keys.append(Key(hash: $1.hash($0), sequence: i)) }
    }
    return keys.sorted { $0.hash < $1.hash }
  }

  private func lowerBound(_ keys: [Key], _ hash: UInt64) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The hash of sequence `i`, and those without each of its symbols: Σ (y(t) + 1) · M^(τ − t) modulo 2^64.
  private func forEachKey(of i: Int, _ body: (UInt64, Relation) -> Void) {
    let multiplier: UInt64 = 0x5851_f42d_4c95_7f2d
    let sequence = self[i]
    var whole: UInt64 = 0
    for symbol in sequence { whole = whole &* multiplier &+ UInt64(symbol) &+ 1 }
    body(whole, .whole)
    // From the end: what follows a symbol, and the power that stands before it.
    var (after, power): (UInt64, UInt64) = (0, 1)
    var before = [UInt64](repeating: 0, count: sequence.count + 1)
    for (t, symbol) in sequence.enumerated() { before[t + 1] = before[t] &* multiplier &+ UInt64(symbol) &+ 1 }
    for t in stride(from: sequence.count - 1, through: 0, by: -1) {
      let key = before[t] &* power &+ after
      body(key, .shortened)
      body(key, .replaced(t))
      after &+= (UInt64(sequence[t]) &+ 1) &* power
      power = power &* multiplier
    }
  }

  /// Whether sequence `i` and sequence `j` of `other` are one edit apart. O(length).
  private func isOneEdit(_ i: Int, _ j: Int, of other: Self) -> Bool {
    let (a, b) = (self[i], other[j])
    guard abs(a.count - b.count) <= 1 else { return false }
    let shared = zip(a, b).prefix { $0 == $1 }.count
    // What is left behind the first difference, without the symbol that is replaced, inserted or deleted.
    let restOfA = a.dropFirst(shared + (a.count >= b.count ? 1 : 0))
    let restOfB = b.dropFirst(shared + (b.count >= a.count ? 1 : 0))
    return (a.count != b.count || shared < a.count) && restOfA.elementsEqual(restOfB)
  }
}
