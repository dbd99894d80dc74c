import Probability
import Sequences

/// The minibatches of one epoch. As many lanes as a minibatch has sequences, side by side: each works off one sequence
/// after the other, at most `window` steps of it in a minibatch, and carries the state from one window to the next
/// (truncated back-propagation: gradients stop at the window's beginning, the state does not). Short sequences come in
/// a seeded order. Sequences of more than a lane's fair share are cut into pieces, which begin with a zero state, at
/// places that differ from epoch to epoch.
struct Lanes {
  /// What a lane does in a minibatch.
  struct Turn {
    let lane: Int
    let segment: Segment
    /// Whether it goes on where the lane's last turn ended.
    let continues: Bool
  }

  private let window: Int
  private var queue: [Segment]
  private var next = 0
  /// What is left of each lane's piece, and whether it has been begun.
  private var lanes: [(rest: Segment, begun: Bool)?]

  /// Whether any state is carried at all.
  let carries: Bool

  init(_ set: SequenceSet, _ shape: OutputShape, count: Int, window: Int, stream: inout RandomStream) {
    self.window = window
    let total = (0..<set.count).reduce(0) { $0 + shape.steps(length: set.length($1)) }
    let share = max(window, (total + count - 1) / max(count, 1))
    var long: [Segment] = []
    var short: [Segment] = []
    for sequence in 0..<set.count {
      let steps = shape.steps(length: set.length(sequence))
      if steps == 0 { continue }
      var start = 0
      // The first piece has a random length, so that the others begin elsewhere in each epoch.
      var end = steps > share ? 1 + Int(stream.uniform() * Double(share)) : steps
      while start < steps {
        end = min(end, steps)
        let piece = Segment(sequence: sequence, steps: start..<end)
        if piece.steps.count > window { long.append(piece) } else { short.append(piece) }
        (start, end) = (end, end + share)
      }
    }
    carries = !long.isEmpty
    // The longest first, so that all lanes end at about the same time.
    let order = long.indices.sorted { (long[$0].steps.count, $1) > (long[$1].steps.count, $0) }
    queue = order.map { long[$0] } + stream.permutation(short.count).map { short[$0] }
    lanes = Array(repeating: nil, count: count)
  }

  /// The next minibatch; empty at the epoch's end.
  mutating func minibatch() -> [Turn] {
    var turns: [Turn] = []
    for lane in lanes.indices {
      if lanes[lane] == nil, next < queue.count {
        lanes[lane] = (queue[next], false)
        next += 1
      }
      guard let (rest, begun) = lanes[lane] else { continue }
      let steps = rest.steps
      let end = min(steps.lowerBound + window, steps.upperBound)
      turns.append(
        Turn(lane: lane, segment: Segment(sequence: rest.sequence, steps: steps.lowerBound..<end), continues: begun))
      lanes[lane] =
        end < steps.upperBound ? (Segment(sequence: rest.sequence, steps: end..<steps.upperBound), true) : nil
    }
    return turns
  }
}
