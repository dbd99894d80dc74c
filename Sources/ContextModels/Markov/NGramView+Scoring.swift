import ModelCore
import Sequences

extension NGramView {
  /// The two shares of each sequence's negative log-likelihood, in order. O(symbols · log entries).
  func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    let stretches = ScoredStretches(set, shape, order: path.order)
    return stretches.scores(threads: threads) { numbers, scores in
      withUnsafeTemporaryAllocation(of: Query.self, capacity: Scorer.slots) { queries in
        var scorer = Scorer(view: self, start: start, isOfSymbols: path.isOfSymbols, set: set, queries: queries)
        scorer.score(numbers, of: stretches, set, into: scores)
        withExtendedLifetime(scorer.ignored) {}
      }
    }
  }

  private struct Query {
    /// The context of the symbols, and the step's own behind it.
    var node = 0
    var place = 0
    /// The bounds of its entries.
    var low = 0
    var high = 0
  }

  /// A query waits for memory three times: for the bounds of its context's entries, for their outcomes, and for the
  /// context that follows.
  private struct Scorer: SideBySideScorer {
    let view: NGramView
    let start: Int
    let isOfSymbols: Bool
    let set: SequenceSet
    let queries: UnsafeMutableBufferPointer<Query>
    var ignored: Int32 = 0

    @inline(__always) func begin(_ slot: Int, isStart: Bool) { queries[slot] = Query(node: isStart ? start : 0) }

    @inline(__always) mutating func query(_ slots: UnsafeMutableBufferPointer<ScoringSlot>) {
      for slot in slots.indices {
        var place = queries[slot].node
        if !isOfSymbols {
          let (time, length) = (slots[slot].time, slots[slot].length)
          place = view.refine(place, time: time, length: view.shape.lengthLabel(time: time, length: length) ?? 0)
        }
        queries[slot].place = place
        (queries[slot].low, queries[slot].high) = view.bounds(of: place)
      }
      for slot in slots.indices where queries[slot].low < queries[slot].high {
        ignored &+= view.outcomes[(queries[slot].low &+ queries[slot].high) >> 1]
      }
    }

    @inline(__always) func finish(_ slot: Int, _ step: ScoringSlot, _ score: inout SequenceScore) {
      let (query, stop) = (queries[slot], view.shape.stop)
      let isEnd = step.time == step.length
      if isEnd, stop == .variable {
        score.add(.variable, outcome: nil, stop: view.logStop[query.place], continuing: 0)
        return
      }
      let outcome = isEnd ? view.shape.alphabetSize : set.symbol(step.sequence, step.time)
      let (logProbability, entry) = view.find(outcome, from: query.place, query.low, query.high)
      if isEnd {
        score.add(.outcome, outcome: nil, stop: logProbability, continuing: 0)
        return
      }
      if step.counts {
        score.add(
          stop, outcome: logProbability, stop: 0, continuing: stop == .given ? 0 : view.logContinue[query.place])
      }
      queries[slot].node = view.context(after: entry)
    }

    @inline(__always) func move(_ slot: Int, to other: Int) { queries[other] = queries[slot] }
  }
}
