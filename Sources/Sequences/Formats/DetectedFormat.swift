/// The format of a file: the one that is asked for, or what its name and its first bytes say.
struct DetectedFormat {
  let format: any SequenceFormat.Type
  /// What may surprise a person, in a sentence.
  let remark: String?

  /// - Parameter holdsBytes: whether the symbols are bytes, so that the content may be anything.
  /// - Throws: `DataError`, also where the file is known to hold something else than sequences.
  init(of source: inout ByteSource, _ options: ReadOptions, holdsBytes: Bool) throws {
    let name = source.name
    let asked = try options.format.map(SequenceFormats.named)
    let head = try source.head(ForeignContent.headSize)
    // A file of any bytes is one of symbols, whatever its name.
    let claiming = SequenceFormats.claiming(path: name).flatMap { holdsBytes && $0 is any VectorFormat.Type ? nil : $0 }
    if let binary = asked ?? claiming, binary.isBinary {
      self.init(binary, nil)
      return
    }
    if asked == nil, !holdsBytes, let binary = SequenceFormats.all.first(where: { $0.claims(head: head) }) {
      self.init(binary, "\(name) is read as \(binary.name), by its beginning")
      return
    }
    let foreign = ForeignContent(head: head, file: name == standardInputName ? "FILE" : name)
    if let foreign, !holdsBytes { throw DataError.foreign(name, foreign) }
    if let asked {
      self.init(asked, foreign.map { "\(name) is \($0.name): its bytes are read as they are" })
      return
    }
    if let foreign = ForeignContent(fileName: name) { throw DataError.foreign(name, foreign) }
    if let claiming, claiming != LinesFormat.self {
      self.init(claiming, nil)
    } else if let foreign {
      self.init(LinesFormat.self, "\(name) is \(foreign.name): its bytes are read as they are")
    } else {
      try self.init(ofContent: head, name: name, isClaimed: claiming != nil || holdsBytes)
    }
  }

  private init(_ format: any SequenceFormat.Type, _ remark: String?) { (self.format, self.remark) = (format, remark) }

  /// Lines, unless no name says so and the file begins with an object of JSON lines or with a piano roll.
  private init(ofContent bytes: [UInt8], name: String, isClaimed: Bool) throws {
    let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]
    let head = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(byteOrderMark.count)) : bytes
    let json = JSONStart(head)
    if json == .sequence, !isClaimed {
      self.init(JSONLinesFormat.self, "\(name) is read as JSON lines, by its beginning")
      return
    }
    let isJSON = name.lowercased().hasSuffix(".json")
    if json == .pianoRoll, !isClaimed {
      self.init(PianoRollFormat.self, isJSON ? nil : "\(name) is read as a piano roll, by its beginning")
      return
    }
    if json == .other, isJSON {
      throw DataError.malformed(
        Location(file: name, line: 1, column: 1),
        "expected JSON lines, an object {\"y\": […]} on each, or a piano roll, found other JSON; --input-format lines reads it as "
          + "text")
    }
    let similar =
      json == .sequence
      ? ("JSON lines", "jsonl")
      : json == .pianoRoll ? ("a piano roll", "pianoroll") : head.first == UInt8(ascii: ">") ? ("FASTA", "fasta") : nil
    if similar == nil, !isClaimed, let separator = Self.separator(in: head) {
      self.init(
        LinesFormat.self,
        "\(name) begins like a table with \(separator), and is read as lines: each row is a sequence, separators too; --input-format "
          + "csv reads numbers")
      return
    }
    self.init(
      LinesFormat.self,
      similar.map { "\(name) begins like \($0), and is read as lines; --input-format \($1) reads it as such" })
  }
}

extension DetectedFormat {
  /// What stands between the columns of a table, known by its first lines, which have as many of them each.
  private static func separator(in head: [UInt8]) -> String? {
    // The last one may be cut short.
    let lines = head.split(separator: lineFeed, omittingEmptySubsequences: false).dropLast().prefix(5)
    guard lines.count >= 3 else { return nil }
    return [(UInt8(ascii: ","), "commas"), (UInt8(ascii: "\t"), "tabs"), (UInt8(ascii: ";"), "semicolons")].first {
      separator, _ in
      let counts = lines.map { line in line.count { $0 == separator } }
      // One comma a line, with a blank behind it, may well be "Smith, John".
      let isProse =
        separator == UInt8(ascii: ",") && counts[0] == 1 && lines.allSatisfy { $0.contains(UInt8(ascii: " ")) }
      return counts[0] > 0 && !isProse && counts.allSatisfy { $0 == counts[0] }
    }?.1
  }
}

/// What JSON some bytes begin with.
private enum JSONStart {
  /// An object with a list under "y", as far as can be seen.
  case sequence
  /// Lists within lists within a list, which may stand under the name of a part.
  case pianoRoll
  case other

  init?(_ head: [UInt8]) {
    let blanks: [UInt8] = [0x20, 0x09, lineFeed, carriageReturn]
    let start = head.drop { blanks.contains($0) }
    guard let first = start.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    let isList = first == UInt8(ascii: "[")
    let next = start.dropFirst().first { !blanks.contains($0) }
    guard let next, (isList ? "[{\"]-0123456789" : "\"}").utf8.contains(next) else { return nil }
    let line = String(decoding: start.prefix { $0 != lineFeed }, as: UTF8.self)
    let marks = start.filter { !blanks.contains($0) }
    let isPianoRoll = PianoRollFormat.beginnings.contains { marks.starts(with: $0.utf8) }
    self = isPianoRoll ? .pianoRoll : !isList && line.contains("\"y\"") ? .sequence : .other
  }
}
