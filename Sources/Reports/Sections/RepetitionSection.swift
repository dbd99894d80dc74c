import Sequences

/// What is needed to make the figures again.
enum RepetitionSection {
  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let (report, provenance) = (context.report, context.report.provenance)
    let design = report.design
    var section = Section(id: "repeat", title: "How to repeat it")
    if !report.protocolLine.isEmpty { section.lead = [report.protocolLine] }
    var terms = [
      Term(name: "Program", meaning: "Chainrule \(provenance.version)"),
      Term(name: "Seed", meaning: "\(provenance.seed)"),
    ]
    terms.append(Term(name: "Data", meaning: "\(VisibleName.of(report.dataset)): \(data(report))"))
    terms.append(
      Term(
        name: "Design",
        meaning: "\(Numbers.count(design.folds.count, "fold")), \(Numbers.count(design.seeds.count, "seed"))"
          + (design.fractions.count > 1 ? ", \(design.fractions.count) sizes of the training part" : "")))
    if let alphabet = report.dataset.schema as? Alphabet {
      terms.append(
        Term(
          name: "Alphabet",
          meaning: "\(Numbers.count(alphabet.size, "symbol")) (\(alphabet.kind.rawValue)): \(list(alphabet.symbols))"))
    }
    if let columns = context.columns {
      terms.append(
        Term(
          name: "Components",
          meaning: "\(Numbers.count(columns.width)) (\(columns.values.name)): \(list(columns.names))"))
    }
    if design.duplicates > 0 {
      terms.append(
        Term(
          name: "Duplicates",
          meaning:
            "\(Numbers.count(design.duplicates)) of \(Numbers.count(design.testCount, "test sequence")) also occur in the "
            + "training data"))
    }
    terms.append(Term(name: "Machine", meaning: VisibleText.text(provenance.machine)))
    section.terms = terms
    if !provenance.files.isEmpty {
      section.files = DataTable(
        head: ["file", "bytes", "SHA-256"],
        rows: provenance.files.map { file in
          [VisibleText.text(file.path), file.bytes.map { Numbers.count($0) } ?? "–", file.sha256 ?? "–"]
        })
    }
    section.code = [Code(title: "Command", text: Markup.verbatim(provenance.shellLine))]
    section.code.append(
      Code(title: "Models in full", text: context.rows.map(\.specification.word).joined(separator: "\n")))
    if let experiment = provenance.experiment {
      section.code.append(
        Code(
          title: "Experiment \(VisibleText.text(experiment.name)), SHA-256 \(experiment.sha256)",
          text: Markup.verbatim(experiment.text)))
    }
    return section
  }

  /// What the data are, in a line.
  static func facts(_ context: ReportContext<some RowStorage>) -> String {
    let schema = context.report.dataset.schema
    let elements =
      (schema as? Alphabet).map { "\(Numbers.count($0.size, "symbol")) in the alphabet" }
      ?? context.columns.map { "\(Numbers.count($0.width, "component")), \($0.values.name)" } ?? ""
    return "\(data(context.report)); \(elements)"
  }

  private static func data<Rows: RowStorage>(_ report: Report<Rows>) -> String {
    func size(_ set: Sequences<Rows>) -> String {
      let thing = report.dataset.schema is Columns ? "step" : "symbol"
      return "\(Numbers.count(set.count, "sequence")) (\(Numbers.count(set.elementCount, thing)))"
    }
    let parts = report.design.folds[0]
    if report.design.folds.count > 1 {
      return "\(size(report.dataset.weightedSequences)) in \(report.design.folds.count) folds"
    }
    return "\(size(parts.train)) to train, " + (parts.valid.map { "\(size($0)) to validate, " } ?? "")
      + "\(size(parts.test)) to test"
  }

  /// The first symbols, or names of components.
  private static func list(_ names: [String]) -> String {
    let most = 60
    return names.prefix(most).map { symbol in
      let text = VisibleText.symbol(symbol)
      return text.count > 30 ? text.prefix(29) + "…" : text
    }.joined(separator: " ") + (names.count > most ? " …" : "")
  }
}
