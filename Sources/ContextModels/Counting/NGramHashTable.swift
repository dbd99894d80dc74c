/// Counts equal events: an open-addressing hash table with linear probing, at most half full. An event is known by its
/// packed path where that is short; otherwise by a place where it stands, so that its labels are stored nowhere else.
struct NGramHashTable: ~Copyable {
  /// An event and how often it occurs: its packed path, place first; or a place and the event's hash, later a piece of its
  /// path.
  struct Record {
    var key: UInt64 = 0
    var place: UInt32 = 0
    var count: UInt32 = 0
  }

  private var slots = [Record](repeating: Record(), count: 1 << 10)
  private var shift: UInt64 = 64 - 10
  private var used = 0

  /// Places are looked up so many at a time: one round asks for all their slots, the next for what stands at the places
  /// found there, so that memory answers many questions at once.
  private static var batch: Int { 32 }

  /// Counts the events at some places.
  mutating func count(_ events: NGramBlock.Events, at allPlaces: UnsafeBufferPointer<UInt32>, _ packing: PackedPath?) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.batch) { places in
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.batch) { hashes in
        for from in stride(from: 0, to: allPlaces.count, by: Self.batch) {
          let found = min(Self.batch, allPlaces.count - from)
          for index in 0..<found { places[index] = allPlaces[from + index] }
          if (used + found) * 2 > slots.count { grow(isPacked: packing != nil) }
          if let packing {
            add(places, hashes, found, events, packing)
          } else {
            add(places, hashes, found, events)
          }
        }
      }
    }
  }

  private mutating func add(
    _ places: UnsafeMutableBufferPointer<UInt32>, _ hashes: UnsafeMutableBufferPointer<UInt64>, _ count: Int,
    _ events: NGramBlock.Events
  ) {
    let mask = slots.count - 1
    let shift = self.shift
    var added = 0
    slots.withUnsafeMutableBufferPointer { slots in
      for index in 0..<count {
        let hash = events.hash(Int(places[index]))
        hashes[index] = hash
        // What is summed is of no interest; the loads are.
        added &+= Int(slots[Int(hash >> shift)].count)
      }
      for index in 0..<count {
        added &+= Int(events.symbols[Int(slots[Int(hashes[index] >> shift)].place)])
      }
      withExtendedLifetime(added) { added = 0 }
      for index in 0..<count {
        let hash = hashes[index]
        let place = places[index]
        var slot = Int(hash >> shift)
        while true {
          if slots[slot].count == 0 {
            slots[slot] = Record(key: hash, place: place, count: 1)
            added &+= 1
            break
          }
          if slots[slot].key == hash, events.areEqual(Int(slots[slot].place), Int(place)) {
            slots[slot].count &+= 1
            break
          }
          slot = (slot &+ 1) & mask
        }
      }
    }
    used += added
  }

  /// The same with packed paths: `hashes` holds the lower parts, and `places` the higher ones in the end.
  private mutating func add(
    _ places: UnsafeMutableBufferPointer<UInt32>, _ hashes: UnsafeMutableBufferPointer<UInt64>, _ count: Int,
    _ events: NGramBlock.Events, _ packing: PackedPath
  ) {
    let mask = slots.count - 1
    let shift = self.shift
    var added = 0
    slots.withUnsafeMutableBufferPointer { slots in
      for index in 0..<count {
        let (high, low) = packing.pack(Int(places[index]), events)
        places[index] = high
        hashes[index] = low
        added &+= Int(slots[Int(PackedPath.hash(high, low) >> shift)].count)
      }
      withExtendedLifetime(added) { added = 0 }
      for index in 0..<count {
        let (high, low) = (places[index], hashes[index])
        var slot = Int(PackedPath.hash(high, low) >> shift)
        while slots[slot].count > 0, slots[slot].key != low || slots[slot].place != high { slot = (slot &+ 1) & mask }
        if slots[slot].count == 0 {
          slots[slot] = Record(key: low, place: high, count: 0)
          added &+= 1
        }
        slots[slot].count &+= 1
      }
    }
    used += added
  }

  private mutating func grow(isPacked: Bool) {
    let old = slots
    slots = Array(repeating: Record(), count: 2 * old.count)
    shift -= 1
    let mask = slots.count - 1
    for record in old where record.count > 0 {
      var slot = Int((isPacked ? PackedPath.hash(record.place, record.key) : record.key) >> shift)
      while slots[slot].count > 0 { slot = (slot + 1) & mask }
      slots[slot] = record
    }
  }

  /// The distinct events, in no order.
  consuming func records() -> [Record] {
    Array(unsafeUninitializedCapacity: used) { buffer, count in
      for record in slots where record.count > 0 {
        buffer[count] = record
        count += 1
      }
    }
  }
}
