import Foundation
import ModelCore
import Sequences

/// What is asked of a law of length.
public struct LengthOptions: Sendable {
  /// Draws, for models without an exact law.
  public var draws = 10_000
  /// Elements after which a draw is cut.
  public var maximumLength = 10_000
  /// x, for models that look at inputs.
  public var inputs: InputVectors?
  /// The last length that is asked for: an exact distribution is computed at least so far, and beyond it only as long as that
  /// takes little work. Until next to nothing is left, or `work` is done, if `nil`.
  public var longest: Int?
  /// Additions after which an exact distribution is broken off.
  public var work = 4_000_000_000

  /// The default options.
  public init() {}
}

extension FittedModel {
  /// The law of τ. Exact in O(lengths · entries) for finitely many states.
  /// - Throws: `SpecificationError.refused` where inputs x are missing.
  public func lengthDistribution(
    _ options: LengthOptions = LengthOptions(), seed: UInt64 = 1, threads: Int = 1,
    progress: (FittingProgress) -> Void = { _ in }
  ) throws -> LengthDistribution {
    let inputs = options.inputs.flatMap { $0.count > 0 ? $0 : nil }
    if inputWidth > 0, inputs == nil, prior?.readsInputs ?? true {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: "its lengths depend on the inputs x that it was trained with: give data that have them")
    }
    if let prior {
      guard prior.readsInputs, let inputs else { return LengthDistribution(prior.law(given: nil)) }
      return LengthDistribution(prior.meanLaw(over: inputs))
    }
    if let states = finiteStates {
      return states.lengthDistribution(work: options.work, longest: options.longest, progress: progress)
    }
    return try drawnLengths(options, seed: seed, threads: threads, progress: progress)
  }

  private func drawnLengths(
    _ options: LengthOptions, seed: UInt64, threads: Int, progress: (FittingProgress) -> Void
  ) throws -> LengthDistribution {
    var sampling = DrawOptions<Element>()
    sampling.maximumLength = options.maximumLength
    sampling.inputs = options.inputs
    var (counts, cut) = ([Int](), 0)
    let piece = 1024
    for first in stride(from: 0, to: options.draws, by: piece) {
      let indices = first..<min(first + piece, options.draws)
      for sample in try samples(indices, seed: seed, sampling, threads: threads) {
        guard sample.isComplete else {
          cut += 1
          continue
        }
        let length = sample.sequence.count
        if length >= counts.count { counts += Array(repeating: 0, count: length + 1 - counts.count) }
        counts[length] += 1
      }
      progress(
        FittingProgress(
          fraction: Double(indices.upperBound) / Double(options.draws),
          text: "\(indices.upperBound) of \(options.draws) draws"))
    }
    let total = Double(max(options.draws, 1))
    let share = Double(cut) / total
    let isTight = tightness != nil
    return LengthDistribution(
      counts.map { Double($0) / total }, beyond: isTight ? share : 0, endless: isTight ? 0 : share,
      .draws(options.draws, cut: cut, limit: options.maximumLength))
  }
}

extension FiniteStateProcess {
  /// The distribution of τ, by forward passes; what comes to states that never end is taken out as endless.
  /// - Parameters:
  ///   - work: the additions after which it is broken off.
  ///   - longest: the last length that is asked for, beyond which there are a tenth as many at most.
  package func lengthDistribution(
    work: Int = 4_000_000_000, longest: Int? = nil, progress: (FittingProgress) -> Void = { _ in }
  ) -> LengthDistribution {
    let dead = endlessStates()
    var pass = ForwardPass(self)
    let size = max(stepCost, 1)
    let least = 1000
    var most = max(work / size, least)
    if let longest { most = min(most, max(work / 10 / size, min(longest, 1 << 48), 0) + 1) }
    // What is worth being shown takes its time.
    let shown = max(1 << 24 / size, 1)
    return LengthDistribution(most: most) { length in
      let endless = length >= homogeneousFrom ? dead.map { pass.take(from: $0) } ?? 0 : 0
      let probability = pass.advance()
      let left = pass.mass.reduce(0, +)
      if length % shown == shown - 1 {
        // Whatever comes first: nothing is left, or the work is done.
        let gone = min(max(-log(max(left, 1e-300)) / log(1e12), 0), 1)
        let fraction = max(gone, Double(length + 1) / Double(most))
        progress(FittingProgress(fraction: fraction, text: "length \(length + 1)"))
      }
      return .init(probability: probability, endless: endless, left: left)
    }
  }
}
