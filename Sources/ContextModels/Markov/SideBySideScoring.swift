import ModelCore
import Sequences

/// A sequence, or a stretch of one, that is being scored.
struct ScoringSlot {
  /// The number of its score.
  fileprivate var number: Int
  fileprivate var steps: Range<Int>
  let sequence: Int
  /// How many elements it has.
  let length: Int
  /// The elements before the step.
  fileprivate(set) var time: Int

  /// Whether the step's score is asked for; it is not where a stretch only looks for its first context.
  var counts: Bool { time >= steps.lowerBound }
}

/// A model that answers the queries of several sequences at a time, so that they wait for memory together. What it remembers
/// of each lies at the number of its slot.
protocol SideBySideScorer {
  /// Starts a sequence, or a stretch of one as if nothing stood before it.
  mutating func begin(_ slot: Int, isStart: Bool)
  /// Looks up what all slots' steps ask for.
  mutating func query(_ slots: UnsafeMutableBufferPointer<ScoringSlot>)
  /// Adds a slot's step to its score, if it counts, and goes past the element.
  mutating func finish(_ slot: Int, _ step: ScoringSlot, _ score: inout SequenceScore)
  /// Puts what is remembered of one slot into another.
  mutating func move(_ slot: Int, to other: Int)
}

extension SideBySideScorer {
  /// Sequences that are worked off side by side.
  static var slots: Int { 16 }

  /// Scores some stretches, a step of all slots in each round.
  @inline(__always)
  mutating func score(
    _ numbers: Range<Int>, of stretches: ScoredStretches, _ set: SequenceSet,
    into scores: UnsafeMutableBufferPointer<SequenceScore>
  ) {
    var waiting = numbers
    withUnsafeTemporaryAllocation(of: ScoringSlot.self, capacity: Self.slots) { slots in
      /// Puts the next stretch that asks anything into a slot.
      func fill(_ slot: Int) -> Bool {
        while let number = waiting.popFirst() {
          let stretch = stretches[number]
          if stretch.steps.isEmpty { continue }
          slots[slot] = ScoringSlot(
            number: number, steps: stretch.steps, sequence: stretch.sequence, length: set.length(stretch.sequence),
            time: stretch.begin)
          begin(slot, isStart: stretch.begin == 0)
          return true
        }
        return false
      }
      var used = 0
      while used < Self.slots, fill(used) { used += 1 }
      while used > 0 {
        query(UnsafeMutableBufferPointer(rebasing: slots[..<used]))
        var slot = 0
        while slot < used {
          finish(slot, slots[slot], &scores[slots[slot].number])
          slots[slot].time += 1
          if slots[slot].time < slots[slot].steps.upperBound || fill(slot) {
            slot += 1
          } else {
            used -= 1
            slots[slot] = slots[used]
            move(used, to: slot)
          }
        }
      }
    }
  }
}
