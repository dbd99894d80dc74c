import Sequences

/// The longest stretch of a sequence that stands somewhere in a set, by binary search among the set's sorted suffixes
/// (Manber and Myers 1993). Built in O(symbols · log² symbols), by doubling where stretches are long (Larsson and Sadakane
/// 2007).
struct LongestMatch {
  /// All sequences, each with −1 behind it.
  let text: [Int32]
  /// Where suffixes begin, in order of what stands there.
  let suffixes: [Int32]

  init(_ set: SequenceSet) {
    var text: [Int32] = []
    text.reserveCapacity(set.symbolCount + set.count)
    for index in 0..<set.count {
      for symbol in set[index] { text.append(Int32(symbol)) }
      text.append(-1)
    }
    self.text = text
    var suffixes = text.indices.filter { text[$0] >= 0 }.map { Int32($0) }
    // Marks keep −1.
    var ranks = [Int32](repeating: -1, count: text.count)
    var alike: [Range<Int>] = []
    text.withUnsafeBufferPointer { text in
      /// Whether a comes before b by so many first symbols; `nil` if these are the same.
      func precedes(_ a: Int32, _ b: Int32) -> Bool? {
        var (a, b, left) = (Int(a), Int(b), Self.compared)
        // A mark ends every comparison: it is found before the text's end.
        while text[a] == text[b], text[a] >= 0 {
          (a, b, left) = (a + 1, b + 1, left - 1)
          if left == 0 { return nil }
        }
        return text[a] < text[b]
      }
      suffixes.sort { precedes($0, $1) ?? false }
      var first = 0
      for next in suffixes.indices {
        if next > 0, precedes(suffixes[next - 1], suffixes[next]) != nil { first = next }
        ranks[Int(suffixes[next])] = Int32(first)
        if next > first {
          if alike.last?.lowerBound == first { alike.removeLast() }
          alike.append(first..<next + 1)
        }
      }
    }
    // What has its first symbols in common is told apart by the ranks of what follows, of twice as many each time.
    var depth = Self.compared
    while !alike.isEmpty {
      var left: [Range<Int>] = []
      for range in alike {
        let sorted = range.map { (rank: ranks[Int(suffixes[$0]) + depth], suffix: suffixes[$0]) }.sorted { $0 < $1 }
        var first = 0
        for (next, item) in sorted.enumerated() {
          // Behind a mark nothing counts: those may stand in any order.
          if item.rank != sorted[first].rank || item.rank < 0 { first = next }
          suffixes[range.lowerBound + next] = item.suffix
          ranks[Int(item.suffix)] = Int32(range.lowerBound + first)
          if next > first {
            if left.last?.lowerBound == range.lowerBound + first { left.removeLast() }
            left.append(range.lowerBound + first..<range.lowerBound + next + 1)
          }
        }
      }
      alike = left
      depth *= 2
    }
    self.suffixes = suffixes
  }

  /// Symbols that are compared one by one.
  private static let compared = 64

  /// The length of the longest stretch of a sequence that stands in the set. O(length² · log symbols) at worst.
  func longest(of sequence: [Symbol]) -> Int {
    var longest = 0
    for start in sequence.indices {
      // What begins later cannot be longer.
      if sequence.count - start <= longest { break }
      longest = max(longest, match(sequence[start...]))
    }
    return longest
  }

  /// How many symbols of a sequence's beginning stand somewhere in the set: those that it has in common with one of the two
  /// suffixes between which it would stand.
  private func match(_ sequence: ArraySlice<Symbol>) -> Int {
    var (low, high) = (0, suffixes.count)
    var best = 0
    while low < high {
      let middle = (low + high) / 2
      let start = Int(suffixes[middle])
      var common = 0
      while common < sequence.count, Int(text[start + common]) == sequence[sequence.startIndex + common] { common += 1 }
      best = max(best, common)
      if common == sequence.count { return common }
      if Int(text[start + common]) < sequence[sequence.startIndex + common] { low = middle + 1 } else { high = middle }
    }
    return best
  }
}
