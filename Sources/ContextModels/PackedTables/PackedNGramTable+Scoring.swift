import Foundation
import ModelCore
import Sequences

extension PackedNGramTable {
  /// The two shares of each sequence's negative log-likelihood, in order. O(symbols · order · log entries).
  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    let stretches = ScoredStretches(set, shape, order: order)
    return stretches.scores(threads: threads) { numbers, scores in
      withUnsafeTemporaryAllocation(of: NGramQuery.self, capacity: Scorer.slots) { queries in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: Scorer.slots * longestChain) { chains in
          var scorer = Scorer(table: self, set: set, queries: queries, chains: chains)
          scorer.score(numbers, of: stretches, set, into: scores)
        }
      }
    }
  }

  private struct Scorer: SideBySideScorer {
    let table: PackedNGramTable
    let set: SequenceSet
    let queries: UnsafeMutableBufferPointer<NGramQuery>
    let chains: UnsafeMutableBufferPointer<Int>

    private func chain(_ slot: Int) -> UnsafeMutableBufferPointer<Int> {
      let room = table.longestChain
      return UnsafeMutableBufferPointer(rebasing: chains[slot * room..<(slot + 1) * room])
    }

    @inline(__always) func begin(_ slot: Int, isStart: Bool) {
      queries[slot] = NGramQuery(chainLength: table.begin(chain(slot), isStart: isStart))
    }

    @inline(__always) private func isEnd(_ step: ScoringSlot) -> Bool {
      table.shape.stop != .given && step.time == step.length
    }

    @inline(__always) func query(_ slots: UnsafeMutableBufferPointer<ScoringSlot>) {
      for slot in slots.indices {
        let isEnd = isEnd(slots[slot])
        queries[slot].outcome = isEnd ? table.shape.alphabetSize : set.symbol(slots[slot].sequence, slots[slot].time)
        queries[slot].wantsEnd = table.shape.stop == .outcome && !isEnd
      }
      table.answer(UnsafeMutableBufferPointer(rebasing: queries[..<slots.count]), chains)
    }

    @inline(__always) func finish(_ slot: Int, _ step: ScoringSlot, _ score: inout SequenceScore) {
      guard step.counts else { return }
      let (query, isEnd) = (queries[slot], isEnd(step))
      switch table.shape.stop {
      case .given: score.add(.given, outcome: log(query.probability), stop: 0, continuing: 0)
      case .outcome:
        let logOutcome = log(query.probability)
        score.add(
          .outcome, outcome: isEnd ? nil : logOutcome, stop: logOutcome,
          continuing: isEnd ? 0 : log1p(-min(query.end, 1)))
      case .variable:
        score.add(
          .variable, outcome: isEnd ? nil : log(query.probability), stop: isEnd ? log(query.stop) : 0,
          continuing: isEnd ? 0 : log(query.continuing))
      }
    }

    @inline(__always) func move(_ slot: Int, to other: Int) {
      queries[other] = queries[slot]
      _ = chain(other).update(from: chain(slot))
    }
  }
}
