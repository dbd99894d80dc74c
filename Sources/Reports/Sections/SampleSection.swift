import Experiments
import Sequences

/// Sequences of the test data and of models, side by side.
enum SampleSection {
  private static let shown = 12
  private static let longest = 160

  static func section(_ context: ReportContext<SymbolRows>) -> Section? {
    let models = context.shown.sampled.filter { !context.rows[$0].samples.isEmpty }
    if models.isEmpty { return nil }
    let columns =
      [column("test data", context.testSequences(shown), context.alphabet)]
      + models.map { index in
        let row = context.rows[index]
        return column(row.specification.shortWord, Array(row.samples.prefix(shown)), context.alphabet)
      }
    return Section(
      id: "samples", title: "Samples",
      lead: ["Test sequences, and the first samples from the best models, seed \(context.report.provenance.seed)."],
      samples: columns)
  }

  /// Characters of a column, beyond its first sequences.
  private static let mostCharacters = 700

  private static func column(_ name: String, _ sequences: [[Symbol]], _ alphabet: Alphabet) -> SampleColumn {
    var left = mostCharacters
    return SampleColumn(
      name: name,
      items: sequences.prefix { sequence in
        defer { left -= min(sequence.count, longest) }
        return left > 0
      }.map { sequence in
        // Symbols have a character at least: no more of them than are shown are turned into text.
        let text = alphabet.visibleText(of: sequence.prefix(longest + 1))
        let isCut = sequence.count > longest + 1 || text.count > longest
        return SampleColumn.Item(
          text: sequence.isEmpty ? "(empty)" : isCut ? text.prefix(longest) + "…" : text, isEmpty: sequence.isEmpty)
      })
  }
}
