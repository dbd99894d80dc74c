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
  /// The outcome to predict, a row: a symbol (0 for any vector), or the end as the shape has it (k, or −1 for the stop
  /// variable).
  private(set) var targets: [Int32] = []
  /// rows × f.
  private(set) var features: [Float] = []
  /// rows × d: the vectors to predict, coded; anything at ends.
  private(set) var elements: [Double] = []
  /// rows × n × d: the n vectors before, coded, where the emission looks at them.
  private(set) var past: [Double] = []
  private(set) var segments: [Segment] = []
  /// Where each segment stood in the list that the batch was made from.
  private(set) var origins: [Int] = []

  var rows: Int { inputs.count }

  /// - Parameter segments: in any order; those without steps are left out, and those of as many steps keep their order.
  /// - Parameter augmentation: how vectors are changed for training.
  init(
    _ segments: some Sequence<Segment>, of set: Sequences<some RowStorage>, _ layout: RecurrentLayout,
    _ augmentation: Augmentation? = nil
  ) {
    self.init(segments)
    if let symbols = set as? SequenceSet { fill(symbols, layout) }
    if let vectors = set as? VectorSequences { fill(vectors, layout, augmentation) }
  }

  /// The segments in their order, without their steps.
  private init(_ segments: some Sequence<Segment>) {
    let order = segments.enumerated().filter { !$0.element.steps.isEmpty }.sorted {
      ($0.element.steps.count, $1.offset) > ($1.element.steps.count, $0.offset)
    }
    self.segments = order.map(\.element)
    origins = order.map(\.offset)
  }

  /// Calls `body` for each row, and sets up where the rows of a step begin.
  private mutating func forEachRow(_ body: (inout PackedBatch, _ index: Int, _ time: Int) -> Void) {
    let total = segments.reduce(0) { $0 + $1.steps.count }
    inputs.reserveCapacity(total)
    targets.reserveCapacity(total)
    var left = segments.count
    var step = 0
    while true {
      while left > 0, segments[left - 1].steps.count <= step { left -= 1 }
      if left == 0 { break }
      alive.append(left)
      rowStart.append(inputs.count)
      for index in 0..<left { body(&self, index, segments[index].steps.lowerBound + step) }
      step += 1
    }
  }

  private mutating func fill(_ set: SequenceSet, _ layout: RecurrentLayout) {
    let shape = layout.shape
    let slices = segments.map { set[$0.sequence] }
    let end = shape.stop == .outcome ? Int32(shape.alphabetSize) : -1
    let hasSymbols = layout.symbolRows > 0
    forEachRow { batch, index, time in
      let sequence = slices[index]
      batch.inputs.append(time == 0 || !hasSymbols ? -1 : Int32(sequence[time - 1]))
      batch.targets.append(time == sequence.count ? end : Int32(sequence[time]))
    }
    if layout.features > 0 { fillFeatures(of: set, layout) }
  }

  private mutating func fill(_ set: VectorSequences, _ layout: RecurrentLayout, _ augmentation: Augmentation?) {
    let lengths = segments.map { set.length($0.sequence) }
    let starts = segments.map { set.firstRow($0.sequence) }
    forEachRow { batch, index, time in
      batch.inputs.append(-1)
      batch.targets.append(time == lengths[index] ? -1 : 0)
    }
    fillFeatures(of: set, layout)
    guard let coding = layout.coding else { preconditionFailure("vectors need their coding") }
    let (width, frames) = (set.rows.width, layout.emission?.pastFrames ?? 0)
    let shifts = segments.map { augmentation?.shift(of: $0.sequence, in: set) ?? 0 }
    elements = Array(repeating: 0, count: rows * width)
    past = Array(repeating: 0, count: rows * width * frames)
    let (fed, features) = (layout.architecture.hasFeedback, layout.features)
    set.rows.values.withUnsafeBufferPointer { values in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { moved in
        guard let values = values.baseAddress, let moved = moved.baseAddress else { return }
        /// The vector of a sequence at a time, moved as the augmentation wants it.
        func vector(_ index: Int, _ time: Int) -> UnsafePointer<Double> {
          let source = values + (starts[index] + time) * width
          if shifts[index] == 0 { return source }
          Augmentation.move(source, width, by: shifts[index], into: moved)
          return UnsafePointer(moved)
        }
        self.features.withUnsafeMutableBufferPointer { target in
          elements.withUnsafeMutableBufferPointer { elements in
            past.withUnsafeMutableBufferPointer { past in
              guard let target = target.baseAddress, let elements = elements.baseAddress else { return }
              for (step, alive) in alive.enumerated() {
                for index in 0..<alive {
                  let (row, time) = (rowStart[step] + index, segments[index].steps.lowerBound + step)
                  let feature = target + (row + 1) * features - layout.vectorRows
                  feature.update(repeating: 0, count: layout.vectorRows)
                  if time == 0 { feature[0] = 1 }
                  if time < lengths[index] {
                    coding.elements.standardise(vector(index, time), into: elements + row * width)
                  }
                  if time > 0, fed { coding.writeInput(vector(index, time - 1), to: feature + 1) }
                  for frame in 0..<min(frames, time) {
                    guard let past = past.baseAddress else { break }
                    coding.elements.standardise(
                      vector(index, time - 1 - frame), into: past + (row * frames + frame) * width)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private mutating func fillFeatures(of set: Sequences<some RowStorage>, _ layout: RecurrentLayout) {
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
