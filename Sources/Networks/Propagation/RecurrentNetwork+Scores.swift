import ModelCore
import Sequences
import Support

extension RecurrentConditional: BatchedConditional {
  package func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    network.scores(of: set, threads: threads)
  }
}

extension RecurrentNetwork {
  /// Sequences scored side by side, and the most rows of them at a time: long sequences go through in pieces, the
  /// state carried, so that memory does not grow with τ.
  private static var sequencesAtOnce: Int { 256 }
  private var rowsAtOnce: Int { min(8192, max(Self.sequencesAtOnce, (1 << 22) / max(layout.outputs, 1))) }

  package func scores(of set: Sequences<some RowStorage>, threads: Int) -> [SequenceScore] {
    var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
    scores.withUnsafeMutableBufferPointer { scores in
      // Each piece writes the scores of its own sequences.
      nonisolated(unsafe) let scores = scores
      forEachBatch(Array(0..<set.count), of: set, threads: threads) { _, batch, rows in
        add(rows, of: batch, to: scores)
      }
    }
    return scores
  }

  /// log s − log(1 − s) of all stop decisions about some sequences, in pieces, in an order that depends on the set alone.
  /// Only for shapes that have such decisions.
  func stopLogOdds(of set: Sequences<some RowStorage>, _ members: [Int], threads: Int) -> [[Float]] {
    var odds = [[Float]](repeating: [], count: Self.pieces(members.count))
    odds.withUnsafeMutableBufferPointer { odds in
      nonisolated(unsafe) let odds = odds  // each piece writes its own
      forEachBatch(members, of: set, threads: threads) { piece, batch, rows in
        odds[piece] += (0..<batch.rows).map { Float(rows.stop[$0] - rows.continuing[$0]) }
      }
    }
    return odds
  }

  private static func pieces(_ members: Int) -> Int { (members + sequencesAtOnce - 1) / sequencesAtOnce }

  /// Passes sequences through the network, many side by side: `visit` is shown what each batch of their steps gives.
  private func forEachBatch(
    _ members: [Int], of set: Sequences<some RowStorage>, threads: Int,
    _ visit: @Sendable (_ piece: Int, PackedBatch, RowLogProbabilities) -> Void
  ) {
    // The longest first, so that those side by side are of like length.
    let order = members.sorted { (set.length($0), $1) > (set.length($1), $0) }
    parameters.withUnsafeBufferPointer { parameters in
      guard let parameters = parameters.baseAddress else { return }
      nonisolated(unsafe) let shared = parameters
      forEachInParallel(Self.pieces(order.count), threads: threads) { piece in
        let from = piece * Self.sequencesAtOnce
        let members = order[from..<min(from + Self.sequencesAtOnce, order.count)]
        pass(members, of: set, shared) { visit(piece, $0, $1) }
      }
    }
  }

  private func pass(
    _ members: ArraySlice<Int>, of set: Sequences<some RowStorage>,
    _ parameters: UnsafePointer<Scalar>, _ visit: (PackedBatch, RowLogProbabilities) -> Void
  ) {
    let pass = RecurrentPass<Scalar>(layout, cell, goesBackwards: false)
    pass.load(parameters)
    var result = RowLogProbabilities()
    var carried: [Scalar] = []
    let stride = max(1, rowsAtOnce / max(members.count, 1))
    let longest = members.map { shape.steps(length: set.length($0)) }.max() ?? 0
    var from = 0
    while from < longest {
      let segments = members.map { member in
        let steps = shape.steps(length: set.length(member))
        return Segment(sequence: member, steps: min(from, steps)..<min(from + stride, steps))
      }
      let batch = PackedBatch(segments, of: set, layout)
      // Those alive are the first of `members`, in its order, in this piece as in the one before.
      carried.withUnsafeBufferPointer { carried in
        pass.forward(batch, parameters, initial: from == 0 ? nil : carried.baseAddress)
      }
      pass.logProbabilities(batch, &result)
      visit(batch, result)
      carried = Array(repeating: 0, count: batch.segments.count * layout.stateSize)
      carried.withUnsafeMutableBufferPointer { carried in
        if let base = carried.baseAddress { pass.copyFinalStates(batch, to: base) }
      }
      from += stride
    }
  }

  private func add(
    _ rows: RowLogProbabilities, of batch: PackedBatch, to scores: UnsafeMutableBufferPointer<SequenceScore>
  ) {
    for (step, alive) in batch.alive.enumerated() {
      for index in 0..<alive {
        let row = batch.rowStart[step] + index
        let isEnd =
          shape.stop != .given && batch.targets[row] == (shape.stop == .outcome ? Int32(shape.alphabetSize) : -1)
        scores[batch.segments[index].sequence].add(
          shape.stop, outcome: isEnd ? nil : rows.target[row], stop: rows.stop[row], continuing: rows.continuing[row])
      }
    }
  }
}
