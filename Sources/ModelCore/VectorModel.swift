import Foundation
import Probability
import Sequences

/// A fitted model of sequences of vectors of numbers: a probability (of real numbers a density) over all of them, the empty
/// one included.
///
///     let vowels = try VectorDataset(reading: "vowels.jsonl")
///     let model = try VectorModel.fit(ModelSpecification("markov:1"), to: vowels.sequences, vowels.columns)
///     model.nats(of: vowels.sequences)
public struct VectorModel: FittedModel {
  /// Elements are vectors in double precision.
  public typealias Rows = VectorRows<Double>

  /// The model's word, resolved.
  public let specification: ModelSpecification
  /// The names of the components, and the kind of their numbers.
  public let columns: Columns
  /// The process of vectors.
  public let vectors: any VectorProcess
  /// The same, as the process of a model of any elements.
  public let process: any SequenceProcess<[Double]>
  /// P(τ), where the length is drawn first.
  public let prior: (any LengthPrior)?
  /// What is remembered of the training set.
  public let facts: TrainingFacts

  /// A model of its parts, which must go together.
  /// - Parameter columns: by default those that have no names of their own.
  public init(
    specification: ModelSpecification, columns: Columns? = nil, process: any VectorProcess,
    prior: (any LengthPrior)?, facts: TrainingFacts
  ) {
    func asProcess(_ vectors: some VectorProcess) -> any SequenceProcess<[Double]> { vectors }
    (self.specification, vectors, self.prior, self.facts) = (specification, process, prior, facts)
    self.process = asProcess(process)
    self.columns =
      columns
      ?? Columns(process.shape.values, width: process.shape.vectorWidth, levelCounts: process.shape.levels)
  }

  /// What data of the model have in common.
  public var schema: Columns { columns }

  /// The numbers in an element.
  public var width: Int { process.shape.vectorWidth }

  /// Fits a specification. What its word leaves to the kind of elements is settled first.
  /// - Parameter valid: for families that stop early or tune; leave it empty for the others.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  public static func fit(
    _ specification: ModelSpecification, to train: VectorSequences, valid: VectorSequences? = nil, _ columns: Columns,
    _ context: FittingContext = FittingContext()
  ) throws -> VectorModel {
    let specification = try specification.resolved(for: columns.kind)
    return try fit(
      specification, to: train,
      valid: valid
        ?? VectorSequences(
          [], width: columns.width, columns.values, levels: columns.levels?.map(\.count) ?? []), columns,
      columns.kind, context, process: { try specification.family.fit($0, $1, $2) as any VectorProcess }
    ) { specification, process, prior, facts in
      guard let process = process as? any VectorProcess else { preconditionFailure("a process of vectors") }
      return VectorModel(
        specification: specification, columns: columns, process: process, prior: prior, facts: facts)
    }
  }

  /// The scores of a process that scores many sequences at once; `nil` for others.
  public func batchedScores(of set: VectorSequences, threads: Int) -> [SequenceScore]? {
    (vectors as? any BatchedVectorProcess)?.scores(of: set, threads: threads)
  }

  static let key = "chainrule.columns"

  /// The columns, as JSON.
  public var metadata: [String: String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return [Self.key: String(decoding: try encoder.encode(columns), as: UTF8.self)]
    }
  }

  /// The columns in a file's metadata, and how the model is made with them.
  public static func reading(
    _ metadata: [String: String]
  ) throws -> (elements: ElementKind, make: ModelMaker<VectorModel>) {
    guard metadata[key] != nil else {
      throw ModelFileError.otherElements("a model of symbols, where one of vectors is needed")
    }
    let json = try ModelFile.text("columns", metadata)
    guard let columns = try? JSONDecoder().decode(Columns.self, from: Data(json.utf8)),
      columns.isSound
    else { throw ModelFileError.inconsistent("\(key) does not describe columns") }
    return (
      columns.kind,
      { specification, process, prior, facts in
        guard let process = process as? any VectorProcess, process.shape.elements == columns.kind else {
          throw ModelFileError.inconsistent("its family is not one of vectors of \(numbers(columns.width))")
        }
        return VectorModel(
          specification: specification, columns: columns, process: process, prior: prior, facts: facts)
      }
    )
  }

  /// Refuses vectors of another width or with a number that is none of the columns' kind.
  public func refusal(_ elements: [[Double]]) -> String? {
    let levels = process.shape.levels
    return elements.allSatisfy { element in
      element.count == width && element.allSatisfy(columns.values.contains)
        && zip(element, levels).allSatisfy { $0 < Double($1) }
    }
      ? nil : "an element must be a vector of \(numbers(width)), and its numbers \(columns.values.name)"
  }
}

/// "1 number", "2 numbers".
private func numbers(_ count: Int) -> String { "\(count) number\(count == 1 ? "" : "s")" }
