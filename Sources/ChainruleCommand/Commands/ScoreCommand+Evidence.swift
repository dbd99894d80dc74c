import ArgumentParser
import Chainrule
import Foundation
import Support

/// `--matching`, `--missing` and `--two-sided`.
extension ScoreCommand {
  /// Whether the probability of a pattern or of sequences with gaps is asked for.
  var isAboutEvidence: Bool { pattern.matching != nil || gaps.missing != nil }

  func checkEvidence() throws {
    let asked = [
      ("--matching", pattern.matching != nil), ("--missing", gaps.missing != nil), ("--two-sided", twoSided),
    ].filter(\.1).map(\.0)
    if asked.count > 1 { throw ValidationError("Give one of \(asked.joined(separator: ", ")) alone.") }
    try refuseUnused(
      [
        ("--exposure", exposure), ("--gradients", gradients), ("--posterior", posterior), ("--guesses", guesses),
        ("--samples", samples != nil), ("--pit", pit), ("--skip-first", skipFirst),
        ("--on-unknown", onUnknown != nil),
      ], because: "\(asked[0]) is a question of its own")
    if !twoSided { try refuseUnused([("--plot", plot != nil)], because: "it is for --guesses, --pit and --two-sided") }
    if pattern.matching != nil {
      try refuseUnused(
        [("FILE", file != nil), ("--per", per != .total), ("--csv", tables.csv)] + data.reading() + data.unseen(),
        because: "--matching is the probability of a pattern, and reads no data")
    }
    if twoSided, per == .sequence {
      throw ValidationError("--two-sided is about elements: give --per symbol, or leave --per out.")
    }
    if gaps.missing != nil {
      if isPerStep {
        throw ValidationError("--missing goes with --per total or --per sequence: gaps are summed out.")
      }
      try refuseUnused(data.unseen(), because: "what the model does not know is an error beside --missing")
    }
    if tables.csv, per == .total {
      try refuseUnused([("--csv", true)], because: "it needs --per sequence or --per symbol")
    }
  }

  func runEvidence(_ picture: PictureFile?) throws {
    let model = try LoadedModel.read(self.model, symbols: data.symbols)
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    if let pattern = try pattern.pattern(for: model) { return try scorePattern(model, pattern, progress) }
    if twoSided { return try scoreTwoSided(model, picture, progress) }
    try scoreIncomplete(model, progress)
  }

  private func scorePattern(_ model: SequenceModel, _ pattern: Pattern, _ progress: ProgressReporter) throws {
    progress.begin("pattern")
    let posterior = try model.posterior(
      given: pattern, particles: particles.options(for: model, given: [pattern], options), threads: options.threadCount
    ) { progress.show($0) }
    progress.finish()
    let nats = posterior.nats
    if options.json {
      try printJSON(
        [
          "schema": "chainrule.score/1", "model": model.specification.word, "matching": pattern.text,
          "states": pattern.stateCount, "nats": nats, "probability": exp(-nats), "estimate": posterior.quality?.json,
        ], reading: [self.model], seed: options.seed)
    } else {
      try Console.print(
        "\(Numbers.decimal(nats, 6)) nats: a sequence of the model matches with probability "
          + String(format: "%.6g", exp(-nats)))
    }
    posterior.remarks(options)
  }

  /// The likelihood of sequences with gaps, over which is summed.
  private func scoreIncomplete(_ model: SequenceModel, _ progress: ProgressReporter) throws {
    let sequences = try gaps.read(path, data, for: model)
    progress.begin("score")
    let particles = try particles.options(for: model, given: sequences, options)
    let answers = try parallelMap(sequences.count, threads: options.threadCount) { number in
      Result {
        var own = particles
        own.seed &+= UInt64(number)
        let posterior = try model.posterior(given: sequences[number], particles: own)
        return (nats: posterior.nats, quality: posterior.quality)
      }
    }.map { try $0.get() }
    progress.finish()
    let nats = answers.map(\.nats)
    let total = nats.reduce(0, +)
    let unknown = sequences.reduce(0) { $0 + $1.gaps.count }
    let elements = sequences.reduce(0) { $0 + $1.elements.count }
    if options.json {
      let entries = sequences.indices.map { number -> JSONObject in
        [
          "sequence": number + 1, "nats": nats[number], "elements": sequences[number].elements.count,
          "gaps": sequences[number].gaps.count, "estimate": answers[number].quality?.json,
        ]
      }
      return try printJSON(
        [
          "schema": "chainrule.score/1", "model": model.specification.word,
          "sequences": per == .total ? nil : entries,
          "total": [
            "sequences": sequences.count, "elements": elements, "gaps": unknown, "nats": total,
            "leastReliable": answers.compactMap(\.quality).min {
              $0.effectiveSampleSize < $1.effectiveSampleSize
            }?.json,
          ] as JSONObject,
        ], reading: [self.model, file], seed: options.seed)
    }
    if per == .sequence {
      try Console.buffering { print in
        func row(_ fields: [String]) throws {
          try print(tables.csv ? CSV.line(fields) : fields.joined(separator: "\t"))
        }
        try row(["sequence", "nats", "gaps"])
        for (sequence, nats) in zip(sequences, nats) {
          try row([
            model.visibleText(of: sequence, missing: gaps.missing), tables.csv ? "\(nats)" : Numbers.decimal(nats, 6),
            "\(sequence.gaps.count)",
          ])
        }
      }
    }
    let text =
      "\(Numbers.decimal(total, 4)) nats, \(Numbers.decimal(total / Double(max(sequences.count, 1)), 5)) a sequence, over "
      + "\(Numbers.count(sequences.count, "sequence")) with \(Numbers.count(unknown, "gap")) in "
      + "\(Numbers.count(elements, "element")), gaps summed out"
    if per == .total { try Console.print(text) } else { options.say(text) }
    if let worst = answers.compactMap(\.quality).min(by: { $0.effectiveSampleSize < $1.effectiveSampleSize }) {
      worst.say("the least reliable estimate: ", options)
    }
  }

  private func scoreTwoSided(_ model: SequenceModel, _ picture: PictureFile?, _ progress: ProgressReporter) throws {
    let set = try data.read(path, for: model, say: options.say).sequences
    try model.check(set.inputs)
    progress.begin("score")
    let surprises = try model.twoSidedSurprise(of: set, threads: options.threadCount) { progress.show($0) }
    progress.finish()
    let report = SurpriseReport(surprises, set, model.alphabet)
    if options.json {
      try printJSON(
        [
          "schema": "chainrule.score/1", "model": model.specification.word,
          "sequences": per == .total ? nil : surprises.indices.map { report.json($0) }, "twoSided": report.json,
        ], reading: [self.model, file], seed: options.seed)
    } else {
      if per != .total {
        try Console.buffering { print in
          let rows = report.rows { tables.csv ? "\($0)" : Numbers.decimal($0, 6) }
          for fields in [SurpriseReport.columns] + rows {
            try print(tables.csv ? CSV.line(fields) : fields.joined(separator: "\t"))
          }
        }
      }
      if per == .total { try Console.print(report.text) } else { options.say(report.text) }
    }
    try picture?.write { try report.chart(of: path).picture($0, isInterrupted: $1) }
  }
}
