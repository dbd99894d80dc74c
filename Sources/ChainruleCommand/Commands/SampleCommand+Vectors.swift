import ArgumentParser
import Chainrule
import Foundation
import Reports

/// Samples of sequences of vectors.
extension SampleCommand {
  func run(_ model: VectorModel) throws {
    try refuseUnused(
      [
        ("--prefix", prefix != nil), ("--end-policy", endPolicy != nil), ("--most-probable", mostProbable != nil),
        ("--novelty", novelty != nil), ("--unknown", data.unknown != nil), ("--matching", pattern.matching != nil),
      ],
      because:
        "\(self.model) is a model of \(model.columns.values.name), and they are for symbols (a beginning of vectors: --prefix-file)"
    )
    if forecast, model.columns.values == .categories {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "--forecast tells quantiles, and categories have no order: draw samples and count their levels")
    }
    if !forecast, model.columns.values != .bits {
      try refuseUnused(
        [("--plot", plot != nil)],
        because: model.columns.values == .categories
          ? "categories have no picture"
          : "of \(model.columns.values.name) it draws what --forecast says; piano rolls are of bits")
    }
    let picture = try plot.map { try PictureFile($0, reading: [self.model, prefixFile, inputs]) }
    let format = outputFormat ?? .jsonl
    if let reason = format.refusal(model.columns) ?? midi.flatMap({ _ in MIDIFile.refusal(model.columns) }) {
      throw SpecificationError.refused(model: model.specification.shortWord, reason: reason)
    }
    let writer = VectorWriter(format, model.columns)
    let files = try midiFiles()
    let options = try drawOptions(model)
    let sampler = try Sampler(
      model, seed: self.options.seed, options, expecting: count, threads: self.options.threadCount)
    let changes = [("--temperature", temperature != 1), ("--min-length", sampler.rulesOutEnd)].filter(\.1).map(\.0)
    if !changes.isEmpty {
      self.options.say("\(changes.joined(separator: ", ")): the samples are not from the model's own distribution")
    }
    let tally =
      try forecast
      ? printForecast(model, sampler, options.prefix, picture, isTruncated: !changes.isEmpty)
      : printSamples(model, sampler, writer, files, picture, isTruncated: !changes.isEmpty)
    sayRemarks(of: tally, changes, limit: options.maximumLength)
    if let midi, let last = files.last {
      self.options.say(files.count == 1 ? "written: \(midi)" : "written: \(files[0].path) … \(last.path)")
    }
  }

  private func drawOptions(_ model: VectorModel) throws -> DrawOptions<[Double]> {
    var options = DrawOptions<[Double]>()
    options.truncation.temperature = temperature
    (options.truncation.topK, options.truncation.topP, options.truncation.minP) = (topK, topP, minP)
    (options.length, options.minimumLength) = (length, minLength)
    options.inputs = try readInputs(for: model)
    if let prefixFile {
      var reading = data
      // That of the files that are written.
      if midi != nil, !prefixFile.lowercased().hasSuffix(".mid") { reading.grid = nil }
      let begun = try reading.readVectors(prefixFile, columns: model.columns, say: self.options.say).sequences
      options.prefix = begun.count > 0 ? Array(begun[0]) : []
    }
    options.maximumLength = forecast && wantedMaxLength == nil ? options.prefix.count + 100 : maxLength
    return options
  }

  /// Draws piece by piece, so that samples flow.
  private func forEachPiece(
    _ sampler: Sampler<VectorModel>, _ body: (_ first: Int, [DrawnSequence<[Double]>]) throws -> Void
  ) throws -> SampleTally {
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    let piece = Sampler<VectorModel>.piece(length: length ?? minLength)
    var tally = SampleTally()
    for start in stride(from: 0, to: count, by: piece) {
      progress.begin("sample")
      let samples = try sampler.samples(start..<min(start + piece, count), threads: options.threadCount) {
        progress.show($0)
      }
      progress.finish()
      tally.add(samples)
      try body(start, samples)
    }
    return tally
  }

  private func printSamples(
    _ model: VectorModel, _ sampler: Sampler<VectorModel>, _ writer: VectorWriter,
    _ files: [(path: String, file: OutputFile)], _ picture: PictureFile?, isTruncated: Bool
  ) throws -> SampleTally {
    var drawn: [[[Double]]] = []
    var stream =
      try options.json
      ? JSONStream(
        report(model, isTruncated: isTruncated), reading: [self.model, inputs, prefixFile], array: "samples") : nil
    let isPrinted = stream == nil && midi == nil
    var bytes: [UInt8] = []
    func flush() throws {
      if isPrinted, !bytes.isEmpty { try Console.print(Data(bytes)) }
      bytes.removeAll(keepingCapacity: true)
    }
    writer.begin(&bytes)
    let tally = try forEachPiece(sampler) { first, samples in
      if picture != nil { drawn += samples.prefix(RollPicture.mostSequences - drawn.count).map(\.sequence) }
      if isPrinted {
        for (index, sample) in samples.enumerated() {
          writer.append(sample.sequence, number: first + index, to: &bytes)
        }
        try flush()
      }
      try stream?.add(
        try samples.map { sample in
          let y =
            try model.columns.levels == nil
            ? JSONStream.literal(sample.sequence)
            : JSONStream.literal(sample.sequence.map { model.columns.levelNames($0) ?? [] })
          return "{\"complete\": \(sample.isComplete), \"nats\": \(JSONStream.literal(sample.score.nats)), "
            + (sampler.isRejecting ? "\"tries\": \(sample.tries), " : "") + "\"y\": \(y)}"
        })
      if files.isEmpty { return }
      for (index, sample) in samples.enumerated() {
        let bytes = MIDIFile.bytes(of: sample.sequence, framesPerQuarter: data.grid ?? 1, tempo: tempo ?? 100)
        let file = files[first + index].file
        try Interruption.writing(file) { try file.write(Data(bytes)) }
      }
    }
    writer.end(&bytes)
    try flush()
    try stream?.finish(["removedStopMass": tally.removedStopMass, "acceptance": tally.acceptance])
    let title = "\(URL(filePath: self.model).lastPathComponent), seed \(options.seed)"
    try picture?.write { _, _ in
      Data(RollPicture(drawn, model.columns, title: title, name: "sample", of: count).svg.utf8)
    }
    return tally
  }

  private func printForecast(
    _ model: VectorModel, _ sampler: Sampler<VectorModel>, _ prefix: [[Double]], _ picture: PictureFile?,
    isTruncated: Bool
  ) throws -> SampleTally {
    var all: [[[Double]]] = []
    let tally = try forEachPiece(sampler) { all += $1.map(\.sequence) }
    let report = ForecastReport(
      Forecast(all, after: prefix.count, width: model.width), model.columns, prefix, draws: count)
    if options.json {
      try printJSON(
        self.report(model, isTruncated: isTruncated).merging(["forecast": report.json, "draws": count]),
        reading: [self.model, inputs, prefixFile])
    } else {
      try tables.csv ? Console.print(csv: report.table) : Console.print(report.text)
    }
    // Last, so that everything else is there where gnuplot is not.
    try picture?.write { try report.chart.picture($0, isInterrupted: $1) }
    return tally
  }

  /// The file of each sample.
  private func midiFiles() throws -> [(path: String, file: OutputFile)] {
    guard let midi else { return [] }
    let inputs = [self.model, prefixFile, inputs].compactMap { $0 }
    let suffix =
      [".mid", ".midi"].first { midi.lowercased().hasSuffix($0) }.map { String(midi.suffix($0.count)) } ?? ""
    return try (1...count).map { number in
      let path = count == 1 ? midi : "\(midi.dropLast(suffix.count))-\(number)\(suffix)"
      return (path, try OutputFile(path, reading: inputs))
    }
  }
}

extension VectorWriter.Format: ExpressibleByArgument {}
