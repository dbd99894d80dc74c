import ModelCore
import Probability
import Sequences

/// The minibatches of one epoch. As many lanes as a minibatch has sequences, side by side: each works off one sequence
/// after the other, at most `window` steps of it in a minibatch, and carries the state from one window to the next
/// (truncated back-propagation: gradients stop at the window's beginning, the state does not).
///
/// Minibatches are alike, in expectation, in their number of events and of ends: sequences come in a seeded random
/// order, the first window of a sequence longer than `window` has a random length, and lanes whose sequences take
/// several windows begin at different minibatches. Only sequences of many windows, more than `longestWhole` of them and
/// more than a lane's fair share, are cut into pieces, which begin with a zero state, elsewhere in each epoch.
package struct Lanes {
  /// What a lane does in a minibatch.
  package struct Turn {
    package let lane: Int
    package let segment: Segment
    /// Whether it goes on where the lane's last turn ended.
    package let continues: Bool

    package init(lane: Int, segment: Segment, continues: Bool) {
      self.lane = lane
      self.segment = segment
      self.continues = continues
    }
  }

  private struct Lane {
    /// What is left of the lane's piece; empty before it takes one.
    var rest = Segment(sequence: 0, steps: 0..<0)
    /// Steps of the piece's next window.
    var next = 0
    var isBegun = false
    /// Minibatches until it begins.
    var delay = 0
  }

  /// So many windows of a sequence are never cut into pieces.
  private static let longestWhole = 16

  private let window: Int
  private let events: Int
  private var queue: [Segment]
  private var taken = 0
  private var lanes: [Lane]
  private var stream: RandomStream

  /// Whether any state is carried at all.
  package let carries: Bool

  /// - Parameters:
  ///   - count: the most lanes; fewer where they give as few minibatches.
  ///   - window: the most steps of a turn.
  package init(_ set: Sequences<some RowStorage>, _ shape: OutputShape, count: Int, window: Int, stream: RandomStream) {
    self.window = window
    self.stream = stream
    let count = max(count, 1)
    let lengths = (0..<set.count).map { shape.steps(length: set.length($0)) }
    events = lengths.reduce(0, +)
    let share = max(Self.longestWhole * window, (events + count - 1) / count)
    var pieces: [Segment] = []
    var turns = 0.0
    for (sequence, steps) in lengths.enumerated() {
      turns += Self.expectedTurns(steps, window: window)
      var start = 0
      // The first piece has a random length, so that the others begin elsewhere in each epoch.
      var end = steps > share ? 1 + Int(self.stream.uniform() * Double(share)) : steps
      while start < steps {
        end = min(end, steps)
        pieces.append(Segment(sequence: sequence, steps: start..<end))
        (start, end) = (end, end + share)
      }
    }
    carries = pieces.contains { $0.steps.count > window }
    // In random order, but what takes a good part of the epoch first, the longest before the others, so that all lanes
    // end at about the same time.
    let short = share / 4
    let order = self.stream.permutation(pieces.count)
    queue = order.enumerated().sorted {
      (max(pieces[$0.element].steps.count, short), $1.offset) > (max(pieces[$1.element].steps.count, short), $0.offset)
    }.map { pieces[$0.element] }
    let minibatches = (turns / Double(count)).rounded(.up)
    lanes = Array(repeating: Lane(), count: min(count, Int((turns / max(minibatches, 1)).rounded(.up))))
    for (lane, piece) in zip(lanes.indices, queue) where piece.steps.count <= short {
      let turns = Self.expectedTurns(piece.steps.count, window: window)
      lanes[lane].delay = Int(self.stream.uniform() * turns)
    }
  }

  /// The mean number of turns that so many steps take, where the first window of what is longer than `window` has each
  /// length from 1 to `window` with the same probability.
  static func expectedTurns(_ steps: Int, window: Int) -> Double {
    steps <= window ? Double(min(steps, 1)) : 1 + Double(steps - 1) / Double(window)
  }

  /// The events of the whole epoch divided by the number of its minibatches: what each minibatch's sum is divided by,
  /// so that all events of the epoch weigh the same. Before the first minibatch; O(turns).
  package var meanEvents: Double {
    var (rest, count) = (self, 0)
    while !rest.minibatch().isEmpty { count += 1 }
    return Double(events) / Double(max(count, 1))
  }

  /// The next minibatch; empty at the epoch's end.
  package mutating func minibatch() -> [Turn] {
    var turns: [Turn] = []
    repeat {
      for lane in lanes.indices {
        if let turn = turn(of: lane) { turns.append(turn) }
      }
      // All lanes may still wait to begin.
    } while turns.isEmpty && taken < queue.count
    return turns
  }

  private mutating func turn(of lane: Int) -> Turn? {
    if lanes[lane].delay > 0 {
      lanes[lane].delay -= 1
      return nil
    }
    if lanes[lane].rest.steps.isEmpty {
      guard taken < queue.count else { return nil }
      let steps = queue[taken].steps.count
      lanes[lane].rest = queue[taken]
      lanes[lane].next = steps > window ? min(1 + Int(stream.uniform() * Double(window)), window) : steps
      lanes[lane].isBegun = false
      taken += 1
    }
    let (rest, continues) = (lanes[lane].rest, lanes[lane].isBegun)
    let end = min(rest.steps.lowerBound + lanes[lane].next, rest.steps.upperBound)
    lanes[lane].rest = Segment(sequence: rest.sequence, steps: end..<rest.steps.upperBound)
    lanes[lane].next = window
    lanes[lane].isBegun = true
    return Turn(
      lane: lane, segment: Segment(sequence: rest.sequence, steps: rest.steps.lowerBound..<end), continues: continues)
  }
}
