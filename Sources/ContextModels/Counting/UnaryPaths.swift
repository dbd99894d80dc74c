/// Shortens the paths of events: below a context that no other event shares, each longer context is followed by the same
/// outcome alone, and equally often. The first such context stays, and the labels behind it are cut off.
///
/// Events are added in the order of their paths, and handed over one event later.
struct UnaryPaths {
  private var waiting: (path: [UInt32], count: Int, place: Int)?
  private var sharedBefore = 0

  /// - Parameter body: takes the event before, with the position where it stands in the text if its path was cut.
  mutating func add(
    _ path: UnsafeBufferPointer<UInt32>, count: Int, place: Int,
    _ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ tail: Int32?) -> Void
  ) {
    handOver(shared: waiting.map { Self.sharedLabels($0.path, path) } ?? 0, body)
    waiting = (Array(path), count, place)
  }

  /// Hands the last event over.
  mutating func finish(_ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ tail: Int32?) -> Void) {
    handOver(shared: 0, body)
    waiting = nil
  }

  private mutating func handOver(
    shared: Int, _ body: (_ path: UnsafeBufferPointer<UInt32>, _ count: Int, _ tail: Int32?) -> Void
  ) {
    guard var path = waiting?.path, let count = waiting?.count, let place = waiting?.place else { return }
    let depth = max(sharedBefore, shared) + 1
    let isCut = depth < path.count - 1
    if isCut { path.replaceSubrange(depth..., with: [path[path.count - 1]]) }
    path.withUnsafeBufferPointer { body($0, count, isCut ? Int32(truncatingIfNeeded: place) : nil) }
    sharedBefore = shared
  }

  /// The labels with which the contexts of two events begin alike.
  static func sharedLabels(_ last: [UInt32], _ path: UnsafeBufferPointer<UInt32>) -> Int {
    var shared = 0
    while shared < path.count - 1, shared < last.count - 1, path[shared] == last[shared] { shared += 1 }
    return shared
  }
}

/// The number of contexts that the whole tree of some events has, which are added in the order of their paths.
struct WholeTreeSize {
  private(set) var contexts = 0
  private(set) var events = 0
  private var last: [UInt32] = []

  mutating func add(_ path: UnsafeBufferPointer<UInt32>) {
    contexts += path.count - 1 - UnaryPaths.sharedLabels(last, path)
    events += 1
    last.removeAll(keepingCapacity: true)
    last.append(contentsOf: path)
  }
}
