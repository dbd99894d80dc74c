/// Numbers 64-bit keys 0, 1, 2, … in the order in which they are first met: an open-addressing hash table with
/// linear probing. Counting is done with it, one lookup an event and level.
struct KeyTable {
  /// The keys in order of their number.
  private(set) var keys: [UInt64] = []
  private var slots: [Int32]
  private var mask: Int

  init() {
    mask = 255
    slots = Array(repeating: -1, count: mask + 1)
  }

  /// The number of a key, new or old. O(1) on average.
  mutating func number(of key: UInt64) -> Int {
    var slot = hash(key)
    while slots[slot] >= 0 {
      let number = Int(slots[slot])
      if keys[number] == key { return number }
      slot = (slot + 1) & mask
    }
    precondition(keys.count < Int(Int32.max))
    slots[slot] = Int32(keys.count)
    keys.append(key)
    if keys.count * 2 > mask { grow() }
    return keys.count - 1
  }

  private func hash(_ key: UInt64) -> Int {
    let product = key &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: (product ^ (product >> 32)) & UInt64(mask))
  }

  private mutating func grow() {
    mask = mask * 2 + 1
    slots = Array(repeating: -1, count: mask + 1)
    for (number, key) in keys.enumerated() {
      var slot = hash(key)
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number)
    }
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
