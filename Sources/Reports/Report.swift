import Experiments
import Foundation
import Inference
import Mustache
import Sequences

/// A comparison as one page for a browser, which needs no other file and no network.
///
///     let page = try Report(comparison, design, dataset, provenance: provenance).html()
///
/// Charts are SVG within the page; their colours follow the reader's theme. Symbols and names from the data are shown as
/// themselves, whatever they hold.
public struct Report<Rows: RowStorage>: Sendable {
  let comparison: Comparison
  let design: Design<Rows>
  let dataset: SequenceData<Rows>
  let published: [PublishedFigure]
  let protocolLine: String
  let provenance: Provenance

  /// - Parameters:
  ///   - comparison: rows whose trials hold what the page shows: samples, lengths, breakdowns, reliability, forecasts; what is missing
  ///     there is missing in the page.
  ///   - published: figures of others, which stand in the table.
  ///   - protocolLine: how the figures were made.
  public init(
    _ comparison: Comparison, _ design: Design<Rows>, _ dataset: SequenceData<Rows>,
    published: [PublishedFigure] = [], protocolLine: String = "", provenance: Provenance
  ) {
    (self.comparison, self.design, self.dataset) = (comparison, design, dataset)
    (self.published, self.protocolLine, self.provenance) = (published, protocolLine, provenance)
  }

  /// The page. O(training data + the page's length).
  /// - Throws: `MustacheTemplate.ParserError`, where the page's template is none.
  public func html() throws -> String {
    let context = ReportContext(self)
    var sections = [
      ModelSection.section(context), ParetoSection.section(context), CurveSections.learning(context),
      CurveSections.training(context), LengthSection.section(context), BreakdownSection.section(context),
      CalibrationSection.section(context), TransformSection.section(context),
    ].compactMap { $0 }
    if let symbols = context as? ReportContext<SymbolRows> {
      sections += [SampleSection.section(symbols), SequenceSection.section(symbols)].compactMap { $0 }
    }
    if let vectors = context as? ReportContext<VectorRows<Double>> {
      sections += [VectorSection.section(vectors), ForecastSection.section(vectors)].compactMap { $0 }
    }
    sections += [
      GraphSection.section(context), RepetitionSection.section(context), GlossarySection.section(context),
    ].compactMap { $0 }
    var number = 0
    for section in sections.indices {
      for group in sections[section].groups.indices {
        for figure in sections[section].groups[group].figures.indices {
          number += 1
          sections[section].groups[group].figures[figure].number = number
        }
      }
    }
    let page = Page(
      title: VisibleText.text(dataset.name), facts: RepetitionSection.facts(context),
      summary: Summary.sentences(context), sections: sections,
      version: provenance.version)
    return try HTMLTemplate.render(page)
  }
}

/// What the sections of a page share.
struct ReportContext<Rows: RowStorage> {
  let report: Report<Rows>
  let shown: ShownModels
  let precision: Precision
  /// Those of a test sequence, in the mean.
  let eventsPerSequence: Double

  var rows: [Comparison.Row] { report.comparison.rows }
  /// What the elements are; of symbols at least one.
  var elements: ElementKind {
    let kind = report.dataset.sequences.rows.kind
    if case .symbols(let size) = kind { return .symbols(max(size, 1)) }
    return kind
  }
  /// `nil` of symbols.
  var columns: Columns? { report.dataset.schema as? Columns }
  var isOfVectors: Bool { columns != nil }
  /// What figures are a part of: an event, or a step of vectors.
  var unit: String { isOfVectors ? "step" : "event" }
  /// One sequence is no sample to draw from again.
  var hasIntervals: Bool { report.design.testCount > 1 }
  /// The chosen model; none where even the best finds a test sequence impossible.
  var best: Int? { report.comparison.best.flatMap { rows[$0].test.nats.isFinite ? $0 : nil } }

  init(_ report: Report<Rows>) {
    self.report = report
    let test = report.comparison.rows.first?.test
    eventsPerSequence = test.map { Double($0.events) / Double(max($0.sequences, 1)) } ?? 1
    precision = Precision(report.comparison, eventsPerSequence: eventsPerSequence)
    shown = ShownModels(report.comparison)
  }

  /// Nats an event, or of vectors a step.
  func perUnit(_ nats: Double) -> String {
    Numbers.decimal(nats, isOfVectors ? max(precision.perEvent, 3) : precision.perEvent)
  }

  /// Nats an event with those of ends, as models are chosen by; of vectors all nats a step.
  func allPerUnit(_ figures: Figures) -> Double {
    isOfVectors ? figures.nats / Double(max(figures.symbols, 1)) : figures.natsPerEvent
  }

  /// The events, or steps, of a test sequence in the mean.
  var unitsPerSequence: Double {
    guard isOfVectors, let test = rows.first?.test else { return eventsPerSequence }
    return Double(max(test.symbols, 1)) / Double(max(test.sequences, 1))
  }

  /// The test sequences of all folds.
  var testLengths: [Int] {
    report.design.folds.flatMap { parts in (0..<parts.test.count).map { parts.test.length($0) } }
  }

  /// Some of the test sequences of all folds, evenly spaced, in their order.
  func testSequences(_ count: Int) -> [[Rows.Element]] {
    let all = report.design.testCount
    let wanted = min(count, all)
    var bounds = [0]
    for parts in report.design.folds { bounds.append((bounds.last ?? 0) + parts.test.count) }
    var fold = 0
    return (0..<wanted).map { number in
      let index = number * all / wanted
      while index >= bounds[fold + 1] { fold += 1 }
      return Array(report.design.folds[fold].test[index - bounds[fold]])
    }
  }
}

extension ReportContext<SymbolRows> {
  var alphabet: Alphabet { report.dataset.alphabet }
}
