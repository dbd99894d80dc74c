import Foundation
import ModelCore
import Probability
import Sequences
import Support

extension AuditSubject {
  /// Elements after which a draw is cut.
  static var longestDraw: Int { 256 }

  /// Draws against probabilities: of symbols by the counts of sequences, of vectors by their probability integral transform.
  func samplerFit() throws -> AuditLine {
    if let symbols = self as? AuditSubject<SequenceModel> { return try symbols.symbolFit() }
    if let vectors = self as? AuditSubject<VectorModel> { return try vectors.transformFit() }
    return AuditLine(.sampler, 1, .level, pValue: 1, "there is no test of draws of such elements")
  }
}

extension AuditSubject<SequenceModel> {
  private struct Cell: Hashable {
    var sequence: [Symbol]
    var isComplete: Bool
  }

  private static var mostCells: Int { 400 }
  /// Draws counted against probabilities by Pearson's chi-square: half of the draws say which sequences are cells, the
  /// other half is counted, and what is in no cell is one more. Where no sequence comes twice, cells are beginnings of
  /// three elements, two or one; with a length that is drawn first, given one such length.
  fileprivate func symbolFit() throws -> AuditLine {
    for limit in [Self.longestDraw, 3, 2, 1] {
      var sampling = sampling(limit: limit)
      if limit < Self.longestDraw, let law = model.lengthLaw(given: input) {
        guard let length = nonzeroLength(law) else { break }
        (sampling.length, sampling.isCutBelowLength) = (length, true)
      }
      let samples = try model.samples(
        options.samples, seed: seed("sampler"), sampling, threads: options.threads)
      if let line = fit(samples, givenLength: sampling.length, isLast: limit == 1) { return line }
    }
    return AuditLine(.sampler, 1, .level, pValue: 1, "p of \(options.samples / 2) draws: nothing could be counted")
  }

  /// A length of at least one element and no million, unless such hardly occur.
  private func nonzeroLength(_ law: any LengthLaw) -> Int? {
    var stream = stream("length")
    return (0..<1000).lazy.map { _ in law.sample(&stream) }.first { (1...1 << 20).contains($0) }
  }

  /// `nil` where the cells hold next to nothing.
  private func fit(_ samples: [Sample], givenLength length: Int?, isLast: Bool) -> AuditLine? {
    let cells = samples.map { Cell(sequence: $0.sequence, isComplete: $0.isComplete) }
    let counted = cells[(cells.count / 2)...]
    let all = Double(counted.count)
    let probabilities = Set(cells[..<(cells.count / 2)]).map { ($0, probability($0, length)) }
      .filter { $0.1 * all >= ChiSquare.least }
      .sorted { $0.1 == $1.1 ? $0.0.sequence.lexicographicallyPrecedes($1.0.sequence) : $0.1 > $1.1 }
      .prefix(Self.mostCells)
    let held = probabilities.reduce(0) { $0 + $1.1 }
    guard isLast || held > 0.05 && (probabilities.count > 1 || held > 0.999) else { return nil }
    var observed: [Cell: Int] = [:]
    for cell in counted { observed[cell, default: 0] += 1 }
    let counts = probabilities.map { Double(observed[$0.0] ?? 0) }
    // What is in no cell is the last one; where it is expected too seldom it is counted with the least of the others.
    let expected = probabilities.map { $0.1 * all } + [max(1 - held, 0) * all]
    let test = ChiSquare(counts + [all - counts.reduce(0, +)], expected: expected)
    let kind = length == nil ? "sequences" : "beginnings"
    var stream = stream("chi-square")
    guard let pValue = test.exactPValue(expected, count: Int(all), &stream) else {
      return AuditLine(.sampler, 1, .level, pValue: 1, "p of \(Int(all)) draws: there is but one cell")
    }
    return AuditLine(
      .sampler, pValue, .level, pValue: pValue,
      "p of chi-square \(String(format: "%.1f", test.statistic)) over \(test.degreesOfFreedom + 1) cells of \(kind), "
        + "\(Int(all)) draws")
  }

  /// P of a cell: of a sequence, or that it begins one which is longer.
  private func probability(_ cell: Cell, _ length: Int?) -> Double {
    let (sequence, x) = (cell.sequence, input)
    if let length { return exp(model.logLikelihood(ofPrefix: sequence, length: length, x)) }
    let whole = exp(-model.score(of: sequence, x: x).nats)
    if cell.isComplete { return whole }
    // Its τ is not known where it was drawn first.
    return model.prior == nil ? exp(model.logLikelihood(ofPrefix: sequence, length: 0, x)) - whole : 0
  }
}
