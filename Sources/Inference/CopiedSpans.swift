import Sequences

/// The longest stretch of a sequence that stands somewhere in a set, by binary search among the set's sorted suffixes
/// (Manber and Myers 1993). Built in O(symbols · log symbols) comparisons.
struct CopiedSpans {
  /// All sequences, each with −1 behind it.
  private let text: [Int32]
  /// Where suffixes begin, in order of what stands there.
  private let suffixes: [Int32]

  init(_ set: SequenceSet) {
    var text: [Int32] = []
    text.reserveCapacity(set.symbolCount + set.count)
    for index in 0..<set.count {
      for symbol in set[index] { text.append(Int32(symbol)) }
      text.append(-1)
    }
    self.text = text
    var suffixes = text.indices.filter { text[$0] >= 0 }.map { Int32($0) }
    text.withUnsafeBufferPointer { text in
      suffixes.sort { a, b in
        var (a, b) = (Int(a), Int(b))
        // A mark ends every comparison: it is found before the text's end.
        while text[a] == text[b], text[a] >= 0 { (a, b) = (a + 1, b + 1) }
        return text[a] < text[b]
      }
    }
    self.suffixes = suffixes
  }

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
