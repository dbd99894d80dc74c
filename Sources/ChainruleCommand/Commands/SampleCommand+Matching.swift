import ArgumentParser
import Chainrule

/// `--matching`.
extension SampleCommand {
  /// A pattern can say all that a prefix and lengths say.
  func checkMatching() throws {
    try refuseUnused(
      [
        ("--prefix", prefix != nil), ("--length", length != nil), ("--min-length", minLength > 0),
        ("--max-length", wantedMaxLength != nil), ("--inputs", inputs != nil),
      ], because: "write it into the pattern: an.* for a prefix, .{3,8} for lengths, a&b for both")
    try refuseUnused(
      [
        ("--temperature", temperature != 1), ("--top-k", topK != nil), ("--top-p", topP != nil),
        ("--min-p", minP != nil),
        ("--end-policy", endPolicy != nil),
      ], because: "--matching draws from the model's own distribution")
    try refuseUnused([("--most-probable", mostProbable != nil)], because: "fill --matching has the most probable ones")
  }

  /// Draws of sequences that match a pattern.
  func printMatching(_ model: SequenceModel, _ pattern: Pattern) throws {
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("pattern")
    let posterior = try model.posterior(
      given: pattern, particles: particles.options(for: model, given: [pattern], options), threads: options.threadCount
    ) { progress.show($0) }
    progress.finish()
    if posterior.logProbability == -.infinity {
      throw DataError.impossible(pattern.text, isEstimate: posterior.quality != nil)
    }
    let head = report(model, isTruncated: false).merging([
      "matching": pattern.text, "logProbability": posterior.logProbability, "estimate": posterior.quality?.json,
    ])
    _ = try printSamples(model, isRejecting: false, piece: 4096, head, progress) {
      posterior.samples($0, seed: options.seed, threads: options.threadCount)
    }
    posterior.remarks(options)
  }
}
