import Foundation
import Probability
import Sequences

/// A fitted model of sequences of vectors of real numbers: a probability density over all of them, the empty one included.
public struct VectorModel: FittedModel {
  public typealias Rows = VectorRows<Double>

  public let specification: ModelSpecification
  public let process: any SequenceProcess<[Double]>
  public let prior: (any LengthPrior)?
  public let facts: TrainingFacts

  public init(
    specification: ModelSpecification, process: any SequenceProcess<[Double]>, prior: (any LengthPrior)?,
    facts: TrainingFacts
  ) {
    (self.specification, self.process, self.prior, self.facts) = (specification, process, prior, facts)
  }

  /// The numbers in an element.
  public var width: Int { process.shape.vectorWidth }

  public var metadata: [String: String] { ["chainrule.reals": String(width)] }

  public static func reading(
    _ metadata: [String: String]
  ) throws -> (elements: ElementKind, make: ModelMaker<VectorModel>) {
    let width: Int = try ModelFile.number("reals", metadata)
    guard (1..<1 << 24).contains(width) else { throw ModelFileError.inconsistent("chainrule.reals is absurd") }
    return (
      .reals(width),
      { specification, process, prior, facts in
        guard let process = process as? any SequenceProcess<[Double]>, process.shape.vectorWidth == width else {
          throw ModelFileError.inconsistent("its family is not one of vectors of \(numbers(width))")
        }
        return VectorModel(specification: specification, process: process, prior: prior, facts: facts)
      }
    )
  }

  public func set(_ sequences: [[[Double]]], inputs: InputVectors?) -> VectorSequences {
    VectorSequences(sequences, width: width, inputs: inputs)
  }

  /// Of numbers with a standard normal distribution.
  public func anyElement(_ stream: inout RandomStream) -> [Double] { (0..<width).map { _ in stream.normal() } }

  public func logProbability(ofAny element: [Double]) -> Double {
    element.reduce(0) { $0 - ($1 * $1 + log(2 * .pi)) / 2 }
  }

  public func refusal(_ elements: [[Double]]) -> String? {
    elements.allSatisfy { $0.count == width && $0.allSatisfy(\.isFinite) }
      ? nil : "the prefix holds what is no vector of \(numbers(width))"
  }
}

/// "1 number", "2 numbers".
private func numbers(_ count: Int) -> String { "\(count) number\(count == 1 ? "" : "s")" }
