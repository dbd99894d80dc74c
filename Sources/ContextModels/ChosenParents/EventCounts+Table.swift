import ModelCore
import Sequences

extension EventCounts {
  /// Counts the events of a table in a set. O(symbols · parents), and O(distinct events · log) comparisons.
  /// - Throws: `FittingError.tooLarge`.
  package init(_ set: SequenceSet, _ parents: TableParents, _ shape: OutputShape) throws {
    var events = PathCounter()
    var path: [UInt32] = []
    for index in 0..<set.count {
      let sequence = set[index]
      let x = set.input(index)
      func inputs(_ time: Int) -> StepInputs {
        StepInputs(time: time, length: shape.lengthLabel(time: time, length: sequence.count), x: x?.at(time) ?? [])
      }
      var step = inputs(0)
      var history = parents.start(step, shape)
      for time in 0..<shape.steps(length: sequence.count) {
        path.removeAll(keepingCapacity: true)
        parents.forEachLabel(history, step, shape) { path.append(UInt32(truncatingIfNeeded: $0)) }
        let isEnd = time == sequence.count
        let outcome = isEnd ? shape.alphabetSize : sequence[sequence.startIndex + time]
        path.append(UInt32(truncatingIfNeeded: outcome))
        try events.add(path)
        if isEnd { break }
        step = inputs(time + 1)
        parents.advance(&history, past: outcome, step, shape)
      }
    }
    self = events.sorted()
  }
}
