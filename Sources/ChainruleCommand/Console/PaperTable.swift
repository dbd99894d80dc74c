import Chainrule
import Foundation

/// The table of a comparison for a text: in Markdown, or in LaTeX with booktabs.
struct PaperTable {
  private let head: [String]
  private let rows: [[String]]
  /// The row of the chosen model.
  private let best: Int?
  private let note: String

  init(_ report: ComparisonReport<some RowStorage>) {
    let comparison = report.comparison
    let hasSpread = comparison.rows.contains { $0.spread != nil }
    // Figures that leave ends out have a column of their own.
    let isOfVectors = report.alphabet == nil
    let leavesEndsOut = !isOfVectors && report.published.contains { $0.natsPerSymbol != nil }
    head =
      ["model", "parameters", isOfVectors ? "nats/step" : "nats/event"] + (hasSpread ? ["± s.d."] : [])
      + (leavesEndsOut ? ["nats/symbol, without ends"] : [])
      + [isOfVectors ? "nats/component" : "perplexity", "Δ nats/sequence", "95 % CI", "p"]
    best = comparison.best
    let own = comparison.rows.enumerated().map { index, row -> [String] in
      let isBest = index == comparison.best
      let interval = report.hasIntervals && !isBest && row.difference.low.isFinite
      var cells = [row.specification.shortWord, Numbers.count(row.free), Numbers.decimal(row.test.natsPerUnit, 4)]
      if hasSpread { cells.append(row.spread.map { Numbers.decimal($0, 4) } ?? "") }
      if leavesEndsOut { cells.append(Numbers.decimal(log(row.test.perplexityWithoutEnd), 4)) }
      return cells + [
        Numbers.decimal(row.test.natsPerComponent ?? row.test.perplexity, 3),
        isBest ? "" : Numbers.decimal(row.difference.mean, 3, signed: true),
        interval ? "[\(Numbers.decimal(row.difference.low, 3)), \(Numbers.decimal(row.difference.high, 3))]" : "",
        row.adjustedPValue.map { $0 < 0.001 ? "< 0.001" : Numbers.decimal($0, 3) } ?? "",
      ]
    }
    let published = report.published.map { figure -> [String] in
      let nats = isOfVectors ? figure.natsPerSymbol : figure.natsPerEvent(events: report.eventsPerSequence)
      var cells = ["\(figure.name) (published: \(figure.source))", "", nats.map { Numbers.decimal($0, 4) } ?? ""]
      if hasSpread { cells.append("") }
      if leavesEndsOut { cells.append(figure.natsPerSymbol.map { Numbers.decimal($0, 4) } ?? "") }
      return cells + [isOfVectors ? "" : nats.map { Numbers.decimal(exp($0), 3) } ?? "", "", "", ""]
    }
    rows = own + published
    note = report.protocolLine
  }

  /// A line for each model of some runs.
  init(_ models: [Comparison.Row]) {
    let unit = RunReport.unit(models.map(\.test))
    head = ["model", "runs", "parameters", "nats/\(unit)", "± s.d."]
    best = nil
    rows = models.map { row in
      [
        row.specification.shortWord, "\(row.trials.count)", Numbers.count(row.free),
        Numbers.decimal(row.test.natsPerUnit, 4), row.spread.map { Numbers.decimal($0, 4) } ?? "",
      ]
    }
    note =
      "nats/\(unit): over folds pooled, over seeds the mean with its standard deviation; "
      + (unit == "step"
        ? "those of the elements, ends not among them." : "an event is a symbol or the end of a sequence.")
  }

  /// A table as GitHub and pandoc read it; the chosen model is bold.
  var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    let sides = head.indices.map { $0 == 0 ? "---" : "---:" }
    var text = line(head) + line(sides)
    for (index, row) in rows.enumerated() {
      let cells = row.map(Self.markdown)
      text += line(index == best ? cells.map { $0.isEmpty ? "" : "**\($0)**" } : cells)
    }
    return text + "\n" + Self.markdown(note) + "\n"
  }

  /// A `tabular` that needs the package booktabs; the chosen model is bold.
  var latex: String {
    func line(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\\n" }
    var text =
      "% needs \\usepackage{booktabs}\n\\begin{tabular}{l\(String(repeating: "r", count: head.count - 1))}\n\\toprule\n"
    text += line(head.map(Self.latex)) + "\\midrule\n"
    for (index, row) in rows.enumerated() {
      let cells = row.map(Self.latex)
      text += line(index == best ? cells.map { $0.isEmpty ? "" : "\\textbf{\($0)}" } : cells)
    }
    return text + "\\bottomrule\n\\end{tabular}\n% \(note.replacing("\n", with: " "))\n"
  }

  private static func markdown(_ text: String) -> String {
    var escaped = ""
    for scalar in VisibleText.text(text).unicodeScalars {
      if "\\`*_{}[]<>#!|&~$".unicodeScalars.contains(scalar) { escaped += "\\" }
      escaped.unicodeScalars.append(scalar)
    }
    return escaped
  }

  private static func latex(_ text: String) -> String {
    let names: [Unicode.Scalar: String] = [
      "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "Δ": "$\\Delta$", "±": "$\\pm$",
      "–": "--", "…": "\\dots{}", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "α": "$\\alpha$",
      "λ": "$\\lambda$", "°": "\\textdegree{}",
    ]
    var escaped = ""
    for scalar in VisibleText.text(text).unicodeScalars {
      if let name = names[scalar] {
        escaped += name
      } else {
        if "&%$#_{}".unicodeScalars.contains(scalar) { escaped += "\\" }
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
