import Chainrule
import Foundation
import Reports

/// The table of `compare`.
struct ComparisonTable {
  let text: String

  init<Rows: RowStorage>(_ report: ComparisonReport<Rows>) {
    let (comparison, design, published) = (report.comparison, report.design, report.published)
    var lines = Self.head(report) + [""]

    let events = report.eventsPerSequence
    let precision = Precision(comparison, eventsPerSequence: events)
    let hasValid = comparison.rows.contains { $0.valid != nil }
    let hasTests = comparison.rows.contains { $0.adjustedPValue != nil } && report.hasIntervals
    // Where even the best finds a test sequence impossible, none is better than another.
    let best = comparison.best.flatMap { comparison.rows[$0].test.nats.isFinite ? $0 : nil }
    let digits = report.alphabet == nil ? max(precision.perEvent, 3) : precision.perEvent
    func perEvent(_ nats: Double) -> String { Numbers.decimal(nats, digits) }
    func perplexity(_ perplexity: Double) -> String { Numbers.decimal(perplexity, precision.perplexity) }
    func difference(_ row: Comparison.Row) -> String {
      Self.interval(row.difference, precision.perSequence, report.hasIntervals)
    }
    func test(_ row: Comparison.Row) -> String {
      perEvent(row.test.natsPerUnit) + (row.spread.map { " ± \(perEvent($0))" } ?? "")
    }
    func share(_ row: Comparison.Row) -> String {
      row.test.nats.isFinite && row.test.nats > 0
        ? "\(Int((100 * row.test.natsLength / row.test.nats).rounded())) %" : "–"
    }
    var columns: [Column] = [
      Column("", .left, { Self.marks($0, comparison, best) }, { _ in "°" }, { _ in "=" }),
      Column(
        "model", .left, { comparison.rows[$0].specification.shortWord }, { $0.name }, { $0.specification.shortWord }),
      Column("parameters", .right, { Numbers.count(comparison.rows[$0].free) }),
      Column("stored", .right, { Numbers.count(comparison.rows[$0].stored) }),
    ]
    if hasValid {
      columns.append(Column("valid", .right, { comparison.rows[$0].valid.map { perEvent($0.natsPerUnit) } ?? "–" }))
    }
    let isOfVectors = report.alphabet == nil
    columns.append(
      Column(
        "test", .right, { test(comparison.rows[$0]) },
        { (isOfVectors ? $0.natsPerSymbol : $0.natsPerEvent(events: events)).map(perEvent) ?? "" },
        { perEvent($0.test.natsPerUnit) }))
    if comparison.truth != nil {
      // Each with its own decimals: regrets differ by orders of magnitude.
      func regret(_ regret: BootstrapInterval) -> String {
        Self.interval(regret, Numbers.decimals(for: (regret.high - regret.low) / 2), report.hasIntervals)
      }
      columns.append(
        Column(
          "regret" + (report.hasIntervals ? " [95 % CI]" : ""), .right,
          { comparison.rows[$0].regret.map(regret) ?? "–" }, { _ in "" }, { _ in "0" }))
    }
    if isOfVectors {
      if report.skipsFirst {
        columns.append(
          Column("without first step", .right, { comparison.rows[$0].test.natsPerLaterStep.map(perEvent) ?? "–" }))
      }
      columns += [
        Column("nats/component", .right, { comparison.rows[$0].test.natsPerComponent.map(perEvent) ?? "–" }),
        Column(
          "length, nats/sequence", .right,
          { perEvent(comparison.rows[$0].test.natsLength / Double(max(comparison.rows[$0].test.sequences, 1))) }),
      ]
    } else {
      columns += [
        Column("length's share", .right, { share(comparison.rows[$0]) }),
        Column(
          "perplexity", .right, { perplexity(comparison.rows[$0].test.perplexity) },
          { $0.natsPerEvent(events: events).map { perplexity(exp($0)) } ?? "" }, { perplexity($0.test.perplexity) }),
      ]
    }
    columns += [
      Column(
        "Δ nats/sequence" + (report.hasIntervals ? " [95 % CI]" : ""), .right,
        { best == nil || $0 == best ? "–" : difference(comparison.rows[$0]) })
    ]
    if !isOfVectors, published.contains(where: { $0.natsPerSymbol != nil }) {
      columns.insert(
        Column(
          "without ends", .right, { perEvent(log(comparison.rows[$0].test.perplexityWithoutEnd)) },
          { $0.natsPerSymbol.map(perEvent) ?? "" }), at: columns.count - 3)
    }
    if hasTests {
      columns.append(
        Column("p", .right, { best == nil || $0 == best ? "–" : Self.pValue(comparison.rows[$0].adjustedPValue) }))
    }
    columns.append(Column("fitted in", .right, { Numbers.seconds(comparison.rows[$0].fitSeconds) }))
    var table = Table(
      columns.map { ($0.title, $0.side) },
      // The validation figures, by which * is chosen, stay.
      droppable: [
        "fitted in", "stored", "perplexity", "length's share", "nats/component", "length, nats/sequence", "p",
      ],
      lastDroppable: ["parameters"])
    for index in comparison.rows.indices { table.add(columns.map { $0.cell(index) }) }
    if let truth = comparison.truth { table.add(columns.map { $0.truth(truth) }) }
    for figure in published { table.add(columns.map { $0.published(figure) }) }
    lines.append(table.text)
    lines.append("")
    lines += Self.legend(report, hasBest: best != nil, hasValid: hasValid, hasTests: hasTests)
    lines += Self.unknown(comparison.rows)
    if design.folds.count == 1 {
      lines += Self.advice(comparison, design.folds[0], areDefaults: report.areDefaults)
    }
    lines += report.leftOut.map { "Not run, but with --model: \($0)." }
    lines += Self.notes(comparison.rows)
    lines += Self.draws(report)
    text = lines.joined(separator: "\n")
  }

  /// A mean difference with its interval.
  private static func interval(_ difference: BootstrapInterval, _ decimals: Int, _ hasInterval: Bool) -> String {
    let (low, high) = (difference.low, difference.high)
    let interval =
      hasInterval && low.isFinite
      ? " [\(Numbers.decimal(low, decimals)), \(Numbers.decimal(high, decimals))]" : ""
    return Numbers.decimal(difference.mean, decimals, signed: true) + interval
  }

  /// A column: the cell of a row by its number, that of a published figure, and that of the process that made the data.
  private struct Column {
    let title: String
    let side: Table.Side
    let cell: (Int) -> String
    let published: (PublishedFigure) -> String
    let truth: (Truth) -> String

    init(
      _ title: String, _ side: Table.Side, _ cell: @escaping (Int) -> String,
      _ published: @escaping (PublishedFigure) -> String = { _ in "" },
      _ truth: @escaping (Truth) -> String = { _ in "" }
    ) {
      (self.title, self.side, self.cell, self.published, self.truth) = (title, side, cell, published, truth)
    }
  }

  /// What the data are, and what there is to say of their parts.
  private static func head<Rows: RowStorage>(_ report: ComparisonReport<Rows>) -> [String] {
    let (design, rows) = (report.design, report.comparison.rows)
    let parts = design.folds[0]
    let isFolded = design.folds.count > 1
    let symbols =
      report.alphabet.map { "\(Numbers.count($0.size, "symbol")) in the alphabet" } ?? columns(report.dataset)
    var lines: [String] = []
    if isFolded {
      let all = report.dataset.weightedSequences
      lines.append("\(report.dataset.name): \(size(all)) in \(design.folds.count) folds; \(symbols)")
    } else {
      lines.append(
        "\(report.dataset.name): \(size(parts.train)) to train, "
          + (parts.valid.map { "\(size($0)) to validate, " } ?? "") + "\(size(parts.test)) to test; \(symbols)")
    }
    var remarks: [String] = []
    if report.isSplit { remarks.append("split with seed \(report.seed)") }
    if parts.valid == nil, rows.contains(where: { $0.valid != nil }) {
      remarks.append("validated on a twentieth of the training data, held out (seed \(report.seed))")
    }
    let onlyHeldOut = report.symbolsOnlyHeldOut
    if report.isSplit, let onlyHeldOut, onlyHeldOut > 0 {
      remarks.append(
        "\(Numbers.count(onlyHeldOut, "symbol")) \(onlyHeldOut == 1 ? "does" : "do") not occur in the training part "
          + "(--unknown tests them as unseen)")
    }
    let (duplicates, near) = (design.duplicates, design.nearDuplicates ?? 0)
    if duplicates > 0 || near > 0 {
      let tested = Numbers.count(design.testCount, "test sequence")
      let one =
        near > 0 ? "\(Numbers.count(near)) \(near == 1 ? "is" : "are") one edit away from a training sequence" : nil
      let same =
        duplicates > 0
        ? "\(Numbers.count(duplicates)) of \(tested) also \(duplicates == 1 ? "occurs" : "occur") in the training data"
        : nil
      remarks.append(
        [same, same == nil ? one.map { "of \(tested) \($0)" } : one].compactMap { $0 }.joined(separator: ", "))
    }
    if !remarks.isEmpty { lines.append(remarks.joined(separator: "; ")) }
    return lines
  }

  /// A p-value from 10,000 permutations.
  private static func pValue(_ p: Double?) -> String {
    p.map { $0 < 0.001 ? "< 0.001" : Numbers.decimal($0, 3) } ?? "–"
  }

  /// A row as it is shown as soon as it is done.
  /// - Parameter width: the characters of the longest name.
  static func line(_ row: Comparison.Row, width: Int) -> String {
    row.specification.shortWord.padded(width)
      + (row.valid.map { "  valid \(Numbers.decimal($0.natsPerUnit, 4).padded(7))" } ?? "")
      + "  test \(Numbers.decimal(row.test.natsPerUnit, 4)) nats/\(row.test.width == nil ? "event" : "step")  "
      + Numbers.seconds(row.fitSeconds)
  }

  private static func marks(_ index: Int, _ comparison: Comparison, _ best: Int?) -> String {
    if comparison.rows.count == 1 { return "" }
    return (index == best ? "*" : "") + (index == comparison.smallestAIC ? "A" : "")
      + (index == comparison.smallestBIC ? "B" : "") + (comparison.rows[index].isOnParetoFront ? "P" : "")
  }

  private static func legend<Rows: RowStorage>(
    _ report: ComparisonReport<Rows>, hasBest: Bool, hasValid: Bool, hasTests: Bool
  ) -> [String] {
    let comparison = report.comparison
    let part = comparison.isChosenByTest ? "test" : "validation"
    var lines: [String] = []
    if comparison.rows.count > 1 {
      if hasBest {
        lines.append(
          comparison.isChosenByTest
            ? "* fewest nats on the test data: chosen on the test data (no validation data), so its test figures are optimistic."
            : "* the model to choose: fewest nats on the validation data. The test data played no part in the choice.")
      }
      lines.append(
        "A, B smallest AIC, BIC: 2 nats + 2k, 2 nats + k ln(events) of the training data; k: free parameters (tables: only "
          + "contexts seen in training).")
      lines.append("P Pareto front: no other model has at most as many parameters and fewer nats on the \(part) data.")
    }
    if comparison.truth != nil {
      lines.append(
        "= the process that made the data (--truth); regret: nats/event above it on the test data"
          + (report.hasIntervals ? ", paired bootstrap (BCa) over test sequences." : "."))
      for row in comparison.rows where report.hasIntervals && (row.regret?.high ?? 0) < 0 {
        lines.append(
          "\(row.specification.shortWord) predicts the test data better than that process: it can hardly have made them."
        )
      }
    }
    lines += report.published.map {
      "° published: \($0.name): \($0.figure) \($0.unit.rawValue); \($0.source)\($0.protocol.isEmpty ? "" : "; \($0.protocol)")."
    }
    lines.append(
      "parameters: free ones, before any data; stored: numbers kept in the fitted model (tables: only contexts seen in training)."
    )
    let isOfVectors = report.alphabet == nil
    if !isOfVectors, report.published.contains(where: { $0.natsPerSymbol != nil }) {
      lines.append("without ends: nats/symbol of the test data, ends neither predicted nor counted.")
    }
    let spread = comparison.rows.contains { $0.spread != nil }
    let units =
      isOfVectors
      ? ": nats/step of the elements; nats/component: that divided by the number of components"
        + (report.skipsFirst ? "; without first step: the first step of each sequence is not scored" : "")
        + "; length: nats/sequence for where sequences end."
      : ": nats/event, an event being a symbol or an end; perplexity: exp of that."
    lines.append(
      (hasValid ? "valid, test" : "test") + units
        + (spread ? " ±: standard deviation over \(report.design.seeds.count) seeds." : "")
        + (comparison.rows.count > 1 && hasBest
          ? " Δ: nats per sequence above the model marked *"
            + (report.hasIntervals
              ? ", paired bootstrap (BCa) over test sequences" : "; one test sequence: no interval")
            + (hasTests ? "; p: paired permutation test, adjusted for the number of models (Holm)." : ".")
          : ""))
    if comparison.rows.contains(where: { $0.specification.nGramOrder != nil }) {
      lines.append("markov:k sees the last k symbols: an n-gram model of order k + 1.")
    }
    lines.append(report.protocolLine)
    return lines
  }

  /// What to try next.
  private static func advice(_ comparison: Comparison, _ parts: Parts<some RowStorage>, areDefaults: Bool) -> [String] {
    var lines: [String] = []
    if let highest = comparison.bestIsHighestOrder {
      let word = comparison.rows[highest].specification.shortWord
      lines.append(
        "\(word) is the best Markov model and the highest order here: higher ones may be better"
          + (areDefaults ? "." : " (without --model, orders rise until the validation data are predicted worse)."))
    }
    if let lengths = LengthCost(comparison, parts) {
      let word = comparison.rows[lengths.row].specification.shortWord
      lines.append(
        "\(Self.spread(lengths)): \(word) spends "
          + "\(Numbers.decimal(lengths.spent, 2)) nats/sequence on them, /tau, which draws the length first, "
          + "\(Numbers.decimal(lengths.needed, 2)).")
    }
    return lines
  }

  /// How little lengths vary.
  private static func spread(_ lengths: LengthCost) -> String {
    let (low, high) = (lengths.range.lowerBound, lengths.range.upperBound)
    if lengths.isConstant { return "All training sequences have length \(low)" }
    return "Lengths vary little (90 % are \(low == high ? "\(low)" : "from \(low) to \(high)"))"
  }

  /// How many unknown symbols the test set has, and what the models make of all else.
  private static func unknown(_ rows: [Comparison.Row]) -> [String] {
    guard let first = rows.first?.test.unknown else { return [] }
    let rate = FiguresLine.percent(first.rate)
    let head = "\(Numbers.count(first.symbols, "unknown symbol")) in the test set (\(rate))"
    if first.symbols == 0 { return [head + "."] }
    let perplexities = rows.compactMap { row in
      row.test.unknown?.perplexityWithout.map { "\(row.specification.shortWord) \(Numbers.decimal($0, 3))" }
    }
    return ["\(head); perplexity without them: \(perplexities.joined(separator: ", "))."]
  }

  /// What there is to say of the rows: each note once, before the models that it concerns.
  private static func notes(_ rows: [Comparison.Row]) -> [String] {
    var notes: [(text: String, models: [String])] = []
    for row in rows {
      let impossible = row.test.impossible
      let own = impossible > 0 ? ["\(Numbers.count(impossible, "test sequence")) of probability 0"] : []
      for note in own + row.notes {
        let place = notes.firstIndex { $0.text == note } ?? notes.count
        if place == notes.count { notes.append((note, [])) }
        notes[place].models.append(row.specification.shortWord)
      }
    }
    return notes.map { note in
      let shown = 4
      let more = note.models.count - shown
      let models = note.models.prefix(more > 1 ? shown : .max).joined(separator: ", ")
      return "\(note.text): \(models)\(more > 1 ? " and \(more) more" : "")"
    }
  }

  /// The draws from each model, a line a model.
  private static func draws<Rows: RowStorage>(_ report: ComparisonReport<Rows>) -> [String] {
    let rows = report.comparison.rows
    if let columns = (report.dataset as? VectorDataset)?.columns, report.shownSamples > 0 {
      return ShownVectors.lines(rows, columns, count: report.shownSamples, seed: report.seed)
    }
    guard let first = rows.first, let alphabet = report.alphabet, !first.samples.isEmpty, report.shownSamples > 0 else {
      return []
    }
    let width = rows.map { $0.specification.shortWord.count }.max() ?? 0
    let longest = 24
    let lines = rows.map { row in
      let draws = row.samples.prefix(report.shownSamples).map { sample in
        let text = alphabet.visibleText(of: sample)
        return text.isEmpty ? "(empty)" : text.count > longest ? text.prefix(longest - 1) + "…" : text
      }
      return row.specification.shortWord.padded(width) + "  " + draws.joined(separator: "  ")
    }
    return ["", "Samples from each, seed \(report.seed):"] + lines
  }

  private static func size(_ set: Sequences<some RowStorage>) -> String {
    if case .vectors = set.rows.kind {
      return "\(Numbers.count(set.count, "sequence")) (\(Numbers.count(set.elementCount, "step")))"
    }
    return "\(Numbers.count(set.count, "sequence")) (\(Numbers.count(set.elementCount, "symbol")))"
  }

  /// What the vectors of a data set are.
  private static func columns(_ dataset: SequenceData<some RowStorage>) -> String {
    guard let columns = (dataset as? VectorDataset)?.columns else { return "" }
    return "\(Numbers.count(columns.width, "component")), \(columns.values.name)"
  }
}
