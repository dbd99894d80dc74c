import Chainrule
import Foundation

/// What models make of lengths.
enum LengthStudyReport {
  static func json(_ study: LengthSummary) -> JSONObject {
    [
      "mean": study.mean, "variance": study.variance, "endless": study.endless, "exact": study.isExact,
      "fit": study.fit, "abruptEnd": study.abruptEnd, "calibration": study.calibration,
      "symbolsPerSecond": study.symbolsPerSecond,
    ]
  }

  /// A row a model.
  static func text(_ comparison: Comparison, _ test: Sequences<some RowStorage>) -> String {
    var table = Table(
      [
        ("model", .left), ("nats/sequence", .right), ("elements", .right), ("length", .right), ("mean", .right),
        ("s.d.", .right), ("endless", .right), ("chi-square", .right), ("d.f.", .right), ("p", .right),
        ("abrupt end", .right), ("symbols/s", .right),
      ], droppable: ["symbols/s", "abrupt end", "d.f.", "s.d.", "endless"])
    for row in comparison.rows {
      let count = Double(max(row.test.sequences, 1))
      guard let study = row.lengths else { continue }
      table.add([
        row.specification.shortWord, Numbers.decimal(row.test.natsPerSequence, 3),
        Numbers.decimal(row.test.natsElements / count, 3), Numbers.decimal(row.test.natsLength / count, 3),
        (study.isExact ? "" : "≈ ") + Numbers.significant(study.mean),
        Numbers.significant(study.variance.squareRoot()),
        Numbers.significant(study.endless), Numbers.decimal(study.fit.chiSquare, 1),
        Numbers.count(study.fit.degreesOfFreedom), Numbers.pValue(study.fit.pValue),
        study.abruptEnd.map { Numbers.decimal($0.difference, 3, signed: true) } ?? "–",
        String(format: "%.2g M", study.symbolsPerSecond / 1e6),
      ])
    }
    let (mean, variance) = test.lengthMoments
    return """
      \(table.text)

      The test set's lengths have mean \(Numbers.significant(mean)) and s.d. \(Numbers.significant(variance.squareRoot())); \
      p is that of their chi-square against the distribution.
      Abrupt end: nats of a sequence's last element less those of its others, given that there is one more.
      """
  }
}
