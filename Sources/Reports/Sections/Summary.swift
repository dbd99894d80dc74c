import Experiments
import Sequences

/// What came out, in two or three sentences.
enum Summary {
  static func sentences(_ context: ReportContext<some RowStorage>) -> [String] {
    let (report, rows) = (context.report, context.rows)
    let data = context.report.design
    let test =
      Numbers.count(data.testCount, "test sequence") + (data.folds.count > 1 ? " of \(data.folds.count) folds" : "")
    guard let chosen = report.comparison.best ?? rows.indices.first else { return ["No model was fitted."] }
    let name = rows[chosen].specification.shortWord
    guard context.best != nil else {
      let impossible = rows.count { !$0.test.nats.isFinite }
      return [
        rows.count == 1
          ? "\(name) gives probability 0 to some of the \(test)."
          : impossible == rows.count
            ? "Each of the \(Numbers.count(rows.count, "model")) gives probability 0 to some of the \(test)."
            : "\(Numbers.count(impossible)) of the \(Numbers.count(rows.count, "model")) give probability 0 to some of the \(test)."
      ]
    }
    let figures = "\(figure(rows[chosen], context)) on \(test)"
    if rows.count == 1 { return ["\(name) predicts \(VisibleName.of(report.dataset)) with \(figures)."] }
    let chooser = report.comparison.isChosenByTest ? "test" : "validation"
    var sentences = [
      "Of \(Numbers.count(rows.count)) models, \(name) predicts the \(chooser) data best: \(figures)."
    ]
    func nats(_ row: Int) -> Double { (rows[row].valid ?? rows[row].test).nats }
    if let next = rows.indices.filter({ $0 != chosen }).min(by: { nats($0) < nats($1) }) {
      sentences.append(difference(rows[next], context))
    }
    if report.comparison.isChosenByTest {
      sentences.append("There were no validation data to choose by, so that its own figures flatter it.")
    }
    return sentences
  }

  private static func figure(_ row: Comparison.Row, _ context: ReportContext<some RowStorage>) -> String {
    let nats = "\(context.perUnit(row.test.natsPerUnit)) nats/\(context.unit)"
    if let perComponent = row.test.natsPerComponent {
      return row.test.width == 1 ? nats : "\(nats) (\(context.perUnit(perComponent)) a component)"
    }
    return "\(nats) (perplexity \(Numbers.decimal(row.test.perplexity, context.precision.perplexity)))"
  }

  /// The next best model against the chosen one.
  private static func difference(_ row: Comparison.Row, _ context: ReportContext<some RowStorage>) -> String {
    let name = row.specification.shortWord
    let (difference, decimals) = (row.difference, context.precision.perSequence)
    guard difference.mean.isFinite else { return "The next best, \(name), gives probability 0 to some test sequences." }
    let amount = Numbers.decimal(abs(difference.mean), decimals)
    let much = "\(amount) nats/sequence \(difference.mean < 0 ? "fewer" : "more")"
    guard context.hasIntervals, difference.low.isFinite, difference.high.isFinite else {
      return "The next best, \(name), needs \(much)."
    }
    let plain =
      "95\u{A0}% interval of the difference \(Numbers.decimal(difference.low, decimals, signed: true)) to "
      + Numbers.decimal(difference.high, decimals, signed: true)
    let interval = plain.replacing("-", with: "−")
    if difference.low <= 0, difference.high >= 0 {
      return "The test data do not tell it from the next best, \(name): \(much) (\(interval))."
    }
    return "The next best, \(name), needs \(much) (\(interval))."
  }
}
