import ModelCore
import Sequences

/// A set laid out for counting: every sequence behind a start mark and, where its end is decided, before an end mark.
/// An *event* is a place that holds anything but a start mark: the outcome there, after the context that lies before it.
struct NGramBlock {
  private let symbols: [UInt32]
  /// The label of t at each place; empty where t is no parent.
  private let times: [UInt32]
  /// The length input of the event at each place; empty where there is none.
  private let lengths: [UInt32]
  private let order: Int
  private let startMark: UInt32
  /// More than any label.
  let labelBound: UInt32

  /// Places in front of the first event: what the first one's context needs.
  private let firstEvent: Int

  /// An event of a set: the one after so many elements of a sequence.
  struct Place {
    var sequence = 0
    var time = 0
  }

  /// Lays out at most `limit` events of a set from a place on, which is moved behind them. O(limit).
  init(_ set: SequenceSet, from place: inout Place, atMost limit: Int, _ path: ContextPath, _ shape: OutputShape) {
    var symbols: [UInt32] = []
    var times: [UInt32] = []
    var lengths: [UInt32] = []
    let startMark = UInt32(path.startMark)
    let rest = set.symbolCount + 2 * set.count
    symbols.reserveCapacity(min(rest, limit + path.order + 1))
    if path.time != .none { times.reserveCapacity(symbols.capacity) }
    if path.hasLengthInput { lengths.reserveCapacity(symbols.capacity) }
    // A sequence in the midst of which the last block ended: the context comes before.
    let history = min(place.time, path.order)
    if history < path.order || history == 0 { symbols.append(startMark) }
    if history > 0 {
      for symbol in set.slice(place.sequence, place.time - history..<place.time) { symbols.append(UInt32(symbol)) }
    }
    firstEvent = symbols.count
    var left = limit
    while place.sequence < set.count {
      let length = set.length(place.sequence)
      let steps = shape.steps(length: length)
      let end = min(steps, place.time + left)
      for symbol in set.slice(place.sequence, place.time..<min(end, length)) {
        symbols.append(UInt32(truncatingIfNeeded: symbol))
      }
      if end > length { symbols.append(startMark + 1) }
      if path.time != .none {
        times += repeatElement(0, count: symbols.count - (end - place.time) - times.count)
        for time in place.time..<end { times.append(UInt32(truncatingIfNeeded: path.time.label(time))) }
      }
      if path.hasLengthInput {
        lengths += repeatElement(0, count: symbols.count - (end - place.time) - lengths.count)
        for time in place.time..<end {
          lengths.append(UInt32(truncatingIfNeeded: shape.lengthLabel(time: time, length: length) ?? 0))
        }
      }
      left -= end - place.time
      place.time = end
      if end < steps { break }
      place.sequence += 1
      place.time = 0
      if place.sequence < set.count { symbols.append(startMark) }
    }
    self.symbols = symbols
    self.times = times
    self.lengths = lengths
    self.startMark = startMark
    order = path.order
    labelBound = max(startMark, times.max() ?? 0, lengths.max() ?? 0) + 1
  }

  func withEvents<Result>(_ body: (Events) -> Result) -> Result {
    symbols.withUnsafeBufferPointer { symbols in
      times.withUnsafeBufferPointer { times in
        lengths.withUnsafeBufferPointer { lengths in
          body(
            Events(
              symbols: symbols, times: times, lengths: lengths, order: order, startMark: startMark,
              firstEvent: firstEvent))
        }
      }
    }
  }

  /// The events in place, while the arrays stay put.
  struct Events {
    let symbols: UnsafeBufferPointer<UInt32>
    let times: UnsafeBufferPointer<UInt32>
    let lengths: UnsafeBufferPointer<UInt32>
    let order: Int
    let startMark: UInt32
    let firstEvent: Int

    /// The outcome at a place; the end is the number behind the last symbol.
    @inline(__always) func outcome(_ place: Int) -> UInt32 { min(symbols[place], startMark) }

    /// A hash of an event's outcome and context. The loop ends at the start mark, which no context reaches beyond.
    @inline(__always) func hash(_ place: Int) -> UInt64 {
      var hash = UInt64(symbols[place])
      var back = 1
      while back <= order {
        let label = symbols[place &- back]
        hash = Self.mixed(hash, label)
        if label == startMark { break }
        back &+= 1
      }
      if !times.isEmpty { hash = Self.mixed(hash, times[place]) }
      return Self.mixed(hash, lengths.isEmpty ? 0 : lengths[place])
    }

    @inline(__always) private static func mixed(_ hash: UInt64, _ label: UInt32) -> UInt64 {
      let product = (hash ^ UInt64(label)) &* 0x9e37_79b9_7f4a_7c15
      return product ^ (product >> 32)
    }

    /// Whether the same outcome follows the same context at both places.
    @inline(__always) func areEqual(_ place: Int, _ other: Int) -> Bool {
      if symbols[place] != symbols[other] || !lengths.isEmpty && lengths[place] != lengths[other] { return false }
      if !times.isEmpty, times[place] != times[other] { return false }
      var back = 1
      while back <= order {
        let label = symbols[place &- back]
        if label != symbols[other &- back] { return false }
        if label == startMark { break }
        back &+= 1
      }
      return true
    }
  }

  /// Gives an event's labels one after the other: those of the context in `ContextPath`'s order, then the outcome.
  /// Nothing but the labels given so far says what comes next, so it may continue with another event that shares them.
  struct Cursor {
    private var back = 1
    private var rest = Rest.time

    private enum Rest { case time, length, outcome, nothing }

    @inline(__always) mutating func next(_ place: Int, _ events: Events) -> UInt32? {
      if back <= events.order {
        let label = events.symbols[place &- back]
        back = label == events.startMark ? events.order + 1 : back &+ 1
        return label
      }
      if rest == .time {
        rest = .length
        if !events.times.isEmpty { return events.times[place] }
      }
      if rest == .length {
        rest = .outcome
        if !events.lengths.isEmpty { return events.lengths[place] }
      }
      if rest == .nothing { return nil }
      rest = .nothing
      return events.outcome(place)
    }
  }
}
