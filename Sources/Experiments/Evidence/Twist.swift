import Inference
import Models
import Sequences

extension SequenceModel {
  /// A Markov model of this model's own sequences, with the same way to end: the lookahead of sequential Monte Carlo given
  /// evidence (`ParticleOptions.twist`). Answers are right with any; the nearer it is, the fewer particles they take.
  /// - Parameters:
  ///   - seed: of the draws.
  ///   - sequences: the draws that it is fitted to, at most; fewer where they have more than two million symbols together.
  /// - Returns: `nil` where no such model can be fitted: the draws have no symbol, or the model looks at inputs x.
  public func twist(seed: UInt64, sequences: Int = 20_000, threads: Int = 1) throws -> SequenceModel? {
    if inputWidth > 0 { return nil }
    let (mostSymbols, piece) = (2_000_000, 256)
    var options = SamplingOptions()
    options.maximumLength = 10_000
    let sampler = try Sampler(self, seed: seed, options, expecting: sequences, threads: threads)
    var (draws, symbols) = ([[Symbol]](), 0)
    while draws.count < sequences, symbols < mostSymbols {
      let indices = draws.count..<min(draws.count + piece, sequences)
      for sample in try sampler.samples(indices, threads: threads) {
        draws.append(sample.sequence)
        symbols += sample.sequence.count
      }
    }
    if symbols == 0 { return nil }
    let word = "markov:3/\(type(of: specification.length).name)"
    return try SequenceModel.fit(
      ModelSpecification(word), to: SequenceSet(draws, alphabetSize: alphabet.size), alphabet,
      FittingContext(seed: seed))
  }
}
