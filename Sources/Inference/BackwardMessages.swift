import Foundation
import Models
import Sequences

/// What the number of elements of a sequence must be.
struct LengthCondition: Sendable, Hashable {
  /// n.
  var length: Int
  /// Whether there may be more of them.
  var isLeast = false

  func isMet(by sample: Sample) -> Bool {
    isLeast
      ? sample.sequence.count >= length || !sample.isComplete : sample.isComplete && sample.sequence.count == length
  }
}

/// The messages β_t(s), the probability that a sequence that is in state s after t elements ends after n of them, or that
/// it has at least n:
///
///     β_n(s) = P(stop | s), or 1;   β_t(s) = Σ_w P(go on with w | s) β_{t+1}(next(s, w)),
///
/// for the states that can be reached from where draws begin. O(n · entries) of time, or less: their direction converges
/// as that of any power of a matrix does, and once it stands still, one vector serves all earlier t. Where all β are too
/// many to keep, every √n-th is, and those between are made again for each piece of draws.
struct BackwardMessages: Sendable {
  /// n.
  let length: Int
  /// How far the messages that are kept lie apart.
  let stride: Int
  /// Whether the length can be drawn.
  let outlook: Outlook
  private let states: BackoffAutomaton
  private let reach: ReachedStates
  /// β_n, β_{n − stride}, …, down to where draws begin or near, or to where they stand still.
  private let kept: [Message]
  /// What all β are that lie at least so far before n.
  private let steady: (distance: Int, message: Message)?

  enum Outlook: Sendable {
    case possible, impossible
    /// Its probabilities are too far apart for numbers in double precision.
    case unknown
  }

  /// β_t, up to a constant: the largest is 1.
  private struct Message {
    var values: [Double]
    /// A bound of what each of them lacks, as far as small ones were taken for 0 on the way, as a multiple of `nothing`;
    /// empty where none was.
    var lost: [Double]
  }

  /// Additions that nobody waits for.
  private static let mostWork = 20_000_000_000
  /// A message below this share of the largest is taken for 0.
  private static let nothing = 1e-200
  /// The share of draws that may be missing for it.
  private static let mostLost = 1e-9
  /// Messages that stand still for so many steps, each number within a part in 10^14, have converged: the step multiplies
  /// by a matrix without negative numbers, so that what changes none of them by more than a part ε at once changes none
  /// by more than m ε in m steps.
  private static let steadySteps = 16

  /// - Parameters:
  ///   - begin: the state after a prefix, and how long that is: at most the condition's length.
  ///   - most: how many numbers to keep; `nil` where they are too few, or the length is beyond all patience.
  init?(
    _ states: BackoffAutomaton, _ condition: LengthCondition, from begin: (time: Int, state: Int), most: Int,
    _ progress: (FittingProgress) -> Void
  ) {
    self.states = states
    let length = condition.length
    self.length = length
    let steps = length - begin.time
    let longest = Self.longest(states, most: most)
    // Where t is looked at, nothing stands still.
    guard steps <= longest || states.refine == nil else { return nil }
    let isSmall = length < most / max(states.count, 1)
    stride = isSmall ? 1 : max(min(Int(Double(length).squareRoot()), Self.atOnce(states, most)), 1)
    reach = ReachedStates(states, from: begin.state, times: begin.time...length)
    var last = Message(values: [Double](repeating: 0, count: states.count), lost: [])
    let inputs = StepInputs(time: length)
    for state in reach.reached {
      last.values[state] = condition.isLeast ? 1 : states.stopProbability(states.refine?(state, inputs) ?? state)
    }
    Self.scale(&last, reach)
    var (kept, steady) = ([Message(values: last.values, lost: [])], nil as (distance: Int, message: Message)?)
    // What is worth being shown takes its time.
    let shown = max(1 << 24 / (states.count + states.rows.outcomes.count), 1)
    var same = 0
    for distance in Swift.stride(from: 1, through: steps, by: 1) {
      guard distance <= longest else { return nil }
      let message = Self.before(last, states, reach, time: length - distance)
      same = states.refine == nil && Self.isSame(message, last, reach) ? same + 1 : 0
      last = message
      if same == Self.steadySteps {
        steady = (distance, last)
        break
      }
      if distance % stride == 0 { kept.append(Message(values: last.values, lost: [])) }
      if distance % shown == 0 { progress(Self.progress("backwards", distance, of: steps)) }
    }
    self.kept = kept
    self.steady = steady
    let (value, lost) = (last.values[begin.state], last.lost.isEmpty ? 0 : last.lost[begin.state])
    outlook = lost * Self.nothing > Self.mostLost * value ? .unknown : value > 0 ? .possible : .impossible
  }

  static func progress(_ way: String, _ count: Int, of all: Int) -> FittingProgress {
    FittingProgress(fraction: Double(count) / Double(max(all, 1)), text: "\(way), \(count) of \(all) elements")
  }

  /// Elements after a prefix that `most` numbers suffice for, whatever the messages do.
  static func longest(_ states: BackoffAutomaton, most: Int) -> Int {
    let few = atOnce(states, most)
    let squared = few.multipliedReportingOverflow(by: few)
    return min(
      max(most / max(states.count, 1) - 1, squared.overflow ? .max : squared.partialValue),
      mostWork / (states.count + states.rows.outcomes.count + 1))
  }

  /// Messages that are kept, and as many between two of those.
  private static func atOnce(_ states: BackoffAutomaton, _ most: Int) -> Int {
    max(most / max(states.count, 1) / 2 - 1, 0)
  }

  /// β_t for all t of a range, in order. They are made from the next one that is kept.
  func callAsFunction(_ times: ClosedRange<Int>) -> [[Double]] {
    var messages: [[Double]] = []
    let moving = (steady?.distance ?? .max) - 1
    for time in times where length - time > moving {
      if let steady { messages.append(steady.message.values) }
    }
    let first = times.lowerBound + messages.count
    guard first <= times.upperBound else { return messages }
    let place = (length - times.upperBound) / stride
    var distance = place * stride
    var last = kept[place]
    var others: [[Double]] = []
    while true {
      if length - distance <= times.upperBound { others.append(last.values) }
      if length - distance == first { return messages + others.reversed() }
      distance += 1
      last =
        distance % stride == 0 ? kept[distance / stride] : Self.before(last, states, reach, time: length - distance)
    }
  }

  // MARK: One step

  /// Sets the largest to 1. What is next to nothing beside it becomes 0 and is counted as lost, so that it is known, and
  /// not hoped, that draws hardly ever miss it.
  private static func scale(_ message: inout Message, _ reach: ReachedStates) {
    let largest = reach.reached.reduce(0) { max($0, message.values[$1]) }
    let scale = largest > 0 ? largest : 1
    for state in reach.reached {
      let value = message.values[state] / scale
      message.values[state] = value < nothing ? 0 : value
      let isLost = value > 0 && value < nothing
      if isLost, message.lost.isEmpty { message.lost = [Double](repeating: 0, count: message.values.count) }
      if message.lost.isEmpty { continue }
      let lost = message.lost[state] / scale + (isLost ? 1 : 0)
      // A bound that vanished, or were no number, would be none.
      if lost > 0 { message.lost[state] = min(max(lost, 1), 1 / nothing) }
    }
  }

  private static func isSame(_ a: Message, _ b: Message, _ reach: ReachedStates) -> Bool {
    func isSame(_ a: [Double], _ b: [Double]) -> Bool {
      reach.reached.allSatisfy { abs(a[$0] - b[$0]) <= 1e-14 * a[$0] }
    }
    return a.lost.isEmpty == b.lost.isEmpty && isSame(a.values, b.values) && (a.lost.isEmpty || isSame(a.lost, b.lost))
  }

  private static func before(_ after: Message, _ states: BackoffAutomaton, _ reach: ReachedStates, time: Int) -> Message
  {
    var message = Message(
      values: before(after.values, states, reach, time: time),
      lost: after.lost.isEmpty ? [] : before(after.lost, states, reach, time: time))
    scale(&message, reach)
    return message
  }

  /// β_t from β_{t+1}: what a state does not list is the shorter state's sum without what it does list.
  private static func before(_ after: [Double], _ states: BackoffAutomaton, _ reach: ReachedStates, time: Int)
    -> [Double]
  {
    let (share, k) = (1 / Double(states.shape.outcomes), states.shape.alphabetSize)
    let hasExtra = !states.extra.isEmpty
    // Σ_w P(w | s) β(next) without `extra`, and Σ_w β(next), over the elements w.
    var sums = [Double](repeating: 0, count: states.count)
    var plain = hasExtra ? sums : []
    for state in reach.used {
      let shorter = Int(states.shorter[state])
      var sum = state == 0 ? states.weight[0] * share * Double(k) * after[0] : states.weight[state] * sums[shorter]
      var even = !hasExtra ? 0 : state == 0 ? Double(k) * after[0] : plain[shorter]
      for entry in states.entries(of: state) where states.next[entry] >= 0 {
        let above = Int(states.above[entry])
        let message = after[Int(states.next[entry])]
        let (value, messageAbove) =
          above < 0 ? (share, after[0]) : (states.values[above], after[Int(states.next[above])])
        sum += states.values[entry] * message - states.aboveWeight[entry] * value * messageAbove
        even += message - messageAbove
      }
      // The difference of equal sums may be a rounding below zero.
      sums[state] = max(sum, 0)
      if hasExtra { plain[state] = max(even, 0) }
    }
    let isVariable = states.shape.stop == .variable
    let inputs = StepInputs(time: time)
    var before = [Double](repeating: 0, count: states.count)
    for state in reach.reached {
      let place = states.refine?(state, inputs) ?? state
      let all = sums[place] + (hasExtra ? states.extra[place] * plain[place] : 0)
      before[state] = isVariable ? states.continuing[place] * all : all
    }
    return before
  }
}
