import Foundation
import ModelCore
import Sequences

extension PackedNGramTable {
  /// A sequence on its way.
  private struct Lane {
    var score: Int
    var stretch: ScoredStretches.Stretch
    var time: Int
    var length: Int
  }

  /// Sequences that are worked off side by side.
  private static var lanes: Int { 16 }

  /// The two shares of each sequence's negative log-likelihood, in order. O(symbols · order · log entries).
  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    let stretches = ScoredStretches(set, shape, order: order)
    return stretches.scores(threads: threads) { score($0, of: stretches, set, into: $1) }
  }

  private func score(
    _ numbers: Range<Int>, of stretches: ScoredStretches, _ set: SequenceSet,
    into scores: UnsafeMutableBufferPointer<SequenceScore>
  ) {
    var waiting = numbers
    let room = longestChain
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: Self.lanes) { lanes in
      withUnsafeTemporaryAllocation(of: NGramQuery.self, capacity: Self.lanes) { queries in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.lanes * room) { chains in
          /// Puts the next stretch that asks anything into a lane.
          func fill(_ lane: Int) -> Bool {
            while let number = waiting.popFirst() {
              let stretch = stretches[number]
              if stretch.steps.isEmpty { continue }
              lanes[lane] = Lane(
                score: number, stretch: stretch, time: stretch.begin, length: set.length(stretch.sequence))
              let chain = UnsafeMutableBufferPointer(rebasing: chains[lane * room..<(lane + 1) * room])
              queries[lane] = NGramQuery(chainLength: begin(chain, isStart: stretch.begin == 0))
              return true
            }
            return false
          }
          var used = 0
          while used < Self.lanes, fill(used) { used += 1 }
          while used > 0 {
            for lane in 0..<used { ask(&queries[lane], lanes[lane], set) }
            answer(UnsafeMutableBufferPointer(rebasing: queries[..<used]), chains)
            var lane = 0
            while lane < used {
              if lanes[lane].time >= lanes[lane].stretch.steps.lowerBound {
                add(queries[lane], lanes[lane], to: &scores[lanes[lane].score])
              }
              lanes[lane].time += 1
              lane += 1
            }
            lane = 0
            while lane < used {
              if lanes[lane].time < lanes[lane].stretch.steps.upperBound || fill(lane) {
                lane += 1
              } else {
                used -= 1
                (lanes[lane], queries[lane]) = (lanes[used], queries[used])
                for depth in 0..<room { chains[lane * room + depth] = chains[used * room + depth] }
              }
            }
          }
        }
      }
    }
  }

  private func isEnd(_ lane: Lane) -> Bool { shape.stop != .given && lane.time == lane.length }

  @inline(__always) private func ask(_ query: inout NGramQuery, _ lane: Lane, _ set: SequenceSet) {
    let isEnd = isEnd(lane)
    query.outcome = isEnd ? shape.alphabetSize : set.symbol(lane.stretch.sequence, lane.time)
    query.wantsEnd = shape.stop == .outcome && !isEnd
  }

  @inline(__always) private func add(_ query: NGramQuery, _ lane: Lane, to score: inout SequenceScore) {
    let isEnd = isEnd(lane)
    switch shape.stop {
    case .given: score.add(.given, outcome: log(query.probability), stop: 0, continuing: 0)
    case .outcome:
      let logOutcome = log(query.probability)
      score.add(
        .outcome, outcome: isEnd ? nil : logOutcome, stop: logOutcome, continuing: isEnd ? 0 : log1p(-min(query.end, 1))
      )
    case .variable:
      score.add(
        .variable, outcome: isEnd ? nil : log(query.probability), stop: isEnd ? log(query.stop) : 0,
        continuing: isEnd ? 0 : log(query.continuing))
    }
  }
}
