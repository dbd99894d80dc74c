import Foundation
import ModelCore
import Probability
import Sequences

/// A fitted model that can be audited: what an audit asks of elements of a kind.
public protocol AuditedModel: FittedModel {
  /// A set of some sequences with their inputs.
  func set(_ sequences: [[Rows.Element]], inputs: InputVectors?) -> Sequences<Rows>

  /// Draws an element from a fixed proposal distribution: symbols are uniform, numbers standard normal.
  func proposedElement(_ stream: inout RandomStream) -> Rows.Element

  /// The log-density of the proposal at an element, in nats.
  func logProposal(of element: Rows.Element) -> Double

  /// At most so many elements to be asked for one by one: all where there are no more, else proposed ones.
  func elementsToAsk(_ most: Int, _ stream: inout RandomStream) -> [Rows.Element]
}

extension AuditedModel {
  /// Proposed ones.
  public func elementsToAsk(_ most: Int, _ stream: inout RandomStream) -> [Element] {
    (0..<most).map { _ in proposedElement(&stream) }
  }
}

extension SequenceModel: AuditedModel {
  /// Over the model's alphabet.
  public func set(_ sequences: [[Symbol]], inputs: InputVectors?) -> SequenceSet {
    SequenceSet(sequences, alphabetSize: alphabet.size, inputs: inputs)
  }

  /// Each symbol has the same probability.
  public func proposedElement(_ stream: inout RandomStream) -> Symbol {
    min(Int(stream.uniform() * Double(alphabet.size)), alphabet.size - 1)
  }

  /// −log k.
  public func logProposal(of element: Symbol) -> Double { -log(Double(alphabet.size)) }

  /// All symbols of a small alphabet.
  public func elementsToAsk(_ most: Int, _ stream: inout RandomStream) -> [Symbol] {
    alphabet.size <= most ? Array(0..<alphabet.size) : (0..<most).map { _ in proposedElement(&stream) }
  }
}

extension VectorModel: AuditedModel {
  /// Of vectors of the model's width.
  public func set(_ sequences: [[[Double]]], inputs: InputVectors?) -> VectorSequences {
    VectorSequences(
      sequences, width: width, columns.values, levels: process.shape.levels, inputs: inputs)
  }

  /// Real numbers are standard normal, bits ones with probability ½, counts geometric with the mean 8, levels uniform.
  public func proposedElement(_ stream: inout RandomStream) -> [Double] {
    (0..<width).map { column in
      switch columns.values {
      case .reals: stream.normal()
      case .bits: stream.uniform() < 0.5 ? 1 : 0
      case .counts: (log(1 - stream.uniform()) / log(Self.proposedContinuing)).rounded(.down)
      case .categories: (stream.uniform() * Double(process.shape.levels[column])).rounded(.down)
      }
    }
  }

  /// The log-density of these numbers, which are independent.
  public func logProposal(of element: [Double]) -> Double {
    if columns.values == .categories { return -process.shape.levels.reduce(0) { $0 + log(Double($1)) } }
    return element.reduce(0) { sum, number in
      switch columns.values {
      case .reals: sum - (number * number + log(2 * .pi)) / 2
      case .bits, .categories: sum - log(2)
      case .counts: sum + log(1 - Self.proposedContinuing) + number * log(Self.proposedContinuing)
      }
    }
  }

  private static var proposedContinuing: Double { 8.0 / 9 }
}
