import Chainrule
import Foundation

/// A distribution of the length for people, for programs and as a picture.
struct LengthReport {
  /// The data's own lengths, and how the distribution fits them.
  struct DataLengths {
    let sequences: Int
    let moments: (mean: Double, variance: Double)
    let longest: Int
    /// How many have the length 0, 1, …
    let counts: [Int]
    /// Shares of lengths 0, 1, … of all sequences.
    let shares: [Double]
    let fit: LengthFit
    let abruptEnd: FinalElementLoss?
    let calibration: StopCalibration?
  }

  let law: LengthDistribution
  let name: String
  private let model: String
  /// P(n), P(τ > n) and P(τ = n | τ ≥ n) for as many n = 0, 1, … as are listed.
  let probabilities: [Double]
  let survival: [Double]
  let hazard: [Double?]
  /// The finite mass beyond `probabilities`.
  private let beyond: Double
  private let quantiles: [(q: Double, length: Int?)]
  private let sampled: (draws: Int, cut: Int, limit: Int)?
  /// Of a recurrent model that ends with probability one: P(stop) is at least that, always.
  private let leastStop: Double?
  let data: DataLengths?
  /// Whether the number of lengths was asked for.
  private let isAsked: Bool

  /// Rows of the table that are shown unasked.
  private static let mostRows = 40
  /// Lengths that are listed unasked.
  private static let mostListed = 10_000

  /// - Parameter longest: the last length that is shown; enough of them if `nil`.
  init<Model: FittedModel>(
    _ model: Model, _ law: LengthDistribution, _ set: Sequences<Model.Rows>?, longest: Int?, threads: Int
  ) {
    self.law = law
    self.model = model.specification.word
    name = model.specification.shortWord
    isAsked = longest != nil
    let wanted = longest ?? min(max(law.probabilities.count - 1, 0), Self.mostListed - 1)
    let last = min(wanted, law.lastKnown ?? wanted)
    probabilities = (0...last).map(law.probability)
    survival = Array(law.survival(upTo: last).dropFirst())
    hazard = law.hazard(upTo: last)
    beyond = max((survival.last ?? 0) - law.endless, 0)
    quantiles = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99].map { ($0, law.quantile($0)) }
    if case .draws(let draws, let cut, let limit) = law.source { sampled = (draws, cut, limit) } else { sampled = nil }
    leastStop = model.tightness?.leastStop
    data = set.map { set in
      let counts = set.lengthCounts
      return DataLengths(
        sequences: set.count, moments: set.lengthMoments, longest: set.longest, counts: counts,
        shares: counts.map { Double($0) / Double(max(set.count, 1)) }, fit: LengthFit(law, counts: counts),
        abruptEnd: FinalElementLoss(of: model, on: set, threads: threads),
        calibration: StopCalibration(of: model, on: set, threads: threads))
    }
  }

  private func standardError(_ length: Int) -> Double { law.standardError(length) ?? 0 }

  /// The mean cannot be larger: 1/ε − 1, where P(stop) is ε at least.
  private func largestMean(_ leastStop: Double) -> Double { 1 / leastStop - 1 }

  var json: JSONObject {
    let draws = sampled.map { sampled -> JSONObject in
      [
        "draws": sampled.draws, "cut": sampled.cut, "limit": sampled.limit,
        "standardErrors": probabilities.indices.map(standardError), "meanStandardError": law.meanStandardError,
      ]
    }
    return [
      "schema": "chainrule.lengths/1", "model": model, "listed": probabilities.count, "probabilities": probabilities,
      "survival": survival, "hazard": hazard, "beyond": beyond, "mean": law.mean, "variance": law.variance,
      // `null` where the quantile is no number.
      "quantiles": quantiles.map { ["q": $0.q, "length": .some($0.length)] as JSONObject }, "endless": law.endless,
      "total": law.total, "exact": law.isExact, "sampled": draws,
      "tight": leastStop.map { ["leastStop": $0, "largestMean": largestMean($0)] }, "data": data.map(json),
    ]
  }

  private func json(_ data: DataLengths) -> JSONObject {
    return [
      "sequences": data.sequences, "mean": data.moments.mean, "variance": data.moments.variance,
      "longest": data.longest,
      "probabilities": Array(data.shares.prefix(max(probabilities.count, Self.mostListed))), "fit": data.fit,
      "abruptEnd": data.abruptEnd, "calibration": data.calibration,
    ]
  }

  /// What a person should know beside the figures.
  var remarks: [String] {
    var remarks: [String] = []
    if !law.sumsToOne {
      remarks.append(
        "the model's probabilities do not sum to one, nor do those of its lengths: they sum to \(Numbers.significant(law.total)), and "
          + "p-values mean little (chainrule audit says more)")
    }
    if law.endless > 0, law.isExact {
      remarks.append(
        "of the mass \(Numbers.significant(law.endless)) is on sequences that never end; mean and variance are those of the others"
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
          + (leastStop == nil ? "leave them out" : "take them for shorter than they are"))
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
        var values = [probabilities[length], survival[length], hazard[length]]
        if sampled != nil { values.append(standardError(length)) }
        if data != nil { values += [observed.share(length), observed.survival(length), observed.hazard(length)] }
        return ["\(length)"] + values.map { $0.map { "\($0)" } ?? "" }
      }
  }

  var text: String {
    var columns: [(title: String, side: Table.Side)] = [("n", .right), ("P(n)", .right)]
    if sampled != nil { columns.append(("± s.e.", .right)) }
    columns += [("survival", .right), ("hazard", .right)]
    if data != nil { columns += [("data", .right), ("survival", .right), ("hazard", .right)] }
    var table = Table(columns)
    let observed = Observed(data)
    for length in rows {
      var row = [String(length), Numbers.significant(probabilities[length])]
      if sampled != nil { row.append(Numbers.significant(standardError(length))) }
      row += [Numbers.significant(survival[length]), hazard[length].map { Numbers.significant($0) } ?? "–"]
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
      lines.append("beyond \(shown - 1): \(Numbers.significant(max(survival[shown - 1] - law.endless, 0)))")
    }
    lines.append(
      "mean \(Numbers.significant(law.mean))\(error), variance \(Numbers.significant(law.variance)), endless \(Numbers.significant(law.endless)), "
        + (law.isExact ? "exact" : sampled.map { "by \(Numbers.count($0.draws)) samples" } ?? "not exact"))
    lines.append(
      "quantiles: "
        + quantiles.map { "\(Numbers.significant($0.q * 100)) % \($0.length.map { Numbers.count($0) } ?? never($0.q))" }
        .joined(separator: ", "))
    if let leastStop {
      lines.append(
        "it ends with probability one: after every past it stops with at least \(Numbers.significant(leastStop)) "
          + "(Du et al. 2023), so that its mean is at most \(Numbers.significant(largestMean(leastStop)))")
    }
    if let data { lines += dataLines(data) }
    return lines.joined(separator: "\n")
  }

  /// Of a quantile that is no number.
  private func never(_ q: Double) -> String {
    if let last = law.lastKnown { return "beyond \(Numbers.count(last))" }
    return q > 1 - law.endless ? "never" : "beyond 2^62"
  }

  private var error: String { law.meanStandardError.map { " ± \(Numbers.significant($0))" } ?? "" }

  private func dataLines(_ data: DataLengths) -> [String] {
    let fit = data.fit
    var lines = [
      "data: \(Numbers.count(data.sequences, "sequence")), mean \(Numbers.significant(data.moments.mean)), variance "
        + "\(Numbers.significant(data.moments.variance)), longest \(Numbers.count(data.longest))",
      "chi-square \(Numbers.decimal(fit.chiSquare, 2)) on \(Numbers.count(fit.degreesOfFreedom)) degrees of freedom, "
        + "\(Numbers.pClause(fit.pValue))",
    ]
    if let test = fit.kolmogorovSmirnov {
      lines.append("Kolmogorov–Smirnov distance \(Numbers.decimal(test.distance, 4)), \(Numbers.pClause(test.pValue))")
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
