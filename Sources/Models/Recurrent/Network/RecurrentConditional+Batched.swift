import Sequences

extension RecurrentConditional: BatchedConditional {
  /// Sequences scored side by side, and the most rows of them at a time: long sequences go through in pieces, the
  /// state carried, so that memory does not grow with τ.
  private static var sequencesAtOnce: Int { 256 }
  private var rowsAtOnce: Int { min(8192, max(Self.sequencesAtOnce, (1 << 22) / max(layout.outputs, 1))) }

  package func scores(
    of set: SequenceSet, lengthInput: @Sendable (_ time: Int, _ length: Int) -> Int?, threads: Int
  ) -> [SequenceScore] {
    var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
    // The longest first, so that those scored together are of like length.
    let order = (0..<set.count).sorted { (set.length($0), $1) > (set.length($1), $0) }
    let pieces = (order.count + Self.sequencesAtOnce - 1) / Self.sequencesAtOnce
    scores.withUnsafeMutableBufferPointer { scores in
      // Each piece writes the scores of its own sequences.
      nonisolated(unsafe) let scores = scores
      parameters.withUnsafeBufferPointer { parameters in
        guard let parameters = parameters.baseAddress else { return }
        forEachInParallel(pieces, threads: threads) { piece in
          let from = piece * Self.sequencesAtOnce
          let members = order[from..<min(from + Self.sequencesAtOnce, order.count)]
          score(members, of: set, lengthInput: lengthInput, parameters, into: scores)
        }
      }
    }
    return scores
  }

  private func score(
    _ members: ArraySlice<Int>, of set: SequenceSet, lengthInput: (_ time: Int, _ length: Int) -> Int?,
    _ parameters: UnsafePointer<Scalar>, into scores: UnsafeMutableBufferPointer<SequenceScore>
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
      let batch = PackedBatch(segments, of: set, layout, lengthInput: lengthInput)
      // Those alive are the first of `members`, in its order, in this piece as in the one before.
      carried.withUnsafeBufferPointer { carried in
        pass.forward(batch, parameters, initial: from == 0 ? nil : carried.baseAddress)
      }
      pass.logProbabilities(batch, &result)
      add(result, of: batch, to: scores)
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
          shape.stop, outcome: isEnd ? nil : rows.target[row], stop: rows.stop[row], goOn: rows.goOn[row])
      }
    }
  }
}
