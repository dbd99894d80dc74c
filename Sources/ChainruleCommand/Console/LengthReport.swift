import Chainrule
import Foundation

/// A law of length for people, for machines and as a picture.
struct LengthReport: Encodable {
  struct Quantile: Encodable {
    var q: Double
    var length: Int?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(q, forKey: .q)
      try container.encode(length, forKey: .length)
    }

    private enum CodingKeys: String, CodingKey { case q, length }
  }

  /// The data's own lengths, and how the law fits them.
  struct DataLengths: Encodable {
    var sequences: Int
    var mean: Double
    var variance: Double
    var longest: Int
    /// Shares of lengths 0, 1, …, as many as are listed of the law or all.
    var probabilities: [Double]
    /// Of all lengths.
    fileprivate var shares: [Double]
    var fit: LengthFit
    var abruptEnd: FinalElementLoss?
    var calibration: StopCalibration?

    private enum CodingKeys: String, CodingKey {
      case sequences, mean, variance, longest, probabilities, fit, abruptEnd, calibration
    }
  }

  struct Draws: Encodable {
    var draws: Int
    var cut: Int
    var limit: Int
    /// Of P(0), P(1), …
    var standardErrors: [Double]
    var meanStandardError: Double?
  }

  /// Why a recurrent model ends with probability one.
  struct Tight: Encodable {
    /// P(stop) is at least that, always.
    var leastStop: Double
    /// 1/ε − 1.
    var largestMean: Double
  }

  var schema = "chainrule.lengths/1"
  var model: String
  /// How many lengths are listed: 0, 1, …
  var listed: Int
  var probabilities: [Double]
  /// P(τ > n) for n = 0, 1, …
  var survival: [Double]
  var hazard: [NullableNumber]
  /// The finite mass beyond `probabilities`.
  var beyond: Double
  var mean: Double
  var variance: Double
  var quantiles: [Quantile]
  var endless: Double
  /// Σ P(n) with the mass beyond and the endless one.
  var total: Double
  var exact: Bool
  var sampled: Draws?
  var tight: Tight?
  var data: DataLengths?

  let law: LengthDistribution
  let name: String
  /// Whether the number of lengths was asked for.
  private let isAsked: Bool

  private enum CodingKeys: String, CodingKey {
    case schema, model, listed, probabilities, survival, hazard, beyond, mean, variance, quantiles, endless, total,
      exact, sampled, tight, data
  }

  private static let quantiles = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
  /// Rows of the table that are shown unasked.
  private static let mostRows = 40
  /// Lengths that are listed unasked.
  private static let mostListed = 10_000

  /// - Parameter longest: the last length that is shown; enough of them if `nil`.
  init(
    _ model: SequenceModel, _ law: LengthDistribution, _ set: SequenceSet?, longest: Int?, threads: Int
  ) {
    self.law = law
    self.model = model.specification.word
    name = model.specification.shortWord
    isAsked = longest != nil
    let wanted = longest ?? min(max(law.probabilities.count - 1, 0), Self.mostListed - 1)
    let last = min(wanted, law.lastKnown ?? wanted)
    listed = last + 1
    probabilities = (0...last).map(law.probability)
    survival = Array(law.survival(upTo: last).dropFirst())
    hazard = law.hazard(upTo: last).map { NullableNumber(value: $0) }
    endless = law.endless
    total = law.total
    beyond = max((survival.last ?? 0) - endless, 0)
    mean = law.mean
    variance = law.variance
    quantiles = Self.quantiles.map { Quantile(q: $0, length: law.quantile($0)) }
    exact = law.isExact
    if case .draws(let draws, let cut, let limit) = law.source {
      sampled = Draws(
        draws: draws, cut: cut, limit: limit, standardErrors: (0...last).map { law.standardError($0) ?? 0 },
        meanStandardError: law.meanStandardError)
    }
    tight = model.tightness.map { Tight(leastStop: $0.leastStop, largestMean: 1 / $0.leastStop - 1) }
    data = set.map { set in
      let counts = set.lengthCounts
      let (mean, variance) = set.lengthMoments
      let shares = counts.map { Double($0) / Double(max(set.count, 1)) }
      return DataLengths(
        sequences: set.count, mean: mean, variance: variance, longest: set.longest,
        probabilities: Array(shares.prefix(max(last + 1, Self.mostListed))), shares: shares,
        fit: LengthFit(law, counts: counts),
        abruptEnd: FinalElementLoss(of: model, on: set, threads: threads),
        calibration: StopCalibration(of: model, on: set, threads: threads))
    }
  }

  /// What a person should know beside the figures.
  var remarks: [String] {
    var remarks: [String] = []
    if !law.sumsToOne {
      remarks.append(
        "the model's probabilities do not sum to one, nor do those of its lengths: they sum to \(Numbers.significant(total)), and "
          + "p-values mean little (chainrule audit says more)")
    }
    if endless > 0, exact {
      remarks.append(
        "of the mass \(Numbers.significant(endless)) is on sequences that never end; mean and variance are those of the others"
      )
    }
    if law.source == .brokenOff {
      remarks.append(
        "P(n) is exact up to n = \(Numbers.count(law.probabilities.count - 1)), where the computation was cut off: beyond it, and "
          + "in mean, variance and quantiles, the distribution is taken for geometric"
          + (isAsked ? " (a larger --lengths computes more)" : ""))
    }
    if let sampled, sampled.cut > 0 {
      remarks.append(
        "\(Numbers.count(sampled.cut)) of \(Numbers.count(sampled.draws)) samples were cut at \(Numbers.count(sampled.limit)) "
          + "elements; mean and variance "
          + (tight == nil ? "leave them out" : "take them for shorter than they are"))
    }
    return remarks
  }

  /// All lengths that are listed, for spreadsheets; an empty field where a hazard has no decisions.
  var table: [[String]] {
    let observed = Observed(data)
    let head =
      ["n", "probability", "survival", "hazard"] + (sampled == nil ? [] : ["standard_error"])
      + (data == nil ? [] : ["data_probability", "data_survival", "data_hazard"])
    return [head]
      + probabilities.indices.map { length in
        var values = [probabilities[length], survival[length], hazard[length].value]
        if let sampled { values.append(sampled.standardErrors[length]) }
        if data != nil { values += [observed.share(length), observed.survival(length), observed.hazard(length)] }
        return ["\(length)"] + values.map { $0.map { "\($0)" } ?? "" }
      }
  }

  func text(_ set: SequenceSet?) -> String {
    var columns: [(title: String, side: Table.Side)] = [("n", .right), ("P(n)", .right)]
    if sampled != nil { columns.append(("± s.e.", .right)) }
    columns += [("survival", .right), ("hazard", .right)]
    if data != nil { columns += [("data", .right), ("survival", .right), ("hazard", .right)] }
    var table = Table(columns)
    let observed = Observed(data)
    for length in rows {
      var row = [String(length), Numbers.significant(probabilities[length])]
      if let sampled { row.append(Numbers.significant(sampled.standardErrors[length])) }
      row += [Numbers.significant(survival[length]), hazard[length].value.map { Numbers.significant($0) } ?? "–"]
      if data != nil {
        row += [
          Numbers.significant(observed.share(length)), Numbers.significant(observed.survival(length)),
          observed.hazard(length).map { Numbers.significant($0) } ?? "–",
        ]
      }
      table.add(row)
    }
    var lines = ["Lengths of \(name)", table.text, ""]
    let shown = rows.upperBound
    if shown < probabilities.count || beyond > 1e-12 {
      lines.append("beyond \(shown - 1): \(Numbers.significant(max((survival[shown - 1]) - endless, 0)))")
    }
    lines.append(
      "mean \(Numbers.significant(mean))\(error), variance \(Numbers.significant(variance)), endless \(Numbers.significant(endless)), "
        + (exact ? "exact" : sampled.map { "by \(Numbers.count($0.draws)) samples" } ?? "not exact"))
    lines.append(
      "quantiles: "
        + quantiles.map { "\(Numbers.significant($0.q * 100)) % \($0.length.map { Numbers.count($0) } ?? never($0.q))" }
        .joined(separator: ", "))
    if let tight {
      lines.append(
        "it ends with probability one: after every past it stops with at least \(Numbers.significant(tight.leastStop)) "
          + "(Du et al. 2023), so that its mean is at most \(Numbers.significant(tight.largestMean))")
    }
    if let data { lines += dataLines(data) }
    return lines.joined(separator: "\n")
  }

  /// Of a quantile that is no number.
  private func never(_ q: Double) -> String {
    if let last = law.lastKnown { return "beyond \(Numbers.count(last))" }
    return q > 1 - endless ? "never" : "beyond 2^62"
  }

  private var error: String { sampled?.meanStandardError.map { " ± \(Numbers.significant($0))" } ?? "" }

  private func dataLines(_ data: DataLengths) -> [String] {
    let fit = data.fit
    var lines = [
      "data: \(Numbers.count(data.sequences, "sequence")), mean \(Numbers.significant(data.mean)), variance "
        + "\(Numbers.significant(data.variance)), longest \(Numbers.count(data.longest))",
      "chi-square \(Numbers.decimal(fit.chiSquare, 2)) on \(Numbers.count(fit.degreesOfFreedom)) degrees of freedom, "
        + "\(Numbers.pClause(fit.pValue))",
    ]
    if let test = fit.kolmogorovSmirnov {
      lines.append(
        "Kolmogorov–Smirnov distance \(Numbers.decimal(test.distance, 4)), \(Numbers.pClause(test.pValue))")
    }
    if fit.impossible > 0 {
      lines.append("\(Numbers.count(fit.impossible, "sequence")) of a length that has probability 0")
    }
    if let abruptEnd = data.abruptEnd {
      lines.append(
        "abrupt end: last elements \(Numbers.decimal(abruptEnd.last, 4)) nats, others "
          + "\(Numbers.decimal(abruptEnd.others, 4)), difference \(Numbers.decimal(abruptEnd.difference, 4, signed: true)) "
          + "± \(Numbers.decimal(abruptEnd.standardError, 4))")
    }
    if let calibration = data.calibration { lines += calibrationLines(calibration) }
    return lines
  }

  private func calibrationLines(_ calibration: StopCalibration) -> [String] {
    var table = Table([
      ("P(stop)", .right), ("decisions", .right), ("predicted", .right), ("stopped", .right), ("difference", .right),
    ])
    for group in calibration.groups {
      table.add([
        "\(Numbers.decimal(group.low, 4))–\(Numbers.decimal(group.high, 4))", Numbers.count(group.decisions),
        Numbers.decimal(group.predicted, 4), Numbers.decimal(group.actual, 4),
        Numbers.decimal(group.actual - group.predicted, 4, signed: true),
      ])
    }
    return [
      "", "Decisions to stop, in groups of rising probability", table.text,
      "stops predicted along the data \(Numbers.decimal(calibration.predictedStops, 1)), stops there "
        + "\(Numbers.count(calibration.stops)), ratio "
        + Numbers.decimal(calibration.predictedStops / Double(max(calibration.stops, 1)), 3),
      "mean absolute difference \(Numbers.decimal(calibration.error, 4)); chi-square "
        + "\(Numbers.decimal(calibration.chiSquare, 2)) on \(calibration.groups.count) degrees of freedom, "
        + "\(Numbers.pClause(calibration.pValue))",
    ]
  }

  /// The lengths whose rows are shown.
  private var rows: Range<Int> { 0..<(isAsked ? probabilities.count : min(probabilities.count, Self.mostRows)) }

  /// The data's shares.
  private struct Observed {
    private let shares: [Double]
    /// P(length ≥ n).
    private let atLeast: [Double]

    init(_ data: DataLengths?) {
      shares = data?.shares ?? []
      var sums = [Double](repeating: 0, count: shares.count + 1)
      for length in shares.indices.reversed() { sums[length] = sums[length + 1] + shares[length] }
      atLeast = sums
    }

    func share(_ length: Int) -> Double { length < shares.count ? shares[length] : 0 }
    func survival(_ length: Int) -> Double { length + 1 < atLeast.count ? atLeast[length + 1] : 0 }
    func hazard(_ length: Int) -> Double? {
      length < shares.count && atLeast[length] > 0 ? shares[length] / atLeast[length] : nil
    }
  }
}
