/// The inputs x(t) of sequences: vectors of numbers, either one for a whole sequence or one at each of its steps.
///
///     let seasons = InputVectors(perSequence: [[1, 0], [0, 1]])
///     seasons.range(sequence: 1, time: 7)    // 2..<4 at any time, where `values` hold 0, 1
///
///     let tides = InputVectors(perStep: [[[0.5], [0.2]], []])
///     tides.range(sequence: 0, time: 1)      // 1..<2, where they hold 0.2
///     tides.range(sequence: 0, time: 2)      // nil: past the end
///
/// All numbers are at most `largest` in magnitude.
public struct InputVectors: Sendable {
  /// The largest magnitude of a number: sums of products with weights must be finite in single precision, and a network
  /// learns nothing from numbers that are far from 1 in any case.
  public static let largest: Float = 1e12

  /// The number of sequences.
  public let count: Int
  /// All vectors, in the order of the sequences and their steps.
  let rows: VectorRows<Float>
  /// The vectors of each sequence; nil where each has one.
  @usableFromInline let bounds: SequenceBounds?

  /// One vector a sequence. `width` need only be given where there are none.
  public init(perSequence vectors: [[Float]], width: Int? = nil) {
    self.init(Self.rows(vectors, width), count: vectors.count, bounds: nil)
  }

  /// One vector a step. `width` need only be given where there are none.
  public init(perStep vectors: [[[Float]]], width: Int? = nil) {
    self.init(
      Self.rows(vectors.joined(), width), count: vectors.count, bounds: SequenceBounds(lengths: vectors.map(\.count)))
  }

  private static func rows(_ vectors: some Sequence<[Float]>, _ given: Int?) -> VectorRows<Float> {
    guard let width = given ?? vectors.first(where: { _ in true })?.count else {
      preconditionFailure("without any vector, their width must be given")
    }
    precondition(vectors.allSatisfy { $0.count == width }, "vectors of different widths")
    let values = Array(vectors.joined())
    precondition(values.allSatisfy { abs($0) <= Self.largest }, "an input that is not finite, or enormous")
    return VectorRows(width: width, values)
  }

  /// Trusts that `bounds` are those of `count` sequences, and go with the vectors.
  init(_ rows: VectorRows<Float>, count: Int, bounds: SequenceBounds?) {
    self.rows = rows
    self.count = count
    self.bounds = bounds
  }

  /// The numbers in a vector, at least one.
  public var width: Int { rows.width }

  /// The numbers of all vectors, in the order of the sequences and their steps.
  public var values: [Float] { rows.values }

  /// Whether each step has a vector of its own.
  @inlinable public var isPerStep: Bool { bounds != nil }

  /// Where x(t) of a sequence stands in `values`, times counting from 0. A vector of the whole sequence is there at any
  /// time; nil past the last step of a sequence that has one a step, where x(t) counts as all zeros. O(1).
  public func range(sequence: Int, time: Int) -> Range<Int>? {
    precondition(time >= 0, "times count from 0")
    let all = vectors(sequence)
    guard !isPerStep || time < all.count else { return nil }
    let start = (all.lowerBound &+ (isPerStep ? time : 0)) &* width
    return start..<start &+ width
  }

  /// How many vectors a sequence has: one, or as many as it has steps. O(1).
  @inlinable package func vectorCount(sequence: Int) -> Int { vectors(sequence).count }

  /// A copy of the inputs of the sequences at `indices`, in that order. O(their numbers).
  public func selecting(_ indices: some Collection<Int>) -> InputVectors { copying(indices.lazy.map { vectors($0) }) }

  /// A copy of the inputs in some stretches of one sequence, for a sequence each.
  func excerpts(_ sequence: Int, _ stretches: [Range<Int>]) -> InputVectors {
    let all = vectors(sequence)
    guard isPerStep else { return copying(stretches.map { _ in all }) }
    return copying(stretches.map { all.lowerBound + $0.lowerBound..<all.lowerBound + $0.upperBound })
  }

  private func copying(_ ranges: some Collection<Range<Int>>) -> InputVectors {
    InputVectors(
      rows.copying(ranges, scratch: nil), count: ranges.count,
      bounds: isPerStep ? SequenceBounds(lengths: ranges.map(\.count)) : nil)
  }

  /// All vectors of a sequence.
  func slice(_ sequence: Int) -> VectorSlice<Float> { rows[vectors(sequence)] }

  /// Which of all vectors are those of a sequence.
  @inlinable func vectors(_ sequence: Int) -> Range<Int> {
    precondition(sequence >= 0 && sequence < count, "there is no such sequence")
    return bounds?[sequence] ?? sequence..<sequence &+ 1
  }
}
