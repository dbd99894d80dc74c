import ModelCore
import Sequences

extension ContextCounts {
  /// Counts a set: its distinct events first, then their contexts. O(symbols · order).
  /// - Throws: `Scratch.Failure`, `FittingError.interrupted`, `FittingError.tooLarge`.
  package init(
    _ set: SequenceSet, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, threads: Int = 1,
    tails: ContextTails.Use = .none, block: Int? = nil, scratch: Scratch? = nil, isInterrupted: () -> Bool = { false }
  ) throws {
    try self.init(
      EventCounts(
        set, path, shape, threads: threads, tails: tails, block: block, scratch: scratch, isInterrupted: isInterrupted),
      path, shape, lowerOrders: lowerOrders, tails: tails, scratch: scratch, isInterrupted: isInterrupted)
  }

  /// The counts in all contexts of a path. O(distinct events · order).
  /// - Throws: as for a set.
  package init(
    _ events: consuming EventCounts, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool,
    tails: ContextTails.Use, scratch: Scratch? = nil, isInterrupted: () -> Bool = { false }
  ) throws {
    try self.init(
      events, shape, longestPath: path.longest + 1, order: path.order, lowerOrders: lowerOrders, tails: tails,
      scratch: scratch, isInterrupted: isInterrupted)
  }

  /// The tree of the contexts of some events, its shorter contexts by adding up the longer ones. O(distinct events · their
  /// labels).
  /// - Parameters:
  ///   - longestPath: the most labels of an event's path, with its outcome.
  ///   - order: k, where contexts are of symbols.
  ///   - lowerOrders: whether contexts on the way are counted too, or only the full ones.
  ///   - tails: whether unary paths may be read in a text in place of the tree.
  /// - Throws: `Scratch.Failure`, `FittingError.interrupted`, `FittingError.tooLarge`.
  init(
    _ events: consuming EventCounts, _ shape: OutputShape, longestPath: Int, order: Int = 0, lowerOrders: Bool,
    tails: ContextTails.Use = .none, scratch: Scratch? = nil, isInterrupted: () -> Bool = { false }
  ) throws {
    let unit = events.unit
    let mayHaveTails = tails.isPossible(order: order, events: events.size)
    var levels = ContextTreeBuilder(longestPath: longestPath, scratch: scratch)
    let hasTails = levels.append(mayHaveTails ? tails : .none) { events.forEachEvent(isLast: !mayHaveTails, $0) }
    let text = hasTails ? events.text : nil
    _ = consume events
    try scratch?.check()
    if isInterrupted() { throw FittingError.interrupted }
    try levels.check()
    if lowerOrders { levels.addUp(outcomes: shape.alphabetSize + 1) }
    try scratch?.check()
    self = try levels.finished(shape, unit: unit, text: text, order: order)
    try scratch?.check()
  }
}

extension ContextTreeBuilder {
  /// Adds distinct events in the order of their paths.
  /// - Parameter forEach: gives them, the second time from the beginning again.
  /// - Returns: whether unary paths are read in the text.
  fileprivate mutating func append(
    _ tails: ContextTails.Use,
    _ forEach: (_ body: (UnsafeBufferPointer<UInt32>, _ count: Int, _ position: Int) -> Void) -> Void
  ) -> Bool {
    if tails != .none {
      var whole = WholeTreeSize()
      forEach { path, _, _ in whole.add(path) }
      if tails.suits(whole) {
        var paths = UnaryPaths()
        forEach { paths.add($0, count: $1, place: $2) { append($0, count: $1, tail: $2) } }
        paths.finish { append($0, count: $1, tail: $2) }
        return true
      }
    }
    forEach { path, count, _ in append(path, count: count) }
    return false
  }
}
