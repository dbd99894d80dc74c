import Foundation
import ModelCore
import Probability
import Sequences
import Support

extension AuditSubject<VectorModel> {
  private static var transformCells: Int { 20 }
  private static var mostDecisions: Int { 20_000 }

  /// Probability integral transform (Rosenblatt 1952): u = F(y(t) | past), of vectors component by component given the lower
  /// ones, is uniform if draws follow the density. Tested by Pearson's chi-square over twenty equal cells of u and one of ends,
  /// of which Σ s(t) are expected; of d components the least p-value counts d times. Where vectors are few, u is computed by
  /// their densities alone, else by the distribution.
  func transformFit() throws -> AuditLine {
    let drawn = try model.samples(
      max(options.samples / 20, 1), seed: seed("sampler"), sampling(limit: Self.longestDraw), threads: options.threads)
    // The length of a draw that was cut is not known where it was drawn first.
    var (samples, decisions) = ([DrawnSequence<[Double]>](), 0)
    for sample in drawn where sample.isComplete || model.prior == nil {
      if decisions > Self.mostDecisions { break }
      decisions += sample.sequence.count + 1
      samples.append(sample)
    }
    let tallies = parallelMap(samples.count, threads: options.threads) { number in
      var stream = self.stream("transform", number)
      return tally(samples[number].sequence, model.vectors, &stream)
    }
    guard tallies.allSatisfy(\.isKnown) else {
      return AuditLine(.sampler, 1, .level, pValue: 1, "draws are not tested: the steps have no transform")
    }
    let stops = tallies.reduce(0) { $0 + $1.stops }
    let tests = (0..<model.width).map { component in
      let observed = (0...Self.transformCells).map { cell in
        tallies.reduce(0) { $0 + $1.observed[component * (Self.transformCells + 1) + cell] }
      }
      let all = observed.reduce(0, +)
      let expected = (0..<Self.transformCells).map { _ in (all - stops) / Double(Self.transformCells) } + [stops]
      let test = ChiSquare(observed, expected: expected)
      var stream = stream("chi-square", component)
      return (test: test, all: all, pValue: test.exactPValue(expected, count: Int(all), &stream))
    }
    guard let worst = tests.min(by: { $0.pValue ?? 1 < $1.pValue ?? 1 }), let pValue = worst.pValue else {
      let all = tests.first?.all ?? 0
      return AuditLine(.sampler, 1, .level, pValue: 1, "p of \(Int(all)) decisions: too few to be counted")
    }
    let figure = min(Double(model.width) * pValue, 1)
    return AuditLine(
      .sampler, figure, .level, pValue: figure,
      "p of chi-square \(String(format: "%.1f", worst.test.statistic)) over \(worst.test.degreesOfFreedom + 1) cells of "
        + "F(y(t) | past) and of ends, \(Int(worst.all)) decisions"
        + (model.width == 1 ? "" : ", the worst of \(model.width) components"))
  }

  private struct Tally {
    /// The cells of one component behind those of another, ends last.
    var observed: [Double]
    /// Σ s(t).
    var stops = 0.0
    var isKnown = true
  }

  /// The cells of one sequence's decisions.
  private func tally<P: VectorProcess>(
    _ sequence: [[Double]], _ process: P, _ stream: inout RandomStream
  ) -> Tally {
    let cells = Self.transformCells
    let ends = (0..<model.width).map { $0 * (cells + 1) + cells }
    var tally = Tally(observed: [Double](repeating: 0, count: model.width * (cells + 1)))
    var distribution = P.Distribution(process.shape)
    process.forEachDecision(of: sequence, x: input) { walk, element in
      // Of draws at the limit those alone are complete that end there.
      if walk.time == Self.longestDraw { return }
      tally.stops += exp(walk.logStop().stop)
      guard let element else {
        for end in ends { tally.observed[end] += 1 }
        return
      }
      walk.predict(into: &distribution)
      guard let transform = distribution.transformBySums(of: element, &stream) else {
        tally.isKnown = false
        return
      }
      for (component, u) in transform.enumerated() {
        tally.observed[component * (cells + 1) + ProbabilityTransform.cell(u, of: cells)] += 1
      }
    }
    return tally
  }
}
