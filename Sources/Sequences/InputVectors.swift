/// The inputs x(t) of sequences: vectors of numbers, either one for a whole sequence or one at each of its steps.
///
///     let seasons = InputVectors(perSequence: [[1, 0], [0, 1]])
///     seasons.range(sequence: 1, time: 7)    // 2..<4 at any time, where `values` hold 0, 1
///
///     let tides = InputVectors(perStep: [[[0.5], [0.2]], []])
///     tides.range(sequence: 0, time: 1)      // 1..<2, where they hold 0.2
///     tides.range(sequence: 0, time: 2)      // nil: past the end
///
/// All numbers are at most `largest` in magnitude and stand one behind the other in one array; copies share it.
public struct InputVectors: Sendable {
  /// The largest magnitude of a number: sums of products with weights must be finite in single precision, and a network
  /// learns nothing from numbers that are far from 1 in any case.
  public static let largest: Float = 1e12

  /// The numbers in a vector, at least one.
  public let width: Int
  /// The number of sequences.
  public let count: Int
  /// All vectors, in the order of the sequences and their steps.
  public let values: [Float]
  /// Where the vectors of each sequence begin, counted in vectors, and one more for the end; nil where each has one.
  @usableFromInline let offsets: PackedIntegers?

  /// One vector a sequence. `width` need only be given where there are none.
  public init(perSequence vectors: [[Float]], width: Int? = nil) {
    self.init(
      width: Self.width(of: vectors.first, or: width), count: vectors.count, values: Array(vectors.joined()),
      offsets: nil)
    precondition(vectors.allSatisfy { $0.count == self.width }, "vectors of different widths")
    precondition(values.allSatisfy { abs($0) <= Self.largest }, "an input that is not finite, or enormous")
  }

  /// One vector a step. `width` need only be given where there are none.
  public init(perStep vectors: [[[Float]]], width: Int? = nil) {
    var offsets = PackedBuffer(capacity: vectors.count + 1)
    offsets.append(0)
    var total = 0
    for sequence in vectors {
      total += sequence.count
      offsets.append(total)
    }
    let rows = vectors.joined()
    self.init(
      width: Self.width(of: rows.first { _ in true }, or: width), count: vectors.count, values: Array(rows.joined()),
      offsets: offsets.finished())
    precondition(rows.allSatisfy { $0.count == self.width }, "vectors of different widths")
    precondition(values.allSatisfy { abs($0) <= Self.largest }, "an input that is not finite, or enormous")
  }

  private static func width(of vector: [Float]?, or given: Int?) -> Int {
    guard let width = given ?? vector?.count else {
      preconditionFailure("without any vector, their width must be given")
    }
    return width
  }

  /// Trusts that `offsets` are those of `count` sequences, and go with `values`.
  init(width: Int, count: Int, values: [Float], offsets: PackedIntegers?) {
    precondition(width > 0, "a vector holds at least one number")
    self.width = width
    self.count = count
    self.values = values
    self.offsets = offsets
  }

  /// Whether each step has a vector of its own.
  @inlinable public var isPerStep: Bool { offsets != nil }

  /// Where x(t) of a sequence stands in `values`, times counting from 0. A vector of the whole sequence is there at any
  /// time; nil past the last step of a sequence that has one a step, where x(t) counts as all zeros. O(1).
  @inlinable public func range(sequence: Int, time: Int) -> Range<Int>? {
    precondition(time >= 0, "times count from 0")
    let all = vectors(sequence)
    guard !isPerStep || time < all.count else { return nil }
    let start = (all.lowerBound &+ (isPerStep ? time : 0)) &* width
    return start..<start &+ width
  }

  /// How many vectors a sequence has: one, or as many as it has steps. O(1).
  @inlinable public func vectorCount(sequence: Int) -> Int { vectors(sequence).count }

  /// A copy of the inputs of the sequences at `indices`, in that order. O(their numbers).
  public func selecting(_ indices: some Collection<Int>) -> InputVectors { copying(indices.lazy.map { vectors($0) }) }

  /// A copy of the inputs in some stretches of one sequence, for a sequence each.
  func excerpts(_ sequence: Int, _ stretches: [Range<Int>]) -> InputVectors {
    let all = vectors(sequence)
    guard isPerStep else { return copying(stretches.map { _ in all }) }
    return copying(stretches.map { all.lowerBound + $0.lowerBound..<all.lowerBound + $0.upperBound })
  }

  private func copying(_ ranges: some Collection<Range<Int>>) -> InputVectors {
    var offsets = PackedBuffer(capacity: ranges.count + 1)
    offsets.append(0)
    var total = 0
    for range in ranges {
      total += range.count
      offsets.append(total)
    }
    var copy: [Float] = []
    copy.reserveCapacity(total * width)
    for range in ranges { copy += values[range.lowerBound * width..<range.upperBound * width] }
    return InputVectors(
      width: width, count: ranges.count, values: copy, offsets: isPerStep ? offsets.finished() : nil)
  }

  /// All numbers of a sequence.
  func slice(_ sequence: Int) -> ArraySlice<Float> {
    let all = vectors(sequence)
    return values[all.lowerBound * width..<all.upperBound * width]
  }

  /// Which of all vectors are those of a sequence.
  @inlinable func vectors(_ sequence: Int) -> Range<Int> {
    precondition(sequence >= 0 && sequence < count, "there is no such sequence")
    guard let offsets else { return sequence..<sequence &+ 1 }
    return offsets[unchecked: sequence]..<offsets[unchecked: sequence &+ 1]
  }
}
