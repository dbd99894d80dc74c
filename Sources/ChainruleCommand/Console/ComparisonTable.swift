import Chainrule
import Foundation

/// The table of `compare`.
struct ComparisonTable {
  let text: String

  init(
    _ comparison: Comparison, _ parts: Parts, _ dataset: Dataset, isSplit: Bool, areDefaults: Bool = false,
    leftOut: [String] = [], seed: UInt64
  ) {
    var lines: [String] = []
    let duplicates = parts.duplicates
    lines.append(
      "\(dataset.name): \(Self.size(parts.train)) to train, "
        + (parts.valid.map { "\(Self.size($0)) to validate, " } ?? "") + "\(Self.size(parts.test)) to test; "
        + "\(Numbers.count(dataset.alphabet.size, "symbol")) in the alphabet")
    var remarks: [String] = []
    if isSplit { remarks.append("split with seed \(seed)") }
    if parts.valid == nil, comparison.rows.contains(where: { $0.valid != nil }) {
      remarks.append("validated on a twentieth of the training data, held out (seed \(seed))")
    }
    let onlyHeldOut = parts.symbolsOnlyHeldOut(of: dataset.alphabet)
    if isSplit, onlyHeldOut > 0 {
      remarks.append(
        "\(Numbers.count(onlyHeldOut, "symbol")) of the alphabet only outside the training part "
          + "(--unknown tests them as unseen)")
    }
    if duplicates > 0 {
      remarks.append(
        "\(Numbers.count(duplicates)) of \(Numbers.count(parts.test.count, "test sequence")) \(duplicates == 1 ? "also occurs" : "also occur") in the training data"
      )
    }
    if !remarks.isEmpty { lines.append(remarks.joined(separator: "; ")) }
    lines.append("")

    // One sequence is no sample to draw from again.
    let hasIntervals = parts.test.count > 1
    let events = Double(parts.test.symbolCount + parts.test.count) / Double(max(parts.test.count, 1))
    let halves = comparison.rows.map { ($0.difference.high - $0.difference.low) / 2 }.filter { $0 > 0 && $0.isFinite }
    let decimals = Numbers.decimals(for: halves.min() ?? 0)
    let eventDecimals = Numbers.decimals(for: (halves.min() ?? 0) / events)
    let hasValid = comparison.rows.contains { $0.valid != nil }
    var table = Table(
      [("", .left), ("model", .left), ("parameters", .right), ("stored", .right)]
        + (hasValid ? [("valid", .right)] : []) + [
          ("test", .right), ("length's share", .right), ("perplexity", .right),
          ("Δ nats/sequence" + (hasIntervals ? " [95 % CI]" : ""), .right), ("fitted in", .right),
        ],
      // The validation figures, by which * is chosen, stay.
      droppable: ["fitted in", "stored", "perplexity", "length's share"], lastDroppable: ["parameters"])
    // Where even the best finds a test sequence impossible, none is better than another.
    let best = comparison.best.flatMap { comparison.rows[$0].test.nats.isFinite ? $0 : nil }
    for (index, row) in comparison.rows.enumerated() {
      let isBest = index == best
      let share = row.test.nats.isFinite && row.test.nats > 0 ? row.test.natsLength / row.test.nats : nil
      let interval =
        hasIntervals && row.difference.low.isFinite
        ? " [\(Numbers.decimal(row.difference.low, decimals)), \(Numbers.decimal(row.difference.high, decimals))]" : ""
      table.add(
        [
          Self.marks(index, comparison, best), row.specification.shortWord, Numbers.count(row.free),
          Numbers.count(row.stored),
        ]
          + (hasValid ? [row.valid.map { Numbers.decimal($0.natsPerEvent, eventDecimals) } ?? "–"] : []) + [
            Numbers.decimal(row.test.natsPerEvent, eventDecimals),
            share.map { "\(Int(($0 * 100).rounded())) %" } ?? "–",
            Numbers.decimal(row.test.perplexity, max(eventDecimals - 1, 1)),
            isBest
              ? "–" : best == nil ? "–" : Numbers.decimal(row.difference.mean, decimals, signed: true) + interval,
            Numbers.seconds(row.fitSeconds),
          ])
    }
    lines.append(table.text)
    lines.append("")
    lines += Self.legend(comparison, hasBest: best != nil, hasValid: hasValid, hasIntervals: hasIntervals)
    lines += Self.unknown(comparison.rows)
    lines += Self.advice(comparison, parts, areDefaults: areDefaults)
    lines += leftOut.map { "Not run, but with --model: \($0)." }
    lines += Self.notes(comparison.rows)
    lines += Self.draws(comparison.rows, dataset.alphabet, seed)
    text = lines.joined(separator: "\n")
  }

  /// A row as it is shown as soon as it is done.
  /// - Parameter width: the characters of the longest name.
  static func line(_ row: Comparison.Row, width: Int) -> String {
    row.specification.shortWord.padded(width)
      + (row.valid.map { "  valid \(Numbers.decimal($0.natsPerEvent, 4).padded(7))" } ?? "")
      + "  test \(Numbers.decimal(row.test.natsPerEvent, 4)) nats/event  \(Numbers.seconds(row.fitSeconds))"
  }

  private static func marks(_ index: Int, _ comparison: Comparison, _ best: Int?) -> String {
    if comparison.rows.count == 1 { return "" }
    return (index == best ? "*" : "") + (index == comparison.smallestAIC ? "A" : "")
      + (index == comparison.smallestBIC ? "B" : "") + (comparison.rows[index].isOnParetoFront ? "P" : "")
  }

  private static func legend(_ comparison: Comparison, hasBest: Bool, hasValid: Bool, hasIntervals: Bool) -> [String] {
    let part = comparison.isChosenByTest ? "test" : "validation"
    var lines: [String] = []
    if comparison.rows.count > 1 {
      if hasBest {
        lines.append(
          comparison.isChosenByTest
            ? "* fewest nats on the test data: there are no validation data to choose by, so its own figures flatter it."
            : "* the model to choose: fewest nats on the validation data. The test data had no part in it and judge.")
      }
      lines.append(
        "A, B smallest AIC, BIC: 2 nats + 2p, 2 nats + p ln(events) of the training data; p: free parameters, of tables those "
          + "of contexts that occur there.")
      lines.append("P Pareto front: no other model has at most as many parameters and fewer nats on the \(part) data.")
    }
    lines.append(
      "parameters: free ones, before any data; stored: numbers in the fitted model, of tables only what occurred.")
    lines.append(
      (hasValid ? "valid, test" : "test") + ": nats/event, an event being a symbol or an end; perplexity: exp of that."
        + (comparison.rows.count > 1 && hasBest
          ? " Δ: nats a sequence more than the model marked *"
            + (hasIntervals ? ", paired bootstrap over test sequences." : "; one test sequence: no interval.")
          : ""))
    if comparison.rows.contains(where: { $0.specification.nGramOrder != nil }) {
      lines.append("markov:k sees the last k symbols: an n-gram model of order k + 1.")
    }
    return lines
  }

  /// What to try next.
  private static func advice(_ comparison: Comparison, _ parts: Parts, areDefaults: Bool) -> [String] {
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
  private static func draws(_ rows: [Comparison.Row], _ alphabet: Alphabet, _ seed: UInt64) -> [String] {
    guard let first = rows.first, !first.samples.isEmpty else { return [] }
    let width = rows.map { $0.specification.shortWord.count }.max() ?? 0
    let longest = 24
    let lines = rows.map { row in
      let draws = row.samples.map { sample in
        let text = alphabet.visibleText(of: sample.sequence)
        return text.isEmpty ? "(empty)" : text.count > longest ? text.prefix(longest - 1) + "…" : text
      }
      return row.specification.shortWord.padded(width) + "  " + draws.joined(separator: "  ")
    }
    return ["", "Samples from each, seed \(seed):"] + lines
  }

  private static func size(_ set: SequenceSet) -> String {
    "\(Numbers.count(set.count, "sequence")) (\(Numbers.count(set.symbolCount, "symbol")))"
  }
}
