/// The places of events, divided by their nearest label into pieces that follow each other: they can be counted at the same
/// time, and their tables stay small enough for the processor's caches. The pieces depend on the events alone.
struct NGramShards: Sendable {
  /// Of all events, those of each piece together and in order.
  private let places: [UInt32]
  /// Where each piece ends in `places`.
  private let ends: [Int]

  var count: Int { ends.count }

  /// So many events are a piece, if their labels allow it.
  private static let enough = 1 << 20

  /// - Parameters:
  ///   - labels: more than any nearest label.
  ///   - block: the events of a block at most; smaller ones have smaller pieces. O(events).
  init(_ events: NGramBlock.Events, labels: Int, block: Int) {
    let all = events.firstEvent..<max(events.symbols.count, events.firstEvent)
    let enough = min(max(block / 8, 1), Self.enough)
    var following = [Int](repeating: 0, count: labels)
    // Without a context there is no nearest label.
    let isWhole = events.order == 0
    for place in all where events.symbols[place] != events.startMark {
      following[isWhole ? 0 : Int(events.symbols[place - 1])] += 1
    }
    var pieceOfLabel = [Int32](repeating: 0, count: labels)
    var ends: [Int] = []
    var (end, inPiece) = (0, 0)
    for label in following.indices {
      pieceOfLabel[label] = Int32(ends.count)
      end += following[label]
      inPiece += following[label]
      guard inPiece > enough || label == labels - 1 else { continue }
      ends.append(end)
      inPiece = 0
    }
    var next = [0] + ends.dropLast()
    places = [UInt32](unsafeUninitializedCapacity: end) { places, count in
      next.withUnsafeMutableBufferPointer { next in
        pieceOfLabel.withUnsafeBufferPointer { pieceOfLabel in
          for place in all where events.symbols[place] != events.startMark {
            let piece = isWhole ? 0 : Int(pieceOfLabel[Int(events.symbols[place &- 1])])
            places[next[piece]] = UInt32(truncatingIfNeeded: place)
            next[piece] &+= 1
          }
        }
      }
      count = end
    }
    self.ends = ends
  }

  func withPlaces<Result>(of piece: Int, _ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
    places.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[(piece == 0 ? 0 : ends[piece - 1])..<ends[piece]]))
    }
  }
}
