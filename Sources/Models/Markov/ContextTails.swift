import Sequences

/// How contexts go on that a single event has. Below such a context each longer one has the same event alone, a path
/// without branches: with high orders these are nearly all contexts there are. The tree holds the first of them, and the
/// others are read in the text, where the event stands.
package struct ContextTails: Sendable, Hashable {
  /// Where they are read.
  struct Text: Sendable, Hashable {
    /// Sequences behind start marks, as `EventText` lays them out.
    let symbols: FlatArray<Int32>
    /// The labels of t and of the length at each position; empty where they are no parents.
    let times: FlatArray<Int32>
    let lengths: FlatArray<Int32>
    /// For each position the labels of symbols and start mark in its context, at most k.
    let depths: FlatArray<Int32>
  }

  /// When contexts go on in a text.
  package enum Use: Sendable {
    case none
    /// Where the tree would be many times as large.
    case ifLarge
    case always
  }

  let text: Text
  /// For each node of the tree the position of the only event after its context, if that goes on; otherwise −1.
  let places: FlatArray<Int32>

  init(_ text: Text, _ places: [Int32]) {
    self.text = text
    self.places = FlatArray(places)
  }

  /// How many there are.
  var count: Int { places.count { $0 >= 0 } }

  /// Where the only event after a node's context stands, if the context goes on.
  func place(of node: Int) -> Int? { places[node] >= 0 ? Int(places[node]) : nil }

  /// The labels of the whole context of the event at a position.
  func depth(at place: Int) -> Int {
    Int(text.depths[place]) + (text.times.isEmpty ? 0 : 1) + (text.lengths.isEmpty ? 0 : 1)
  }

  /// Label number `level` of the context of the event at a position; `nil` behind the last.
  func label(_ level: Int, at place: Int) -> Int? {
    let symbols = Int(text.depths[place])
    if level < symbols { return Int(text.symbols[place - 1 - level]) }
    if level == symbols, !text.times.isEmpty { return Int(text.times[place]) }
    return level < depth(at: place) && !text.lengths.isEmpty ? Int(text.lengths[place]) : nil
  }

  /// How far a context goes along with the text behind a node.
  struct Match: Sendable {
    /// The labels that agree, behind those of the node.
    var length = 0
    /// Whether they are all that a context has.
    var isWhole = false
  }
}

extension ContextTails.Text {
  /// - Parameter order: k.
  init(
    symbols: FlatArray<Int32>, times: FlatArray<Int32>, lengths: FlatArray<Int32>, order: Int, startMark: Int32
  ) {
    var depths: [Int32] = []
    var depth = 0
    for symbol in symbols {
      depths.append(Int32(min(depth, order)))
      depth = symbol == startMark ? 1 : depth + 1
    }
    (self.symbols, self.times, self.lengths) = (symbols, times, lengths)
    self.depths = FlatArray(depths)
  }

  init(_ events: EventText.Events) {
    func array(_ labels: UnsafeBufferPointer<UInt32>) -> FlatArray<Int32> {
      FlatArray(labels.map { Int32(truncatingIfNeeded: $0) })
    }
    self.init(
      symbols: array(events.symbols), times: array(events.times), lengths: array(events.lengths), order: events.order,
      startMark: Int32(truncatingIfNeeded: events.startMark))
  }
}

extension ContextTails.Use {
  /// Orders up to here are counted whole.
  private static let moderate = 24
  /// Nodes for each distinct event that a tree may have.
  private static let most = 32

  /// Whether contexts of these events are to go on in the text. O(distinct events · order) at high orders.
  func suits(_ path: ContextPath, _ events: EventText.Events, _ pieces: [[EventTable.Record]]) -> Bool {
    switch self {
    case .none: return false
    case .always: return true
    case .ifLarge:
      guard path.order > Self.moderate else { return false }
      var (nodes, distinct) = (0, 0)
      events.forEachSharing(of: pieces) { path, _, shared in
        nodes += path.count - 1 - shared
        distinct += 1
      }
      return nodes > Self.most * distinct
    }
  }
}

extension EventText.Events {
  /// Gives distinct events by their paths, each with the number of labels of its context that it shares with the one
  /// before.
  fileprivate func forEachSharing(
    of pieces: [[EventTable.Record]],
    _ body: (_ path: UnsafeBufferPointer<UInt32>, _ record: EventTable.Record, _ shared: Int) -> Void
  ) {
    var last: [UInt32] = []
    for records in pieces {
      forEachPath(of: records, nil) { path, record in
        var shared = 0
        while shared < path.count - 1, shared < last.count - 1, path[shared] == last[shared] { shared += 1 }
        body(path, record, shared)
        last.removeAll(keepingCapacity: true)
        last.append(contentsOf: path)
      }
    }
  }

  /// Gives distinct events by their paths, those that occur once as far as the first context that they alone have, with the
  /// position where they stand if the context goes on.
  func forEachBranch(
    of pieces: [[EventTable.Record]],
    _ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ tail: Int32?) -> Void
  ) {
    var waiting: (path: [UInt32], record: EventTable.Record)?
    var before = 0
    func handOver(shared after: Int) {
      guard let (whole, record) = waiting else { return }
      var path = whole
      let depth = max(before, after) + 1
      let isCut = record.count == 1 && depth < path.count - 1
      if isCut { path.replaceSubrange(depth..., with: [path[path.count - 1]]) }
      path.withUnsafeBufferPointer {
        body($0, Int(record.count), isCut ? Int32(truncatingIfNeeded: record.place) : nil)
      }
      before = after
    }
    forEachSharing(of: pieces) { path, record, shared in
      handOver(shared: shared)
      waiting = (Array(path), record)
    }
    handOver(shared: 0)
  }
}

extension ContextState {
  /// How far this context goes along with the text behind the longest one in the tree; `nil` where that ends there.
  /// O(labels that agree).
  func match(_ tails: ContextTails, _ path: ContextPath, _ inputs: StepInputs) -> ContextTails.Match? {
    guard let place = tails.place(of: longest) else { return nil }
    let time = recent.count == path.order ? max(inputs.time, path.order) : recent.count
    let depth = path.depth(time: time)
    let first = contexts.count - 1
    var level = first
    while level < depth,
      tails.label(level, at: place)
        == path.label(level, time: time, length: inputs.length ?? 0, symbol: { recent[$0 - 1] })
    {
      level += 1
    }
    return ContextTails.Match(length: level - first, isWhole: level == depth)
  }
}
