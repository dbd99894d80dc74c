import Foundation

/// Writes sequences of vectors as a file holds them, one after the other.
///
///     var data: [UInt8] = []
///     let writer = VectorWriter(.csv, columns)
///     writer.begin(&data)
///     for (number, sequence) in sequences.enumerated() { writer.append(sequence, number: number, to: &data) }
///     writer.end(&data)
///
/// Numbers are the shortest ones that are read as the same; counts and bits have no point. Categories are the names of levels.
package struct VectorWriter: Sendable {
  /// What the file is.
  package enum Format: String, Sendable, CaseIterable {
    /// `{"y": […]}` a line: numbers where vectors hold one, lists otherwise and of categories, whose texts alone would be symbols.
    case jsonl
    /// The long form: sequence and step, from 1, and a column for each component. An empty sequence is a row without a step.
    case csv
    /// A list of pieces, lists of frames, lists of keys.
    case pianoroll

    /// Why such vectors cannot be written so, in a clause; nil where they can.
    package func refusal(_ columns: Columns) -> String? {
      if self == .pianoroll { return PianoKeys.refusal(columns) }
      let breaks = self == .csv && columns.levels?.joined().contains { $0.contains(where: \.isNewline) } ?? false
      return breaks ? "a level has a line break in its name, which tables here cannot hold: use jsonl" : nil
    }
  }

  private let format: Format
  private let columns: Columns
  /// Of categories each column's levels as they are written.
  private let levels: [[String]]

  /// A writer for vectors that `format` does not refuse.
  package init(_ format: Format, _ columns: Columns) {
    precondition(format.refusal(columns) == nil, "vectors that the format cannot hold")
    (self.format, self.columns) = (format, columns)
    levels = columns.levels.map { $0.map { $0.map(format == .csv ? Self.cell : Self.string) } } ?? []
  }

  /// Adds what stands before the first sequence.
  package func begin(_ data: inout [UInt8]) {
    switch format {
    case .jsonl: break
    case .csv: add("sequence,step," + columns.names.map(Self.field).joined(separator: ",") + "\n", &data)
    case .pianoroll: add("[", &data)
    }
  }

  /// Adds a sequence.
  /// - Parameter number: its number in the file, from 0.
  package func append(_ sequence: some Collection<[Double]>, number: Int, to data: inout [UInt8]) {
    switch format {
    case .jsonl: appendLine(sequence, &data)
    case .csv: appendRows(sequence, number + 1, &data)
    case .pianoroll: appendPiece(sequence, isFirst: number == 0, &data)
    }
  }

  /// Adds what stands behind the last sequence.
  package func end(_ data: inout [UInt8]) { if format == .pianoroll { add("]\n", &data) } }

  private func appendLine(_ sequence: some Collection<[Double]>, _ data: inout [UInt8]) {
    add("{\"y\": [", &data)
    var isFirst = true
    for vector in sequence {
      if !isFirst { add(", ", &data) }
      isFirst = false
      add(columns.width == 1 && levels.isEmpty ? list(vector) : "[" + list(vector) + "]", &data)
    }
    add("]}\n", &data)
  }

  private func appendRows(_ sequence: some Collection<[Double]>, _ number: Int, _ data: inout [UInt8]) {
    if sequence.isEmpty { add("\(number)," + String(repeating: ",", count: columns.width) + "\n", &data) }
    for (step, vector) in sequence.enumerated() {
      add("\(number),\(step + 1),\(texts(vector).joined(separator: ","))\n", &data)
    }
  }

  private func appendPiece(_ sequence: some Collection<[Double]>, isFirst: Bool, _ data: inout [UInt8]) {
    let frames = sequence.map { vector in
      "[" + zip(PianoKeys.pitches, vector).filter { $1 != 0 }.map { String($0.0) }.joined(separator: ",") + "]"
    }
    add((isFirst ? "[" : ",\n[") + frames.joined(separator: ",") + "]", &data)
  }

  private func list(_ vector: [Double]) -> String { texts(vector).joined(separator: ", ") }

  private func texts(_ vector: [Double]) -> [String] {
    if !levels.isEmpty { return zip(levels, vector).map { $0[Int($1)] } }
    return vector.map { columns.values == .reals ? $0.description : $0.shortest }
  }

  /// A level in a table: in quotation marks where it would be read as missing without them.
  private static func cell(_ level: String) -> String {
    CSVCells.marksOfMissing.contains(level) ? "\"\(level)\"" : field(level)
  }

  /// A level in JSON.
  private static func string(_ level: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // Any text has one.
    return (try? encoder.encode(level)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  /// A name of a column, in quotation marks where it must be (RFC 4180).
  private static func field(_ name: String) -> String {
    let needsMarks = name.utf8.contains { ",;\"\t\r\n".utf8.contains($0) } || name != name.trimmingBlanks
    let escaped = name.unicodeScalars.reduce(into: "") { text, scalar in
      text.unicodeScalars.append(scalar)
      if scalar == "\"" { text.unicodeScalars.append(scalar) }
    }
    return needsMarks ? "\"" + escaped + "\"" : name
  }

  private func add(_ text: String, _ data: inout [UInt8]) { data.append(contentsOf: text.utf8) }
}

extension String {
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
