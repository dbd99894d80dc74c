import Foundation

/// Byte strings, numbered as they are first seen: an open-addressing table over one arena of bytes.
package struct Interner {
  /// A place in the table. Short strings, and words mostly are, can be told apart by their digests alone.
  private struct Slot {
    var digest = Digest.none
    var hash: UInt32 = 0
    var number: UInt32 = 0
  }

  private var slots = [Slot](repeating: Slot(), count: 64)
  private var arena: [UInt8] = []
  /// Where each string begins in the arena; one more for the end.
  private var starts = [0]

  package init() {}

  package var count: Int { starts.count - 1 }

  /// The bytes of all strings.
  var byteCount: Int { arena.count }

  /// The number of `key`, which is not empty; a new one, the next, if `inserting`, and otherwise nil. O(length).
  @inline(__always)
  package mutating func number(of key: UnsafeBufferPointer<UInt8>, inserting: Bool) -> UInt32? {
    let digest = Digest(of: key)
    let hash = digest.hash(of: key)
    let mask = slots.count - 1
    var place = Int(hash) & mask
    while true {
      let slot = slots[place]
      if slot.digest == digest, digest.isWhole || slot.hash == hash && equals(Int(slot.number), key) {
        return slot.number
      }
      if slot.digest == .none { break }
      place = (place + 1) & mask
    }
    return inserting ? insert(key, Slot(digest: digest, hash: hash, number: UInt32(count)), at: place) : nil
  }

  private mutating func insert(_ key: UnsafeBufferPointer<UInt8>, _ slot: Slot, at place: Int) -> UInt32 {
    arena.append(contentsOf: key)
    starts.append(arena.count)
    slots[place] = slot
    if count * 8 > slots.count * 7 { grow() }
    return slot.number
  }

  private mutating func grow() {
    var larger = [Slot](repeating: Slot(), count: 2 * slots.count)
    let mask = larger.count - 1
    for slot in slots where slot.digest != .none {
      var place = Int(slot.hash) & mask
      while larger[place].digest != .none { place = (place + 1) & mask }
      larger[place] = slot
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

  package func text(_ number: Int) -> String {
    String(decoding: arena[starts[number]..<starts[number + 1]], as: UTF8.self)
  }

  /// All numbers, in the order of their strings' bytes.
  func sorted() -> [UInt32] {
    arena.withUnsafeBufferPointer { arena in
      (0..<UInt32(count)).sorted { a, b in
        let left = UnsafeBufferPointer(rebasing: arena[starts[Int(a)]..<starts[Int(a) + 1]])
        let right = UnsafeBufferPointer(rebasing: arena[starts[Int(b)]..<starts[Int(b) + 1]])
        return left.lexicographicallyPrecedes(right)
      }
    }
  }
}

/// Eight bytes about a string. Of one with at most seven bytes they are those bytes and their number: all there is to
/// know. Of a longer one, the first seven.
private struct Digest: Equatable {
  private var bits: UInt64

  /// Of no string.
  static let none = Digest(bits: 0)

  private init(bits: UInt64) { self.bits = bits }

  @inline(__always) init(of key: UnsafeBufferPointer<UInt8>) {
    let bytes = UnsafeRawBufferPointer(key)
    let count = bytes.count
    // Pieces overlap, and agree where they do.
    if count > 7 {
      bits = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) | 0xFF << 56
    } else if count > 3 {
      let low = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
      let high = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
      bits = low | high << UInt64(8 * (count - 4)) | UInt64(count) << 56
    } else {
      let (middle, last) = (count / 2, count - 1)
      bits = UInt64(bytes[0]) | UInt64(bytes[middle]) << UInt64(8 * middle) | UInt64(bytes[last]) << UInt64(8 * last)
      bits |= UInt64(count) << 56
    }
  }

  /// Whether there is no more to the string.
  @inline(__always) var isWhole: Bool { bits >> 56 != 0xFF }

  /// A hash of the string, eight bytes at a time, folded by a full product as wyhash (Wang Yi 2019) does.
  @inline(__always) func hash(of key: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash = folded(bits)
    guard !isWhole else { return UInt32(truncatingIfNeeded: hash) }
    let bytes = UnsafeRawBufferPointer(key)
    var rest = bytes.count
    while rest > 8 {
      rest -= 8
      hash = folded(hash ^ bytes.loadUnaligned(fromByteOffset: rest, as: UInt64.self))
    }
    return UInt32(truncatingIfNeeded: folded(hash ^ UInt64(bytes.count) ^ UInt64(bytes[7]) << 56))
  }
}

@inline(__always) private func folded(_ value: UInt64) -> UInt64 {
  let product = (value ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
  return product.high ^ product.low
}
