import Foundation
import Sequences

/// What a conditional must give besides the elements' distribution: asked for by a length strategy, answered by
/// every family, so that neither knows the other.
public struct OutputShape: Sendable, Hashable {
  /// Who decides that the sequence ends.
  public enum Stop: Sendable, Hashable {
    /// One more outcome, with index `alphabetSize`.
    case outcome
    /// A binary variable e(t) beside the element.
    case variable
    /// No step: the length is known before the first element.
    case given
  }

  /// k; 0 where elements are no symbols.
  public var alphabetSize: Int
  /// The numbers in an element; 0 where elements are symbols.
  public var vectorWidth = 0
  /// What the numbers of vectors are.
  public var values = ElementKind.Values.reals
  /// Of categories the number of levels of each column; else empty.
  public var levels: [Int] = []
  /// Who decides that the sequence ends.
  public var stop: Stop
  /// The whole number ≥ 0 made from the length that each step has as one more parent, if it has.
  public var lengthInput: LengthInput?
  /// The numbers in an input vector x(t); 0 where the data have none.
  public var inputWidth: Int

  /// The shape for symbols.
  public init(alphabetSize: Int, stop: Stop, lengthInput: LengthInput? = nil, inputWidth: Int = 0) {
    self.alphabetSize = alphabetSize
    self.stop = stop
    self.lengthInput = lengthInput
    self.inputWidth = inputWidth
  }

  /// The same for elements of any kind; categories whose levels are not known have two in each column.
  public init(_ elements: ElementKind, stop: Stop, lengthInput: LengthInput? = nil) {
    switch elements {
    case .symbols(let k): self.init(alphabetSize: k, stop: stop, lengthInput: lengthInput)
    case .vectors(let values, let width, let levels):
      self.init(alphabetSize: 0, stop: stop, lengthInput: lengthInput)
      (vectorWidth, self.values) = (width, values)
      if values == .categories { self.levels = levels.isEmpty ? Array(repeating: 2, count: width) : levels }
    }
  }

  /// What the elements are.
  public var elements: ElementKind {
    vectorWidth > 0 ? .vectors(values, width: vectorWidth, levels: levels) : .symbols(alphabetSize)
  }

  /// The numbers that stand for an element where it is looked at: those of the vector, of categories one for each level of each
  /// column, 1 for the level that is there (one-hot).
  public var encodedWidth: Int { values == .categories ? levels.reduce(0, +) : vectorWidth }

  /// Whether each step decides if the sequence ends; else its length is known before the first element.
  public var decidesEnd: Bool { stop != .given }

  /// Whether each step is told something of the length.
  public var hasLengthInput: Bool { lengthInput != nil }

  /// What the step after the first `time` elements of a sequence of `length` is told of the length, if anything.
  public func lengthLabel(time: Int, length: Int) -> Int? { lengthInput?.label(time: time, length: length) }

  /// k, or k + 1 with an end symbol.
  public var outcomes: Int { stop == .outcome ? alphabetSize + 1 : alphabetSize }

  /// About how many numbers a step's distribution takes: the outcomes, or the width of a vector.
  package var stepSize: Int { max(outcomes, encodedWidth, 1) }

  /// The numbers that one distribution over all outputs of a step costs: k for an end symbol and for halting, k − 1
  /// where the length is given.
  public var freeNumbers: Int { stop == .given ? max(alphabetSize - 1, 0) : alphabetSize }

  /// The steps that a sequence of length τ asks the conditional about: its elements, and the end if that is decided.
  public func steps(length: Int) -> Int { decidesEnd ? length + 1 : length }

  /// The nats of sequences under uniform guessing: each outcome, the end among them, and each decision to stop has the same
  /// probability. Of lengths that are drawn first nothing is counted.
  package func nats(ofGuessing sequences: Int, symbols: Int) -> Double {
    let (all, ends, k) = (Double(symbols), Double(sequences), Double(alphabetSize))
    return switch stop {
    case .outcome: (all + ends) * log(k + 1)
    case .variable: all * log(k) + (all + ends) * log(2)
    case .given: all * log(k)
    }
  }
}
