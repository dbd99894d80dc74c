import ModelCore
import Sequences

extension NGramView {
  /// A sequence on its way.
  private struct Lane {
    var score = 0
    var stretch: ScoredStretches.Stretch
    var time = 0
    var length = 0
    /// The context of the symbols, and the step's own behind it.
    var node = 0
    var place = 0
    var low = 0
    var high = 0
  }

  /// Sequences that are worked off side by side.
  private static var lanes: Int { 16 }

  /// The two shares of each sequence's negative log-likelihood, in order. O(symbols · log entries).
  func scores(
    of set: SequenceSet, threads: Int
  ) -> [SequenceScore] {
    let stretches = ScoredStretches(set, shape, order: path.order)
    return stretches.scores(threads: threads) { score($0, of: stretches, set, into: $1) }
  }

  /// A query waits for memory three times: for the bounds of its context's entries, for their outcomes, and for the
  /// context that follows. The lanes wait together: each round takes one of these steps for all of them.
  private func score(
    _ numbers: Range<Int>, of stretches: ScoredStretches, _ set: SequenceSet,
    into scores: UnsafeMutableBufferPointer<SequenceScore>
  ) {
    let start = start
    let isOfSymbols = path.isOfSymbols
    var waiting = numbers
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: Self.lanes) { lanes in
      var used = 0
      /// Puts the next stretch that asks anything into a lane.
      func fill(_ lane: Int) -> Bool {
        while let number = waiting.popFirst() {
          let stretch = stretches[number]
          if stretch.steps.isEmpty { continue }
          lanes[lane] = Lane(
            score: number, stretch: stretch, time: stretch.begin, length: set.length(stretch.sequence),
            node: stretch.begin == 0 ? start : 0)
          return true
        }
        return false
      }
      while used < Self.lanes, fill(used) { used += 1 }
      var ignored: Int32 = 0
      while used > 0 {
        for lane in 0..<used {
          var place = lanes[lane].node
          if !isOfSymbols {
            let time = lanes[lane].time
            place = refine(place, time: time, length: shape.lengthLabel(time: time, length: lanes[lane].length) ?? 0)
          }
          lanes[lane].place = place
          (lanes[lane].low, lanes[lane].high) = bounds(of: place)
        }
        for lane in 0..<used where lanes[lane].low < lanes[lane].high {
          ignored &+= outcomes[(lanes[lane].low &+ lanes[lane].high) >> 1]
        }
        var lane = 0
        while lane < used {
          if step(&lanes[lane], set, &scores[lanes[lane].score]) || fill(lane) {
            lane += 1
          } else {
            used -= 1
            lanes[lane] = lanes[used]
          }
        }
      }
      withExtendedLifetime(ignored) {}
    }
  }

  /// Takes one step; whether there is another.
  @inline(__always)
  private func step(_ lane: inout Lane, _ set: SequenceSet, _ score: inout SequenceScore) -> Bool {
    let isEnd = lane.time == lane.length
    if isEnd, shape.stop == .variable {
      score.add(.variable, outcome: nil, stop: logStop[lane.place], continuing: 0)
      return false
    }
    let outcome = isEnd ? shape.alphabetSize : set.symbol(lane.stretch.sequence, lane.time)
    let (logProbability, entry) = find(outcome, from: lane.place, lane.low, lane.high)
    if isEnd {
      score.add(.outcome, outcome: nil, stop: logProbability, continuing: 0)
      return false
    }
    if lane.time >= lane.stretch.steps.lowerBound {
      score.add(
        shape.stop, outcome: logProbability, stop: 0, continuing: shape.stop == .given ? 0 : logContinue[lane.place])
    }
    lane.node = context(after: entry)
    lane.time += 1
    return lane.time < lane.stretch.steps.upperBound
  }
}
