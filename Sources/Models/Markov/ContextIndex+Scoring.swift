import Sequences

extension ContextIndex {
  /// A sequence on its way.
  private struct Lane {
    var sequence = 0
    var time = 0
    var length = 0
    var node = 0
    var low = 0
    var high = 0
  }

  /// Sequences that are worked off side by side.
  private static var lanes: Int { 16 }

  /// The two shares of each sequence's negative log-likelihood, in order. O(symbols · log entries).
  func scores(of set: SequenceSet, order: Int, threads: Int) -> [SequenceScore] {
    var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
    let piece = 4096
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores  // each piece writes its own part
      nonisolated(unsafe) let index = self
      forEachInParallel((set.count + piece - 1) / piece, threads: threads) { number in
        index.score(number * piece..<min((number + 1) * piece, set.count), of: set, order: order, into: scores)
      }
    }
    return scores
  }

  /// A query waits for memory three times: for the bounds of its context's entries, for their outcomes, and for the
  /// context that follows. The lanes wait together: each round takes one of these steps for all of them.
  private func score(
    _ sequences: Range<Int>, of set: SequenceSet, order: Int, into scores: UnsafeMutableBufferPointer<SequenceScore>
  ) {
    let start = start(order: order)
    var waiting = sequences
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: Self.lanes) { lanes in
      var used = 0
      /// Puts the next sequence that asks anything into a lane.
      func fill(_ lane: Int) -> Bool {
        while let sequence = waiting.popFirst() {
          let length = set.length(sequence)
          if shape.steps(length: length) == 0 { continue }
          lanes[lane] = Lane(sequence: sequence, length: length, node: start)
          return true
        }
        return false
      }
      while used < Self.lanes, fill(used) { used += 1 }
      var ignored: Int32 = 0
      while used > 0 {
        for lane in 0..<used {
          (lanes[lane].low, lanes[lane].high) = bounds(of: lanes[lane].node)
        }
        for lane in 0..<used where lanes[lane].low < lanes[lane].high {
          ignored &+= outcomes[(lanes[lane].low &+ lanes[lane].high) >> 1]
        }
        var lane = 0
        while lane < used {
          if step(&lanes[lane], set, &scores[lanes[lane].sequence]) || fill(lane) {
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
      score.add(.variable, outcome: nil, stop: logStop[lane.node], goOn: 0)
      return false
    }
    let outcome = isEnd ? shape.alphabetSize : set.symbol(lane.sequence, lane.time)
    let (logProbability, entry) = find(outcome, from: lane.node, lane.low, lane.high)
    if isEnd {
      score.add(.outcome, outcome: nil, stop: logProbability, goOn: 0)
      return false
    }
    score.add(
      shape.stop, outcome: logProbability, stop: 0, goOn: shape.stop == .given ? 0 : logGoOn[lane.node])
    lane.node = context(after: entry)
    lane.time += 1
    return lane.time < shape.steps(length: lane.length)
  }
}
