import ModelCore
import Sequences

/// Some steps of one sequence.
package struct Segment {
  package let sequence: Int
  /// Among the steps that the shape asks about: the elements, and the end if it is decided.
  package let steps: Range<Int>
}

/// Sequences of different lengths side by side without padding or mask: the longest first, so that at each step the
/// sequences still alive are the first rows. Row (t, i) is step t of segment i and stands at `rowStart[t] + i`.
struct PackedBatch {
  /// How many segments are alive at each step; never rises.
  private(set) var alive: [Int] = []
  private(set) var rowStart: [Int] = []
  /// The symbol that comes in, a row; −1 before the first, and without feedback.
  var inputs: [Int32] = []
  /// The outcome to predict, a row: a symbol, or the end as the shape has it (k, or −1 for the stop variable).
  private(set) var targets: [Int32] = []
  /// rows × f.
  private(set) var features: [Float] = []
  private(set) var segments: [Segment] = []
  /// Where each segment stood in the list that the batch was made from.
  private(set) var origins: [Int] = []

  var rows: Int { inputs.count }

  /// - Parameter segments: in any order; those without steps are left out, and those of as many steps keep their order.
  init(_ segments: some Sequence<Segment>, of set: SequenceSet, _ layout: RecurrentLayout) {
    let shape = layout.shape
    let order = segments.enumerated().filter { !$0.element.steps.isEmpty }.sorted {
      ($0.element.steps.count, $1.offset) > ($1.element.steps.count, $0.offset)
    }
    self.segments = order.map(\.element)
    origins = order.map(\.offset)
    let slices = self.segments.map { set[$0.sequence] }
    let end = shape.stop == .outcome ? Int32(shape.alphabetSize) : -1
    let total = self.segments.reduce(0) { $0 + $1.steps.count }
    inputs.reserveCapacity(total)
    targets.reserveCapacity(total)
    var left = self.segments.count
    var step = 0
    while true {
      while left > 0, self.segments[left - 1].steps.count <= step { left -= 1 }
      if left == 0 { break }
      alive.append(left)
      rowStart.append(inputs.count)
      for index in 0..<left {
        let time = self.segments[index].steps.lowerBound + step
        let sequence = slices[index]
        inputs.append(time == 0 || layout.symbolRows == 0 ? -1 : Int32(sequence[time - 1]))
        targets.append(time == sequence.count ? end : Int32(sequence[time]))
      }
      step += 1
    }
    if layout.features > 0 { fillFeatures(of: set, layout) }
  }

  private mutating func fillFeatures(of set: SequenceSet, _ layout: RecurrentLayout) {
    let given = segments.map { set.input($0.sequence) }
    let lengths = segments.map { set.length($0.sequence) }
    features = [Float](unsafeUninitializedCapacity: rows * layout.features) { buffer, count in
      count = rows * layout.features
      guard var target = buffer.baseAddress else { return }
      for (step, alive) in alive.enumerated() {
        for index in 0..<alive {
          let time = segments[index].steps.lowerBound + step
          layout.writeFeatures(
            StepInputs(
              time: time, length: layout.shape.lengthLabel(time: time, length: lengths[index]),
              x: given[index]?.at(time) ?? []),
            to: target)
          target += layout.features
        }
      }
    }
  }

  /// The rows of some steps.
  func rows(of steps: Range<Int>) -> Range<Int> {
    let end = steps.upperBound < alive.count ? rowStart[steps.upperBound] : rows
    return rowStart[steps.lowerBound]..<end
  }
}
