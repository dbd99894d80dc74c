import Experiments
import Inference
import Models
import Sequences

extension SequenceModel {
  /// Fits a model to data, as `chainrule train` does: where the family stops early or tunes, a part of the data is held out
  /// for that.
  ///
  ///     let names = try Dataset(reading: "names.txt")
  ///     let model = try SequenceModel("gru:64/halt", fitting: names)
  ///
  /// - Parameters:
  ///   - word: the model, such as `markov:3/halt`.
  ///   - validation: held-out data, in place of a twentieth of `data` by `seed`.
  ///   - registry: where the word is looked up.
  ///   - progress: how far the fit has come; return from it soon.
  /// - Throws: `SpecificationError`, `FittingError`.
  public init(
    _ word: String, fitting data: Dataset, validation: Dataset? = nil, seed: UInt64 = 1, threads: Int = 1,
    registry: Registry = .standard, progress: @escaping @Sendable (FittingProgress) -> Void = { _ in }
  ) throws {
    let specification = try ModelSpecification(word, registry: registry)
    let none = SequenceSet([], alphabetSize: data.alphabet.size)
    let parts = Parts(train: data, valid: validation?.sequences, test: none, seed: seed)
    let (train, valid) = parts.fitting(specification)
    self = try Self.fit(
      specification, to: train, valid: valid, data.alphabet,
      FittingContext(seed: seed, threads: threads, progress: progress))
  }

  /// Likelihood and its relatives on data with the model's alphabet.
  public func figures(on data: Dataset, threads: Int = 1) -> Figures { figures(on: data.sequences, threads: threads) }

  /// Draws as texts.
  /// - Throws: as `samples`.
  public func texts(_ count: Int, seed: UInt64 = 1, _ options: SamplingOptions = SamplingOptions()) throws -> [String] {
    try samples(count, seed: seed, options).map { alphabet.text(of: $0.sequence) }
  }

  /// The most probable sequences, the most probable first.
  /// - Throws: as `MostProbable`.
  public func mostProbable(_ count: Int) throws -> [Sample] { try MostProbable(of: self, count).sequences }

  /// The model as a directed graph over some steps: independence, paths, counts, drawings.
  ///
  ///     try model.graph(steps: 5).isSeparated("y1 ; y4 | y2, y3")
  ///
  /// - Throws: `GraphError`.
  public func graph(steps: Int) throws -> UnrolledGraph {
    try specification.template(alphabetSize: alphabet.size, inputWidth: inputWidth).unrolled(steps: steps)
  }
}
