import ModelCore

/// The twist of sequential Monte Carlo: a finite-state process near a model, whose backward messages given evidence are the
/// lookahead of the particles. The answers do not depend on it, their precision does.
///
///     var options = ParticleOptions()
///     options.twist = Twist(approximating: network, seed: 1)
public struct Twist: Sendable {
  let process: any FiniteStateProcess
  /// What an error calls it.
  let name: String
  /// Its alphabet; `nil` where it was made of the model.
  let symbols: [String]?

  /// A fitted model, such as `markov:3` trained on the network's data or on its samples.
  /// - Throws: `SpecificationError.refused` for a model whose states cannot be listed.
  public init(_ model: SequenceModel) throws {
    name = model.specification.shortWord
    guard let process = model.finiteStates else {
      throw SpecificationError.refused(
        model: name, reason: "a twist needs a model whose states can be listed, such as markov:3")
    }
    self.process = process
    symbols = model.alphabet.symbols
  }

  /// A Markov approximation of the model itself (`MarkovApproximation`).
  /// - Parameters:
  ///   - seed: of the sequences along which the model is asked.
  ///   - steps: how often the model is asked.
  /// - Returns: `nil` for models that look at inputs x.
  public init?(approximating model: SequenceModel, seed: UInt64, steps: Int = 1_000_000) {
    if model.inputWidth > 0 || model.alphabet.size == 0 { return nil }
    process = MarkovApproximation(of: model, seed: seed, steps: steps)
    name = model.specification.shortWord
    symbols = nil
  }

  /// - Throws: `SpecificationError.refused` for a twist that does not fit a model.
  func check(for model: SequenceModel) throws {
    if let symbols, symbols != model.alphabet.symbols {
      throw SpecificationError.refused(
        model: name, reason: "the twist has another alphabet than the model: train it on the same data")
    }
    guard process.shape.decidesEnd == model.shape.decidesEnd else {
      throw SpecificationError.refused(
        model: name,
        reason: "a twist must end as the model does: train one with /\(type(of: model.specification.length).name)")
    }
  }
}
