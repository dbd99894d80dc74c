/// Sorts distinct events by their paths: as many labels at a time as fit 64 bits, by counting digits where there are many
/// events and by insertion where there are few; then those that agree in them by the next.
struct NGramRadixSort {
  private let events: NGramBlock.Events
  private let labelBits: UInt64
  private let labelsAtOnce: Int
  private var spare: [NGramHashTable.Record]

  /// - Parameter labelBound: more than any label.
  static func sort(
    _ records: inout [NGramHashTable.Record], of events: NGramBlock.Events, labelBound: UInt32, isPacked: Bool
  ) {
    var sort = NGramRadixSort(events, labelBound: labelBound)
    if isPacked { return records.withUnsafeMutableBufferPointer { sort.sortByDigits($0, withPlaces: true) } }
    records.withUnsafeMutableBufferPointer { sort.sort($0, NGramBlock.Cursor()) }
  }

  private init(_ events: NGramBlock.Events, labelBound: UInt32) {
    self.events = events
    labelBits = UInt64(max(UInt32.bitWidth - (labelBound - 1).leadingZeroBitCount, 1))
    labelsAtOnce = 64 / Int(labelBits)
    spare = []
  }

  private mutating func sort(_ records: UnsafeMutableBufferPointer<NGramHashTable.Record>, _ cursor: NGramBlock.Cursor)
  {
    for index in records.indices {
      var cursor = cursor
      records[index].key = piece(of: Int(records[index].place), &cursor)
    }
    if records.count > 64 { sortByDigits(records) } else { insert(records) }
    var from = 0
    while from < records.count {
      var to = from + 1
      while to < records.count, records[to].key == records[from].key { to += 1 }
      if to - from > 1 {
        var next = cursor
        _ = piece(of: Int(records[from].place), &next)
        sort(UnsafeMutableBufferPointer(rebasing: records[from..<to]), next)
      }
      from = to
    }
  }

  /// The next labels of a path in one number; zeros behind its end.
  @inline(__always) private func piece(of place: Int, _ cursor: inout NGramBlock.Cursor) -> UInt64 {
    var piece: UInt64 = 0
    for _ in 0..<labelsAtOnce { piece = piece << labelBits | UInt64(cursor.next(place, events) ?? 0) }
    return piece
  }

  private func insert(_ records: UnsafeMutableBufferPointer<NGramHashTable.Record>) {
    for index in 1..<max(records.count, 1) {
      let record = records[index]
      var place = index
      while place > 0, records[place - 1].key > record.key {
        records[place] = records[place - 1]
        place -= 1
      }
      records[place] = record
    }
  }

  /// The last digit first; digits in which all agree cost nothing.
  private mutating func sortByDigits(
    _ records: UnsafeMutableBufferPointer<NGramHashTable.Record>, withPlaces: Bool = false
  ) {
    let count = records.count
    if spare.count < count { spare = Array(repeating: NGramHashTable.Record(), count: count) }
    let digitBits = count > 1 << 16 ? 11 : 8
    var (differing, placesDiffering): (UInt64, UInt64) = (0, 0)
    for record in records {
      differing |= record.key ^ records[0].key
      placesDiffering |= UInt64(record.place ^ records[0].place)
    }
    spare.withUnsafeMutableBufferPointer { spare in
      guard var from = records.baseAddress, var to = spare.baseAddress else { return }
      for shift in stride(from: 0, to: 64, by: digitBits)
      where differing >> UInt64(shift) & (1 << UInt64(digitBits) - 1) != 0 {
        Self.distribute(from, to, count, shift: UInt64(shift), digitBits: UInt64(digitBits)) { $0.key }
        (from, to) = (to, from)
      }
      for shift in stride(from: 0, to: withPlaces ? 32 : 0, by: digitBits)
      where placesDiffering >> UInt64(shift) & (1 << UInt64(digitBits) - 1) != 0 {
        Self.distribute(from, to, count, shift: UInt64(shift), digitBits: UInt64(digitBits)) { UInt64($0.place) }
        (from, to) = (to, from)
      }
      if from != records.baseAddress { to.update(from: from, count: count) }
    }
  }

  @inline(__always) private static func distribute(
    _ from: UnsafePointer<NGramHashTable.Record>, _ to: UnsafeMutablePointer<NGramHashTable.Record>, _ count: Int,
    shift: UInt64, digitBits: UInt64, _ word: (NGramHashTable.Record) -> UInt64
  ) {
    let mask: UInt64 = 1 << digitBits - 1
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << Int(digitBits)) { starts in
      starts.initialize(repeating: 0)
      for index in 0..<count { starts[Int(word(from[index]) >> shift & mask)] &+= 1 }
      var next = 0
      for digit in starts.indices { (starts[digit], next) = (next, next &+ starts[digit]) }
      for index in 0..<count {
        let digit = Int(word(from[index]) >> shift & mask)
        to[starts[digit]] = from[index]
        starts[digit] &+= 1
      }
    }
  }
}
