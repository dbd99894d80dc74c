import Support

/// Numbers 64-bit keys 0, 1, 2, … in the order in which they are first met.
struct KeyTable {
  /// The keys in order of their number.
  private(set) var keys: [UInt64] = []
  private var index = HashIndex(below: Int(Int32.max))

  /// The number of a key, new or old. O(1) on average.
  mutating func number(of key: UInt64) -> Int {
    let number = index.number(of: key, adding: keys.count) { keys[$0] == key }
    if number == keys.count {
      precondition(keys.count < Int(Int32.max))
      keys.append(key)
    }
    return number
  }
}

/// Two 32-bit numbers as one key that sorts by the first, then the second.
func pairKey(_ first: Int, _ second: Int) -> UInt64 {
  UInt64(UInt32(truncatingIfNeeded: first)) << 32 | UInt64(UInt32(truncatingIfNeeded: second))
}

/// The second number of a `pairKey`.
func second(ofKey key: UInt64) -> Int { Int(UInt32(truncatingIfNeeded: key)) }

/// The first number of a `pairKey`.
func first(ofKey key: UInt64) -> Int { Int(key >> 32) }
