import Sequences

/// What a step may look at besides the past elements: the one channel for t, τ and x.
public struct StepInputs: Sendable, Hashable {
  /// t, the number of elements so far.
  public var time: Int
  /// The length strategy's input (τ or τ − t), if it has one.
  public var length: Int?
  /// x(t), or the sequence's one x; empty where there is none: all zeros.
  public var x: ArraySlice<Float>

  /// The inputs of the step after `time` elements.
  public init(time: Int, length: Int? = nil, x: ArraySlice<Float> = []) {
    self.time = time
    self.length = length
    self.x = x
  }
}

/// The inputs x of one sequence.
public struct SequenceInput: Sendable {
  private let vectors: InputVectors
  private let sequence: Int

  /// The inputs of one of the sequences, by its number from 0.
  public init(_ vectors: InputVectors, sequence: Int) {
    self.vectors = vectors
    self.sequence = sequence
  }

  /// x(t), or the one x of the sequence; empty beyond the last: all zeros.
  public func at(_ time: Int) -> ArraySlice<Float> {
    vectors.range(sequence: sequence, time: time).map { vectors.values[$0] } ?? []
  }
}

extension Sequences {
  /// The inputs of sequence `i`, where there are any.
  public func input(_ i: Int) -> SequenceInput? { inputs.map { SequenceInput($0, sequence: i) } }
}
