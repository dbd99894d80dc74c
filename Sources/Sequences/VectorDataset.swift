import Foundation

extension VectorDataset {
  /// Reads the vectors in the file at `path`; "-" is standard input. Gzip is undone, whatever the file's name. A folder is read
  /// as the MIDI files in it, in the order of their names.
  ///
  /// What the numbers are says `options.values`. With `columns` given, those of the training data, the vectors must be of that
  /// width and the numbers of that kind; with `inputWidth`, x(t) must be of so many numbers, and with 0 there must be none.
  ///
  /// Throws `DataError`, with the place in the file where there is one. O(bytes); text is streamed, and files of bytes (MIDI,
  /// NPZ) are held in memory while they are read.
  public init(
    reading path: String, options: ReadOptions = ReadOptions(), columns: Columns? = nil, inputWidth: Int? = nil
  ) throws {
    if MIDIFolder.isFolder(path) {
      try self.init(path, MIDIFormat.self, options, columns, inputWidth) { builder in
        try MIDIFolder.read(path, options, into: &builder)
      }
      return
    }
    var source = try ByteSource(opening: path)
    try self.init(reading: &source, options: options, columns: columns, inputWidth: inputWidth)
  }

  /// The same from a source that is open already; its name stands for the path.
  package init(
    reading source: inout ByteSource, options: ReadOptions = ReadOptions(), columns: Columns? = nil,
    inputWidth: Int? = nil
  ) throws {
    let detected = try DetectedFormat(of: &source, options, holdsBytes: false)
    guard let format = detected.format as? any VectorFormat.Type else {
      let advice = "`--input-format` names a format of vectors, such as csv or jsonl"
      throw options.values.map {
        DataError.otherValues(asked: $0, reason: "the format \(detected.format.name) holds symbols; \(advice)")
      }
        ?? .malformed(
          Location(file: source.name, line: 1, column: 1),
          "expected vectors, found the format \(detected.format.name), which holds symbols; \(advice)")
    }
    if let kind = options.symbols {
      throw DataError.otherSymbols(asked: kind, reason: "\(source.name) holds vectors, not symbols")
    }
    var remarks = detected.remark.map { [$0] } ?? []
    if !format.isBinary {
      try source.skipByteOrderMark()
      if try source.endLinesAtLoneReturns() { remarks.append(source.remarkOnLoneReturns) }
    }
    let name = source.name
    try self.init(name, format, options, columns, inputWidth) { builder in
      try format.read(&source, options, into: &builder)
    }
    self.remarks = remarks + self.remarks
  }

  private init(
    _ path: String, _ format: any VectorFormat.Type, _ options: ReadOptions, _ columns: Columns?, _ inputWidth: Int?,
    _ read: (inout VectorBuilder) throws -> Void
  ) throws {
    if let asked = options.values, let columns, asked != columns.values {
      throw DataError.otherValues(
        asked: asked,
        reason: "the \(columns.values == .categories ? "" : "numbers of the ")training data are \(columns.values.name)")
    }
    if options.weights {
      throw DataError.malformed(
        Location(file: path, line: 1, column: 1), "expected lines of a sequence, a tab and a count (--weights)")
    }
    var builder = VectorBuilder(columns: columns, values: options.values, inputWidth: inputWidth, file: path)
    try read(&builder)
    let remarks = builder.remarks
    let (all, schema, parts) = try builder.finished()
    let held = parts.filter { $0.sequences.count > 0 }
    let sequences = (held.first { $0.name == "train" } ?? held.first)?.sequences ?? all
    if let inputWidth, inputWidth > all.inputWidth {
      throw DataError.malformed(
        Location(file: path, line: 1, column: 1),
        "expected x of \(numbers(inputWidth)) a step, as in the training data, found none")
    }
    self.init(sequences: sequences, schema: schema, name: SequenceFormats.fileName(path), format: format.name)
    (self.parts, self.remarks) = (parts, remarks)
  }
}
