import Foundation

/// Byte strings, numbered as they are first seen: an open-addressing table over one arena of bytes.
struct Interner {
  private var arena: [UInt8] = []
  /// Where each string begins in the arena; one more for the end.
  private var starts = [0]
  /// The upper half of a slot is the hash, the lower half the number plus one; 0 is a free slot.
  private var slots = [UInt64](repeating: 0, count: 64)

  var count: Int { starts.count - 1 }

  /// The number of `key`; a new one, the next, if `inserting`, and otherwise nil. O(length).
  @inline(__always) mutating func number(of key: UnsafeBufferPointer<UInt8>, inserting: Bool) -> UInt32? {
    let hash = hash(of: key)
    let mask = slots.count - 1
    var slot = Int(hash) & mask
    while slots[slot] != 0 {
      if UInt32(truncatingIfNeeded: slots[slot] >> 32) == hash {
        let number = UInt32(truncatingIfNeeded: slots[slot]) - 1
        if equals(Int(number), key) { return number }
      }
      slot = (slot + 1) & mask
    }
    return inserting ? insert(key, hash: hash, slot: slot) : nil
  }

  private mutating func insert(_ key: UnsafeBufferPointer<UInt8>, hash: UInt32, slot: Int) -> UInt32 {
    let number = UInt32(count)
    arena.append(contentsOf: key)
    starts.append(arena.count)
    slots[slot] = UInt64(hash) << 32 | UInt64(number + 1)
    if count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: 2 * slots.count)
    let mask = larger.count - 1
    for entry in slots where entry != 0 {
      var slot = Int(entry >> 32) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = entry
    }
    slots = larger
  }

  private func equals(_ number: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = starts[number]
    guard starts[number + 1] - start == key.count, let bytes = key.baseAddress else { return false }
    return arena.withUnsafeBytes { arena in
      arena.baseAddress.map { memcmp($0 + start, bytes, key.count) == 0 } ?? false
    }
  }

  func text(_ number: Int) -> String {
    String(decoding: arena[starts[number]..<starts[number + 1]], as: UTF8.self)
  }

  /// All numbers, in the order of their strings' bytes.
  func sorted() -> [UInt32] {
    arena.withUnsafeBufferPointer { arena in
      (0..<UInt32(count)).sorted { a, b in
        let left = arena[starts[Int(a)]..<starts[Int(a) + 1]]
        let right = arena[starts[Int(b)]..<starts[Int(b) + 1]]
        return left.lexicographicallyPrecedes(right)
      }
    }
  }
}

/// Eight bytes at a time, folded by a full product, as wyhash (Wang Yi 2019) does. Strings are not empty.
@inline(__always) private func hash(of key: UnsafeBufferPointer<UInt8>) -> UInt32 {
  let bytes = UnsafeRawBufferPointer(key)
  let count = bytes.count
  var hash = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
  var i = 0
  while count - i > 8 {
    hash = folded(hash ^ bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
    i += 8
  }
  // The last eight bytes or fewer; pieces may overlap.
  let last: UInt64
  if count >= 8 {
    last = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
  } else if count >= 4 {
    let low = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
    last = UInt64(low) | UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << 32
  } else {
    last = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
  }
  return UInt32(truncatingIfNeeded: folded(hash ^ last))
}

@inline(__always) private func folded(_ value: UInt64) -> UInt64 {
  let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
  return product.high ^ product.low
}
