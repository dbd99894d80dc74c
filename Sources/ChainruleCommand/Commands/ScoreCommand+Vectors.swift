import Chainrule
import Foundation

/// Scores of sequences of vectors.
extension ScoreCommand {
  func run(_ model: VectorModel, _ picture: PictureFile?) throws {
    try refuseUnused(
      [("--guesses", guesses), ("--posterior", posterior), ("--on-unknown", onUnknown != nil)],
      because: "\(self.model) is a model of \(model.columns.values.name), and they are for symbols")
    if gradients { try GradientReach.check(model) }
    let set = try data.read(path, for: model, say: options.say).sequences
    let threads = options.threadCount
    let whole = model.scores(of: set, threads: threads)
    let scores = skipFirst ? model.scoresWithoutFirstElements(whole, of: set, threads: threads) : whole
    let total =
      skipFirst
      ? model.figures(withoutFirstElements: scores, on: set) : model.figures(scores, on: set, threads: threads)
    let transform = try pit ? transformReport(model, set) : nil
    let (exposure, reach) = try diagnoses(model, set)
    if options.json {
      let entries = scores.indices.map { index -> JSONObject in
        let steps = isPerStep ? steps(model, set, index).map { json($0.score).merging(["event": $0.event]) } : nil
        return json(scores[index]).merging(["sequence": index + 1, "steps": steps])
      }
      try printJSON(
        [
          "schema": "chainrule.score/1", "model": model.specification.word, "skipsFirst": skipFirst,
          "sequences": per == .total ? nil : entries, "total": JSONObject.figures(total),
          "exposure": exposure?.json, "exposurePlaces": exposure?.places, "gradients": reach?.json,
          "pit": transform?.json,
        ], reading: [self.model, file], seed: options.seed)
    } else {
      if per != .total { try printTable(model, set, scores) }
      let line =
        FiguresLine.text(total) + (skipFirst ? "; the first element of each sequence is not scored" : "")
      // Beside a table on standard output the total is a remark.
      try per == .total && !tables.csv ? Console.print(line) : options.say(line)
      if model.columns.values == .reals, total.nats < 0 {
        options.say("densities are not bounded by 1, so that their nats may be negative; less is better")
      }
      for (text, table) in [
        exposure.map { ($0.text, $0.table) }, reach.map { ($0.text, $0.table) }, transform.map { ($0.text, $0.table) },
      ].compactMap({ $0 }) {
        try tables.csv ? Console.print(csv: table) : Console.print("\n" + text)
      }
    }
    // Last, so that everything else is there where gnuplot is not.
    if let transform { try picture?.write { try transform.chart(of: path).picture($0, isInterrupted: $1) } }
  }

  private func transformReport(_ model: VectorModel, _ set: VectorSequences) throws -> TransformReport {
    TransformReport(
      transform: try ProbabilityTransform(
        of: model, on: set, skipsFirst: skipFirst, seed: options.seed, threads: options.threadCount))
  }

  /// The decisions of a sequence, and which they are.
  private func steps(
    _ model: VectorModel, _ set: VectorSequences, _ index: Int
  ) -> [(event: String, score: SequenceScore)] {
    let first = model.prior == nil ? 0 : 1
    var steps = model.stepScores(of: set[index], x: set.input(index)).enumerated().map { place, score in
      (event: place < first ? "(length)" : place - first < set.length(index) ? "element" : "(end)", score: score)
    }
    if skipFirst, set.length(index) > 0 { steps[first].score.natsElements = 0 }
    return steps
  }

  /// A row for each sequence, or for each decision about one.
  private func printTable(_ model: VectorModel, _ set: VectorSequences, _ scores: [SequenceScore]) throws {
    func nats(_ score: SequenceScore) -> [String] {
      [score.nats, score.natsElements, score.natsLength].map { tables.csv ? "\($0)" : Numbers.decimal($0, 6) }
    }
    try Console.buffering { print in
      func row(_ fields: [String]) throws { try print(tables.csv ? CSV.line(fields) : fields.joined(separator: "\t")) }
      try row((isPerStep ? ["sequence", "step", "event"] : ["sequence"]) + ["nats", "elements", "length"])
      for index in scores.indices {
        guard isPerStep else {
          try row(["\(index + 1)"] + nats(scores[index]))
          continue
        }
        for (place, step) in steps(model, set, index).enumerated() {
          try row(["\(index + 1)", "\(place + 1)", step.event] + nats(step.score))
        }
      }
    }
  }
}
