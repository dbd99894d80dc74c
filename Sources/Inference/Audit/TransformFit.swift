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
  /// of which Σ s(t) are expected. Where vectors are few, u is computed by their densities alone, else by the distribution.
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
    let (stops, ends) = (tallies.reduce(0) { $0 + $1.stops }, tallies.reduce(0) { $0 + $1.ends })
    let cells = (0..<model.width * Self.transformCells).map { cell in tallies.reduce(0) { $0 + $1.cells[cell] } }
    let elements = tallies.reduce(0) { $0 + $1.elements }
    let all = elements + ends
    // Of several components each has as many as there are elements. Their sums are fixed then, so that the statistic is rather
    // smaller than that of free counts, with which it is compared.
    let ofOne = model.width == 1
    let each = (ofOne ? all - stops : elements) / Double(Self.transformCells)
    let observed: [Double] = cells + (ofOne ? [ends] : [elements, ends])
    let expected: [Double] = cells.map { _ in each } + (ofOne ? [stops] : [all - stops, stops])
    let test = ChiSquare(observed, expected: expected)
    var stream = stream("chi-square")
    guard let pValue = test.exactPValue(expected, count: Int(observed.reduce(0, +)), &stream) else {
      return AuditLine(.sampler, 1, .level, pValue: 1, "p of \(Int(all)) decisions: too few to be counted")
    }
    return AuditLine(
      .sampler, pValue, .level, pValue: pValue,
      "p of chi-square \(String(format: "%.1f", test.statistic)) over \(test.degreesOfFreedom + 1) cells of F(y(t) | past) "
        + "and of ends, \(Int(all)) decisions")
  }

  private struct Tally {
    /// Of each component, one behind the other.
    var cells: [Double]
    var elements = 0.0
    var ends = 0.0
    /// Σ s(t).
    var stops = 0.0
    var isKnown = true
  }

  /// The cells of one sequence's decisions.
  private func tally<P: VectorProcess>(
    _ sequence: [[Double]], _ process: P, _ stream: inout RandomStream
  ) -> Tally {
    let cells = Self.transformCells
    var tally = Tally(cells: [Double](repeating: 0, count: model.width * cells))
    var distribution = P.Distribution(process.shape)
    process.forEachDecision(of: sequence, x: input) { walk, element in
      // Of draws at the limit those alone are complete that end there.
      if walk.time == Self.longestDraw { return }
      tally.stops += exp(walk.logStop().stop)
      guard let element else {
        tally.ends += 1
        return
      }
      tally.elements += 1
      walk.predict(into: &distribution)
      guard let transform = distribution.transformBySums(of: element, &stream) else {
        tally.isKnown = false
        return
      }
      for (component, u) in transform.enumerated() {
        tally.cells[component * cells + ProbabilityTransform.cell(u, of: cells)] += 1
      }
    }
    return tally
  }
}
