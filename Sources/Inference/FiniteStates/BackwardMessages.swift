import Foundation
import ModelCore
import Sequences

/// What the number of elements of a sequence must be.
struct LengthCondition: Sendable, Hashable {
  /// n.
  var length: Int
  /// Whether there may be more of them.
  var isLeast = false

  func isMet(by sample: DrawnSequence<some Any>) -> Bool {
    isLeast
      ? sample.sequence.count >= length || !sample.isComplete : sample.isComplete && sample.sequence.count == length
  }
}

/// The messages β_t(s), the probability that a sequence that is in state s after t elements ends after n of them, or that
/// it has at least n:
///
///     β_n(s) = P(stop | s), or 1;   β_t(s) = Σ_w P(continue with w | s) β_{t+1}(next(s, w)),
///
/// for the states that can be reached from where draws begin. O(n · step) of time, or less: their direction converges
/// as that of any power of a matrix does, and once it stands still, one vector serves all earlier t. Where all β are too
/// many to keep, every √n-th is, and those between are made again for each piece of draws.
struct BackwardMessages: Sendable {
  /// n.
  let length: Int
  /// How far the messages that are kept lie apart.
  let stride: Int
  /// Whether the length can be drawn.
  let outlook: Outlook
  private let process: any FiniteStateProcess
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

  /// The most additions that are done.
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
  ///   - begin: P(state | prefix), and how long the prefix is: at most the condition's length.
  ///   - most: how many numbers to keep; `nil` where they are too few, or the length would take too long.
  init?(
    _ process: any FiniteStateProcess, _ condition: LengthCondition,
    from begin: (time: Int, states: [StateProbability]),
    most: Int, _ progress: (FittingProgress) -> Void
  ) {
    self.process = process
    let length = condition.length
    self.length = length
    let steps = length - begin.time
    let longest = Self.longest(process, most: most)
    // Where steps depend on t, nothing stands still.
    let isHomogeneous = process.homogeneousFrom == 0
    guard steps <= longest || isHomogeneous else { return nil }
    let isSmall = length < most / max(process.stateCount, 1)
    stride = isSmall ? 1 : max(min(Int(Double(length).squareRoot()), Self.atOnce(process, most)), 1)
    reach = process.reached(from: begin.states.map(\.state), times: begin.time...length)
    let anything = [Double](repeating: 1, count: process.stateCount)
    var last = Message(
      values: condition.isLeast
        ? anything : process.backward(anything, .end, StepInputs(time: length), within: reach), lost: [])
    Self.scale(&last, reach)
    var (kept, steady) = ([Message(values: last.values, lost: [])], nil as (distance: Int, message: Message)?)
    // What is worth being shown takes its time.
    let shown = max(1 << 24 / max(process.stepCost, 1), 1)
    var same = 0
    for distance in Swift.stride(from: 1, through: steps, by: 1) {
      guard distance <= longest else { return nil }
      let message = Self.before(last, process, reach, time: length - distance)
      same = isHomogeneous && Self.isSame(message, last, reach) ? same + 1 : 0
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
    let value = begin.states.reduce(0) { $0 + $1.probability * last.values[$1.state] }
    let lost = last.lost.isEmpty ? 0 : begin.states.reduce(0) { $0 + $1.probability * last.lost[$1.state] }
    outlook = lost * Self.nothing > Self.mostLost * value ? .unknown : value > 0 ? .possible : .impossible
  }

  static func progress(_ way: String, _ count: Int, of all: Int) -> FittingProgress {
    FittingProgress(fraction: Double(count) / Double(max(all, 1)), text: "\(way), \(count) of \(all) elements")
  }

  /// Elements after a prefix that `most` numbers suffice for, whatever the messages do.
  static func longest(_ process: any FiniteStateProcess, most: Int) -> Int {
    let few = atOnce(process, most)
    let squared = few.multipliedReportingOverflow(by: few)
    return min(
      max(most / max(process.stateCount, 1) - 1, squared.overflow ? .max : squared.partialValue),
      mostWork / (process.stepCost + 1))
  }

  /// Messages that are kept, and as many between two of those.
  private static func atOnce(_ process: any FiniteStateProcess, _ most: Int) -> Int {
    max(most / max(process.stateCount, 1) / 2 - 1, 0)
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
        distance % stride == 0 ? kept[distance / stride] : Self.before(last, process, reach, time: length - distance)
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

  /// β_t from β_{t+1}.
  private static func before(
    _ after: Message, _ process: any FiniteStateProcess, _ reach: ReachedStates, time: Int
  ) -> Message {
    let step = StepInputs(time: time)
    var message = Message(
      values: process.backward(after.values, step, within: reach),
      lost: after.lost.isEmpty ? [] : process.backward(after.lost, step, within: reach))
    scale(&message, reach)
    return message
  }
}
