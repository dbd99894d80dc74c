import Chainrule
import Foundation

/// The table of `compare`.
struct ComparisonTable {
  let text: String

  init(_ comparison: Comparison, _ parts: Parts, _ dataset: Dataset, isSplit: Bool, seed: UInt64) {
    var lines: [String] = []
    let duplicates = parts.test.countOfSequences(alsoIn: parts.train)
    lines.append(
      "\(dataset.name): \(Self.size(parts.train)) to train, "
        + (parts.valid.map { "\(Self.size($0)) to validate, " } ?? "") + "\(Self.size(parts.test)) to test; "
        + "\(Numbers.count(dataset.alphabet.size, "symbol")) in the alphabet")
    var remarks: [String] = []
    if isSplit { remarks.append("split with seed \(seed)") }
    if parts.valid == nil, comparison.rows.contains(where: { $0.valid != nil }) {
      remarks.append("models that stop early hold out a twentieth of the training data (seed \(seed))")
    }
    if duplicates > 0 {
      remarks.append("\(Numbers.count(duplicates, "test sequence")) in the training data too")
    }
    if !remarks.isEmpty { lines.append(remarks.joined(separator: "; ")) }
    lines.append("")

    // One sequence is no sample to draw from again.
    let hasIntervals = parts.test.count > 1
    let events = Double(parts.test.symbolCount + parts.test.count) / Double(max(parts.test.count, 1))
    let halves = comparison.rows.map { ($0.difference.high - $0.difference.low) / 2 }.filter { $0 > 0 && $0.isFinite }
    let decimals = Numbers.decimals(for: halves.min() ?? 0)
    let eventDecimals = Numbers.decimals(for: (halves.min() ?? 0) / events)
    var table = Table([
      ("", .left), ("model", .left), ("parameters", .right), ("stored", .right), ("nats/event", .right),
      ("of it length", .right), ("perplexity", .right), ("nats/sequence above best", .right), ("fitted in", .right),
    ])
    // Where even the best finds a test sequence impossible, none is better than another.
    let best = comparison.best.flatMap { comparison.rows[$0].test.nats.isFinite ? $0 : nil }
    for (index, row) in comparison.rows.enumerated() {
      let isBest = index == best
      let share = row.test.nats.isFinite && row.test.nats > 0 ? row.test.natsLength / row.test.nats : nil
      let interval =
        hasIntervals && row.difference.low.isFinite
        ? " [\(Numbers.decimal(row.difference.low, decimals)), \(Numbers.decimal(row.difference.high, decimals))]" : ""
      table.add([
        isBest ? "*" : "", row.specification.shortWord, Numbers.count(row.free), Numbers.count(row.stored),
        Numbers.decimal(row.test.natsPerEvent, eventDecimals),
        share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–",
        Numbers.decimal(row.test.perplexity, max(eventDecimals - 1, 1)),
        isBest
          ? "best" : best == nil ? "–" : Numbers.decimal(row.difference.mean, decimals, signed: true) + interval,
        Numbers.seconds(row.fitSeconds),
      ])
    }
    lines.append(table.text)
    lines.append("")
    var legend = "An event is a symbol or an end; perplexity counts the ends too."
    if best != nil {
      legend = "* fewest nats on the test set. \(legend) "
      legend += hasIntervals ? "Brackets: paired bootstrap over sequences, 95 %." : "One test sequence: no interval."
    }
    lines.append(legend)
    if comparison.rows.contains(where: { $0.specification.nGramOrder != nil }) {
      lines.append("markov:k sees the last k symbols: an n-gram model of order k + 1.")
    }
    lines += Self.notes(comparison.rows)
    lines += Self.draws(comparison.rows, dataset.alphabet, seed)
    text = lines.joined(separator: "\n")
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
  private static func draws(_ rows: [Comparison.Row], _ alphabet: Alphabet, _ seed: UInt64) -> [String] {
    guard let first = rows.first, !first.samples.isEmpty else { return [] }
    let width = rows.map { $0.specification.shortWord.count }.max() ?? 0
    let longest = 24
    let lines = rows.map { row in
      let name = row.specification.shortWord
      let draws = row.samples.map { sample in
        let text = alphabet.text(of: sample.sequence)
        return text.isEmpty ? "(empty)" : text.count > longest ? text.prefix(longest - 1) + "…" : text
      }
      return name + String(repeating: " ", count: width - name.count) + "  " + draws.joined(separator: "  ")
    }
    return ["", "Draws from each, seed \(seed):"] + lines
  }

  private static func size(_ set: SequenceSet) -> String {
    "\(Numbers.count(set.count, "sequence")) (\(Numbers.count(set.symbolCount, "symbol")))"
  }
}
