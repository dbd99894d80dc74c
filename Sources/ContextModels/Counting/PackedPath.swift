/// Paths of events that are short enough to be numbers: their labels side by side, 96 bits in a record's key and place,
/// zeros behind the last. Their order is that of the paths, and nobody has to look at the text again.
struct PackedPath {
  private let labelBits: UInt64
  /// The labels of the longest path.
  private let labels: Int
  private let order: Int
  private let startMark: UInt64
  private let hasTime: Bool
  private let hasLength: Bool

  /// `nil` where they are too long.
  init?(_ events: NGramBlock.Events, labelBound: UInt32) {
    labelBits = UInt64(max(UInt32.bitWidth - (labelBound - 1).leadingZeroBitCount, 1))
    hasTime = !events.times.isEmpty
    hasLength = !events.lengths.isEmpty
    order = events.order
    labels = order + 1 + (hasTime ? 1 : 0) + (hasLength ? 1 : 0)
    startMark = UInt64(events.startMark)
    if UInt64(labels) * labelBits > 96 { return nil }
  }

  /// The path of an event. Its labels are the context's from the nearest outwards, t, the length and the outcome.
  @inline(__always) func pack(_ place: Int, _ events: NGramBlock.Events) -> (high: UInt32, low: UInt64) {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var left = labels
    @inline(__always) func add(_ label: UInt32) {
      high = high << labelBits | low >> (64 &- labelBits)
      low = low << labelBits | UInt64(label)
      left &-= 1
    }
    var back = 1
    while back <= order {
      let label = events.symbols[place &- back]
      add(label)
      if label == events.startMark { break }
      back &+= 1
    }
    if hasTime { add(events.times[place]) }
    if hasLength { add(events.lengths[place]) }
    add(events.outcome(place))
    while left > 0 { add(0) }
    return (UInt32(truncatingIfNeeded: high), low)
  }

  /// Writes a path's labels down; says how many they are.
  func unpack(_ record: NGramHashTable.Record, to path: UnsafeMutablePointer<UInt32>) -> Int {
    let mask: UInt64 = 1 << labelBits - 1
    var shift = UInt64(labels) * labelBits
    var count = 0
    func next() -> UInt64 {
      shift -= labelBits
      let low = shift < 64 ? record.key >> shift : 0
      let high = shift < 64 ? UInt64(record.place) << (64 - shift) : UInt64(record.place) >> (shift - 64)
      let label = (low | high) & mask
      path[count] = UInt32(label)
      count += 1
      return label
    }
    var back = 1
    while back <= order { back = next() == startMark ? order + 1 : back + 1 }
    if hasTime { _ = next() }
    if hasLength { _ = next() }
    _ = next()
    return count
  }

  /// A hash of a path.
  @inline(__always) static func hash(_ high: UInt32, _ low: UInt64) -> UInt64 {
    let product = (low ^ UInt64(high) &* 0xd6e8_feb8_6659_fd93) &* 0x9e37_79b9_7f4a_7c15
    return (product ^ product >> 32) &* 0x9e37_79b9_7f4a_7c15
  }
}
