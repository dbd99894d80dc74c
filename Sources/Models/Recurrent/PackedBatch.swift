import Sequences

/// Some steps of one sequence.
struct Segment {
  let sequence: Int
  /// Among the steps that the shape asks about: the elements, and the end if it is decided.
  let steps: Range<Int>
}

/// Sequences of different lengths side by side without padding or mask: the longest first, so that at each step the
/// sequences still alive are the first rows. Row (t, i) is step t of segment i and stands at `rowStart[t] + i`.
struct PackedBatch {
  /// How many segments are alive at each step; never rises.
  private(set) var alive: [Int] = []
  private(set) var rowStart: [Int] = []
  /// The symbol that comes in, a row; −1 before the first.
  private(set) var inputs: [Int32] = []
  /// The outcome to predict, a row: a symbol, or the end as the shape has it (k, or −1 for the stop variable).
  private(set) var targets: [Int32] = []
  /// The length input, a row; empty without one.
  private(set) var lengths: [Int] = []
  private(set) var segments: [Segment] = []

  var rows: Int { inputs.count }

  /// - Parameter segments: in any order; those without steps are left out, and those of as many steps keep their order.
  init(
    _ segments: some Sequence<Segment>, of set: SequenceSet, _ shape: OutputShape,
    lengthInput: (_ time: Int, _ length: Int) -> Int?
  ) {
    self.segments = segments.filter { !$0.steps.isEmpty }.enumerated().sorted {
      ($0.element.steps.count, $1.offset) > ($1.element.steps.count, $0.offset)
    }.map(\.element)
    let slices = self.segments.map { set[$0.sequence] }
    let end = shape.stop == .outcome ? Int32(shape.alphabetSize) : -1
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
        inputs.append(time == 0 ? -1 : Int32(sequence[time - 1]))
        targets.append(time == sequence.count ? end : Int32(sequence[time]))
        if shape.hasLengthInput { lengths.append(lengthInput(time, sequence.count) ?? 0) }
      }
      step += 1
    }
  }
}
