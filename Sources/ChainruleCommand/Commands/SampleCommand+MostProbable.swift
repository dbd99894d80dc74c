import Chainrule
import Foundation

/// How many of the most probable sequences: a number, or all as a stream.
enum MostProbableCount {
  case first(Int)
  case all

  /// - Throws: `NumberArgument.OutOfRange`.
  @Sendable init(_ argument: String) throws {
    if argument == "all" {
      self = .all
    } else {
      let most = 100_000
      guard let count = Int(argument), (0...most).contains(count) else {
        throw NumberArgument.OutOfRange(
          description: "it must be a whole number from 0 to \(most), or all for a stream of as many as are read")
      }
      self = .first(count)
    }
  }
}

/// `--most-probable`.
extension SampleCommand {
  func printMostProbable(_ model: SequenceModel, _ count: MostProbableCount) throws {
    let prefix = try data.symbols(of: self.prefix ?? "", option: "--prefix", for: model)
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("search")
    switch count {
    case .first(let count): try printFirst(model, count, prefix, progress)
    case .all: try Interruption.deferring { try printAll(model, prefix, progress) }
    }
  }

  private func printFirst(
    _ model: SequenceModel, _ count: Int, _ prefix: [Symbol], _ progress: ProgressReporter
  ) throws {
    let found = try MostProbable(of: model, count, length: length, prefix: prefix, threads: options.threadCount) {
      progress.show($0)
    }
    progress.finish()
    var listing = try MostProbableListing(
      model.alphabet, isJSON: options.json, isCSV: tables.csv,
      report(model, isTruncated: false).merging(["exact": found.isExact, "missedNats": found.missedNats]),
      reading: self.model)
    for sample in found.sequences { try listing.add(sample) }
    try listing.finish([:])
    if let missed = found.missedNats {
      options.say("not exact: sequences with \(Numbers.decimal(missed, 6)) nats or more may have been missed")
    }
  }

  private func printAll(_ model: SequenceModel, _ prefix: [Symbol], _ progress: ProgressReporter) throws {
    var stream = try MostProbableStream(
      of: model, length: length, prefix: prefix, isInterrupted: { Interruption.isRequested }
    ) { progress.show($0) }
    var listing = try MostProbableListing(
      model.alphabet, isJSON: options.json, isCSV: tables.csv,
      report(model, isTruncated: false).merging(["exact": true]), reading: self.model)
    while !Interruption.isRequested, let sample = stream.next() {
      progress.finish()
      try listing.add(sample)
    }
    progress.finish()
    switch stream.end {
    case .tooLarge(let missed):
      try listing.finish(["all": false, "missedNats": missed])
      options.say(
        "ended after \(Numbers.count(listing.count, "sequence")): what must be remembered of those that follow, "
          + "with \(Numbers.decimal(missed, 6)) nats or more, does not fit into memory")
    case let end:
      try listing.finish(["all": end == .all])
    }
  }
}

/// The most probable sequences on standard output, each as soon as it is there.
private struct MostProbableListing {
  private let alphabet: Alphabet
  private let isCSV: Bool
  private let writer: SampleWriter
  private var stream: JSONStream?
  private(set) var count = 0

  init(_ alphabet: Alphabet, isJSON: Bool, isCSV: Bool, _ head: JSONObject, reading model: String) throws {
    (self.alphabet, self.isCSV) = (alphabet, isCSV)
    writer = try SampleWriter(alphabet)
    if isJSON {
      stream = try JSONStream(head, reading: [model], array: "samples")
    } else {
      try print(["sequence", "nats"])
    }
  }

  mutating func add(_ sample: Sample) throws {
    count += 1
    if stream != nil {
      try stream?.add([writer.text(sample)])
      return
    }
    let nats = isCSV ? "\(sample.score.nats)" : Numbers.decimal(sample.score.nats, 6)
    try print([alphabet.visibleText(of: sample.sequence), nats])
  }

  func finish(_ tail: JSONObject) throws { try stream?.finish(tail) }

  private func print(_ row: [String]) throws {
    try Console.print(isCSV ? CSV.line(row) : row.joined(separator: "\t"))
  }
}
