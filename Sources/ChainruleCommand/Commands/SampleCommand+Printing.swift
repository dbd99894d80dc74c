import Chainrule
import Foundation

/// What is printed of samples of symbols.
extension SampleCommand {
  /// What stands before the samples in JSON. Nats are the model's own, whether or not temperature, cuts or a least length
  /// changed what was drawn from.
  func report(_ model: some FittedModel, isTruncated: Bool) -> JSONObject {
    ["schema": "chainrule.sample/1", "model": model.specification.word, "seed": options.seed, "truncated": isTruncated]
  }

  /// Draws piece by piece and prints each, so that samples flow and memory does not grow with their number.
  func printSamples(
    _ model: SequenceModel, isRejecting: Bool, piece: Int, _ report: JSONObject, _ progress: ProgressReporter,
    _ draw: (Range<Int>) throws -> [Sample]
  ) throws -> SampleTally {
    // What is held against the samples is read first, so that nothing is printed where it cannot be.
    let training = try novelty.map { try data.read($0, for: model, needsInputs: false, say: options.say).sequences }
    let heldOut = try against.map { try data.read($0, for: model, needsInputs: false, say: options.say).sequences }
    let writer = try SampleWriter(model.alphabet)
    let lines = SequenceWriter(model.alphabet)
    // One sample is the whole output; of several each has a line of its own.
    let isEscaped = count > 1 && !options.json && novelty == nil && model.alphabet.holdsLineBreaks
    if isEscaped {
      options.say("symbols hold line breaks, which are escaped as \\n and \\r: -n 1 and --json have them as they are")
    }
    var stream =
      try options.json ? JSONStream(report, reading: [self.model, inputs, novelty, against], array: "samples") : nil
    var tally = SampleTally()
    var sequences: [[Symbol]] = []
    for start in stride(from: 0, to: max(count, 1), by: piece) {
      let indices = start..<start + min(piece, count - start)
      progress.begin("sample")
      let samples = try draw(indices)
      progress.finish()
      tally.add(samples)
      if novelty != nil { sequences += samples.map(\.sequence) }
      if stream != nil {
        try stream?.add(samples.map { try writer.text($0, isRejecting: isRejecting) })
      } else if novelty == nil {
        var text: [UInt8] = []
        for sample in samples {
          if isEscaped {
            text += Array((model.alphabet.visibleText(of: sample.sequence) + "\n").utf8)
          } else {
            lines.appendLine(of: sample.sequence, to: &text)
          }
        }
        try Console.print(Data(text))
      }
    }
    let found = training.map {
      Novelty(of: sequences, training: $0, heldOut: heldOut, threads: options.threadCount)
    }
    if let stream {
      try stream.finish(["removedStopMass": tally.removedStopMass, "acceptance": tally.acceptance, "novelty": found])
    } else if let found {
      try tables.csv ? Console.print(csv: NoveltyReport.table(found)) : Console.print(NoveltyReport.text(found))
    }
    return tally
  }
}

extension Alphabet {
  /// Whether a symbol would break a line of sequences in two.
  fileprivate var holdsLineBreaks: Bool { symbols.contains { $0.unicodeScalars.contains { $0 == "\n" || $0 == "\r" } } }
}
