import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// The choice of a ridge λ for regressions that share it, by the likelihood of data that they are not fitted to.
struct RidgeSearch {
  /// The regressions, and what they are judged by; without it (`nil`) a part of their own rows is left out for the
  /// choice.
  let fitted: [ComponentRegression]
  let judged: [ComponentRegression]?
  /// Which rows are left out where there is nothing to judge by.
  let leftOut: [Bool]
  let context: FittingContext
  /// For messages.
  let name: String

  /// Powers of 2 from 512 to 2⁻¹⁰, the largest first: each fit begins where the one before ended, and goes no farther
  /// than the choice needs.
  static let candidates = stride(from: 9, through: -10, by: -1).map { exp2(Double($0)) }

  /// The regressions fitted with a ridge, on all of their rows; where none is given, with the best one.
  /// - Throws: `FittingError.interrupted`, `GSLError`.
  func fits(ridge: Double?) throws -> (fits: [ComponentFit], ridge: Double) {
    if let ridge { return (try fit(fitted, ridge: ridge, from: nil), ridge) }
    let hasWeights = fitted.contains { $0.rows.features + $0.lower > 1 }
    let judged = self.judged ?? masked { $0 ? $1 : .nan }
    guard hasWeights, judged.contains(where: { $0.targets.contains { !$0.isNaN } }) else {
      return (try fit(fitted, ridge: 1, from: nil), 1)
    }
    let fitted = self.judged == nil ? masked { $0 ? .nan : $1 } : self.fitted
    var best: (fits: [ComponentFit], ridge: Double, nats: Double)?
    var (last, worse): ([ComponentFit]?, Int) = (nil, 0)
    for (number, ridge) in Self.candidates.enumerated() {
      let fits = try fit(fitted, ridge: ridge, from: last, tolerance: 0.01)
      let nats = parallelMap(judged.count, threads: context.threads) { judged[$0].nats(fits[$0]) }.reduce(0, +)
      last = fits
      context.progress(
        FittingProgress(
          fraction: Double(number + 1) / Double(Self.candidates.count + 1),
          text: "\(name): ridge \(ridge), held-out \(nats) nats", isMilestone: false))
      if nats < best?.nats ?? .infinity {
        (best, worse) = ((fits, ridge, nats), 0)
      } else {
        worse += 1
        if worse == 2 { break }
      }
    }
    let ridge = best?.ridge ?? 1
    return (try fit(self.fitted, ridge: ridge, from: best?.fits), ridge)
  }

  /// The regressions on some of the rows.
  private func masked(_ target: (_ isLeftOut: Bool, Double) -> Double) -> [ComponentRegression] {
    fitted.map { regression in
      ComponentRegression(
        kind: regression.kind, rows: regression.rows, targets: zip(leftOut, regression.targets).map(target),
        lower: regression.lower)
    }
  }

  private func fit(
    _ regressions: [ComponentRegression], ridge: Double, from start: [ComponentFit]?, tolerance: Double = 1e-6
  ) throws -> [ComponentFit] {
    let isInterrupted = context.isInterrupted
    return try parallelMap(regressions.count, threads: context.threads) { index in
      Result {
        try regressions[index].fit(
          ridge: ridge, from: start?[index], tolerance: tolerance, isInterrupted: isInterrupted)
      }
    }.map { try $0.get() }
  }

  /// Marks about a tenth of the rows: those of a seeded tenth of the sequences; of fewer than ten sequences a stretch
  /// of rows at a random place, since the end of a long text is most like what follows.
  static func rowsLeftOut(of set: VectorSequences, _ shape: OutputShape, seed: UInt64) -> [Bool] {
    let steps = (0..<set.count).map { shape.steps(length: set.length($0)) }
    var stream = RandomStream(seed: seed, purpose: "ridge")
    if set.count >= 10 {
      let chosen = Set(stream.permutation(set.count).prefix(set.count / 10))
      return steps.indices.flatMap { Array(repeating: chosen.contains($0), count: steps[$0]) }
    }
    let rows = steps.reduce(0, +)
    let start = Int(stream.uniform() * Double(rows - rows / 10))
    return (0..<rows).map { $0 >= start && $0 < start + rows / 10 }
  }
}
