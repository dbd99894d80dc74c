import Experiments
import Foundation
import Sequences

/// The table of models.
enum ModelSection {
  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    if context.rows.isEmpty { return nil }
    var section = Section(id: "models", title: "Models")
    section.models = table(context)
    section.notes =
      legend(context) + remarks(context.rows)
      + context.report.comparison.failures.map {
        "Not fitted: \(VisibleText.text($0.model)): \(VisibleText.text("\($0)"))"
      }
    return section
  }

  /// A column: a row's cell, and that of a published figure.
  private struct Column {
    let title: String
    let cell: (Int) -> (text: String, order: Double?)
    var published: (PublishedFigure) -> (text: String, order: Double?) = { _ in ("", nil) }
  }

  private static func table(_ context: ReportContext<some RowStorage>) -> ModelTable {
    let rows = context.rows
    let (precision, events) = (context.precision, context.eventsPerSequence)
    func perUnit(_ nats: Double) -> (String, Double?) { (context.perUnit(nats), nats) }
    func perplexity(_ value: Double) -> (String, Double?) { (Numbers.decimal(value, precision.perplexity), value) }
    var columns = [
      Column(title: "parameters") { (Numbers.count(rows[$0].free), rows[$0].free.log10) }
    ]
    if rows.contains(where: { $0.valid != nil }) {
      columns.append(Column(title: "valid") { rows[$0].valid.map { perUnit($0.natsPerUnit) } ?? ("–", nil) })
    }
    columns.append(
      Column(
        title: "test",
        cell: { index in
          let spread = rows[index].spread.map { " ± \(context.perUnit($0))" } ?? ""
          return (context.perUnit(rows[index].test.natsPerUnit) + spread, rows[index].test.natsPerUnit)
        },
        published: {
          (context.isOfVectors ? $0.natsPerSymbol : $0.natsPerEvent(events: events)).map(perUnit) ?? ("", nil)
        }))
    if context.report.comparison.truth != nil {
      columns.append(
        Column(title: "regret" + (context.hasIntervals ? " [95\u{A0}%\u{A0}CI]" : "")) { regret(rows[$0], context) })
    }
    if rows.count > 1 {
      columns.append(
        Column(title: "Δ nats/sequence" + (context.hasIntervals ? " [95\u{A0}%\u{A0}CI]" : "")) {
          difference($0, context)
        })
      if context.hasIntervals {
        columns.append(
          Column(title: "p") { index in
            guard context.best != nil, let p = rows[index].adjustedPValue else { return ("–", nil) }
            return (p < 0.001 ? "< 0.001" : Numbers.decimal(p, 3), p)
          })
      }
    }
    if context.isOfVectors {
      columns += [
        Column(title: "nats/component") { rows[$0].test.natsPerComponent.map(perUnit) ?? ("–", nil) },
        Column(title: "length, nats/sequence") { index in
          perUnit(rows[index].test.natsLength / Double(max(rows[index].test.sequences, 1)))
        },
      ]
    } else {
      columns.append(
        Column(
          title: "perplexity", cell: { perplexity(rows[$0].test.perplexity) },
          published: { $0.natsPerEvent(events: events).map { perplexity(exp($0)) } ?? ("", nil) }))
      if context.report.published.contains(where: { $0.natsPerSymbol != nil }) {
        columns.append(
          Column(
            title: "without ends", cell: { perUnit(log(rows[$0].test.perplexityWithoutEnd)) },
            published: { $0.natsPerSymbol.map(perUnit) ?? ("", nil) }))
      }
      columns.append(Column(title: "length's share") { share(rows[$0]) })
    }
    columns.append(Column(title: "stored") { (Numbers.count(rows[$0].stored), Double(rows[$0].stored)) })
    columns.append(Column(title: "fitted in") { (Numbers.seconds(rows[$0].fitSeconds), rows[$0].fitSeconds) })
    func cell(_ content: (text: String, order: Double?)) -> ModelTable.Cell {
      // JavaScript reads "Infinity", and sorts what is no number last.
      let order = content.order.flatMap { order in
        order.isFinite ? "\(order)" : order.isNaN ? nil : order > 0 ? "Infinity" : "-Infinity"
      }
      return ModelTable.Cell(text: content.text.replacing("-", with: "−"), order: order ?? "none")
    }
    return ModelTable(
      columns: [ModelTable.Column(title: "model", isNumber: false)]
        + columns.map { ModelTable.Column(title: $0.title, isNumber: true) },
      rows: rows.indices.map { index in
        ModelTable.Row(
          name: rows[index].specification.shortWord, badges: badges(index, context),
          isChosen: rows.count > 1 && index == context.best, cells: columns.map { cell($0.cell(index)) })
      }
        + context.report.published.map { figure in
          ModelTable.Row(
            name: VisibleText.text(figure.name), badges: ["published"], isChosen: false,
            cells: columns.map { cell($0.published(figure)) })
        })
  }

  private static func share(_ row: Comparison.Row) -> (String, Double?) {
    guard row.test.nats.isFinite, row.test.nats > 0 else { return ("–", nil) }
    let share = row.test.natsLength / row.test.nats
    return ("\(Int((100 * share).rounded())) %", share)
  }

  private static func regret(_ row: Comparison.Row, _ context: ReportContext<some RowStorage>) -> (String, Double?) {
    guard let regret = row.regret else { return ("–", nil) }
    let decimals = Numbers.decimals(for: (regret.high - regret.low) / 2)
    let interval =
      context.hasIntervals && regret.low.isFinite
      ? " [\(Numbers.decimal(regret.low, decimals)), \(Numbers.decimal(regret.high, decimals))]" : ""
    return (Numbers.decimal(regret.mean, decimals, signed: true) + interval, regret.mean)
  }

  private static func difference(_ index: Int, _ context: ReportContext<some RowStorage>) -> (String, Double?) {
    guard let best = context.best else { return ("–", nil) }
    if index == best { return ("–", 0) }
    let (difference, decimals) = (context.rows[index].difference, context.precision.perSequence)
    let interval =
      context.hasIntervals && difference.low.isFinite
      ? " [\(Numbers.decimal(difference.low, decimals)), \(Numbers.decimal(difference.high, decimals))]" : ""
    return (Numbers.decimal(difference.mean, decimals, signed: true) + interval, difference.mean)
  }

  private static func badges(_ index: Int, _ context: ReportContext<some RowStorage>) -> [String] {
    let comparison = context.report.comparison
    if comparison.rows.count == 1 { return [] }
    return [
      index == context.best ? "chosen" : nil, index == comparison.smallestAIC ? "AIC" : nil,
      index == comparison.smallestBIC ? "BIC" : nil, comparison.rows[index].isOnParetoFront ? "Pareto" : nil,
    ].compactMap { $0 }
  }

  private static func legend(_ context: ReportContext<some RowStorage>) -> [String] {
    let comparison = context.report.comparison
    let part = comparison.isChosenByTest ? "test" : "validation"
    var notes = [
      "parameters: free ones, before any data; stored: numbers kept in the fitted model (tables: only contexts seen in training).",
      (context.isOfVectors
        ? "valid, test: nats/step of the elements; nats/component: that divided by the number of components; length: "
          + "nats/sequence for where sequences end."
        : "valid, test: nats/event, an event being a symbol or an end; perplexity: exp of that; length's share: the part of the "
          + "test nats that goes to ends or lengths.")
        + (context.report.comparison.rows.contains { $0.spread != nil }
          ? " ±: standard deviation over \(context.report.design.seeds.count) seeds." : ""),
    ]
    if let truth = comparison.truth {
      notes.append(
        "regret: nats/event above the process that made the data, \(truth.specification.shortWord), whose test figure is "
          + "\(Numbers.decimal(truth.test.natsPerUnit, 4)).")
    }
    if comparison.rows.count > 1 {
      notes.append(
        "chosen: fewest nats on the \(part) data. AIC, BIC: smallest of these criteria on the training data. Pareto: no other "
          + "model has at most as many parameters and fewer nats on the \(part) data.")
      if context.best != nil {
        notes.append(
          "Δ: nats per sequence above the chosen model"
            + (context.hasIntervals
              ? ", paired bootstrap (BCa) over test sequences; p: paired permutation test, adjusted for the number of models "
                + "(Holm)." : "; one test sequence: no interval."))
      }
    }
    notes += context.report.published.map { figure in
      let words = [figure.source, figure.protocol].filter { !$0.isEmpty }.map(VisibleText.text)
      return "Published: \(VisibleText.text(figure.name)): \(figure.figure) \(figure.unit.rawValue)"
        + (words.isEmpty ? "." : "; " + words.joined(separator: "; ") + ".")
    }
    return notes
  }

  /// What there is to say of the fits: each remark once, behind the models that it concerns.
  private static func remarks(_ rows: [Comparison.Row]) -> [String] {
    var remarks: [(text: String, models: [String])] = []
    for row in rows {
      let impossible = row.test.impossible
      let own = impossible > 0 ? ["\(Numbers.count(impossible, "test sequence")) of probability 0"] : []
      for note in own + row.notes {
        let place = remarks.firstIndex { $0.text == note } ?? remarks.count
        if place == remarks.count { remarks.append((note, [])) }
        remarks[place].models.append(row.specification.shortWord)
      }
    }
    return remarks.map { remark in
      let shown = 4
      let more = remark.models.count - shown
      let models = remark.models.prefix(more > 1 ? shown : .max).joined(separator: ", ")
      return "\(models)\(more > 1 ? " and \(more) more" : ""): \(remark.text)"
    }
  }
}

/// The data's name without invisible characters.
enum VisibleName {
  static func of(_ dataset: SequenceData<some RowStorage>) -> String { VisibleText.text(dataset.name) }
}
