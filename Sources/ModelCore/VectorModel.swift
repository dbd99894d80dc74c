import Foundation
import Probability
import Sequences

/// A fitted model of sequences of vectors of real numbers: a probability density over all of them, the empty one included.
public struct VectorModel: FittedModel {
  /// Elements are vectors in double precision.
  public typealias Rows = VectorRows<Double>

  /// The model's word, resolved.
  public let specification: ModelSpecification
  /// The process of vectors.
  public let vectors: any VectorProcess
  /// The same, as the process of a model of any elements.
  public let process: any SequenceProcess<[Double]>
  /// P(τ), where the length is drawn first.
  public let prior: (any LengthPrior)?
  /// What is remembered of the training set.
  public let facts: TrainingFacts

  /// A model of its parts, which must go together.
  public init(
    specification: ModelSpecification, process: any VectorProcess, prior: (any LengthPrior)?, facts: TrainingFacts
  ) {
    func asProcess(_ vectors: some VectorProcess) -> any SequenceProcess<[Double]> { vectors }
    (self.specification, vectors, self.prior, self.facts) = (specification, process, prior, facts)
    self.process = asProcess(process)
  }

  /// The numbers in an element.
  public var width: Int { process.shape.vectorWidth }

  /// The width of the vectors.
  public var metadata: [String: String] { ["chainrule.reals": String(width)] }

  /// The width in a file's metadata, and how the model is made with it.
  public static func reading(
    _ metadata: [String: String]
  ) throws -> (elements: ElementKind, make: ModelMaker<VectorModel>) {
    let width: Int = try ModelFile.number("reals", metadata)
    guard (1..<1 << 24).contains(width) else { throw ModelFileError.inconsistent("chainrule.reals is absurd") }
    return (
      .reals(width),
      { specification, process, prior, facts in
        guard let process = process as? any VectorProcess, process.shape.vectorWidth == width else {
          throw ModelFileError.inconsistent("its family is not one of vectors of \(numbers(width))")
        }
        return VectorModel(specification: specification, process: process, prior: prior, facts: facts)
      }
    )
  }

  /// Refuses vectors of another width or with a number that is not finite.
  public func refusal(_ elements: [[Double]]) -> String? {
    elements.allSatisfy { $0.count == width && $0.allSatisfy(\.isFinite) }
      ? nil : "an element must be a vector of \(numbers(width)), each finite"
  }
}

/// "1 number", "2 numbers".
private func numbers(_ count: Int) -> String { "\(count) number\(count == 1 ? "" : "s")" }
