import Foundation
import Sequences

/// A figure that others published, to stand beside those of a comparison.
public struct PublishedFigure: Sendable, Hashable, Codable {
  /// The unit of a figure.
  public enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nats an event.
    case natsPerEvent = "nats/event"
    /// Bits an event.
    case bitsPerEvent = "bits/event"
    /// Nats a sequence.
    case natsPerSequence = "nats/sequence"
    /// exp of the nats an event.
    case perplexity
    /// Nats a symbol, where ends are neither predicted nor counted.
    case natsPerSymbol = "nats/symbol"
    /// Bits a symbol, where ends are neither predicted nor counted.
    case bitsPerSymbol = "bits/symbol"
    /// Nats a step of vectors, without the length's share.
    case natsPerStep = "nats/step"
  }

  /// What the model is called.
  public let name: String
  /// The figure, as it was published.
  public let figure: Double
  /// Its unit.
  public let unit: Unit
  /// Where it was published.
  public let source: String
  /// What was counted, on which part of the data.
  public let `protocol`: String

  /// The figure in nats an event; `nil` where ends do not count.
  /// - Parameter events: those of a sequence, in the mean.
  public func natsPerEvent(events: Double) -> Double? {
    switch unit {
    case .natsPerEvent: figure
    case .bitsPerEvent: figure * log(2)
    case .natsPerSequence: figure / events
    case .perplexity: log(figure)
    case .natsPerSymbol, .bitsPerSymbol, .natsPerStep: nil
    }
  }

  /// The figure in nats a symbol, ends left out; `nil` where they count.
  public var natsPerSymbol: Double? {
    switch unit {
    case .natsPerSymbol, .natsPerStep: figure
    case .bitsPerSymbol: figure * log(2)
    default: nil
    }
  }

  /// Reads a table with tabs or commas between its columns, below a header: name, figure, source, protocol, and perhaps unit
  /// (nats/event if left out).
  /// - Throws: `DataError`, with line and column.
  public static func read(_ path: String) throws -> [PublishedFigure] {
    var source = try ByteSource(opening: path)
    try source.skipByteOrderMark()
    func next() throws -> (line: Int, text: String)? {
      while true {
        let line = source.location().line
        guard let bytes = try source.nextLine() else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        if !text.allSatisfy(\.isWhitespace) { return (line, text) }
      }
    }
    func malformed(_ line: Int, _ problem: String) -> DataError {
      .malformed(Location(file: path, line: line, column: 1), problem)
    }
    guard let head = try next() else { throw DataError.noSequences(path) }
    let separator: Character = head.text.contains("\t") ? "\t" : ","
    let columns = fields(head.text, separator).map { $0.lowercased() }
    for wanted in ["name", "figure", "source", "protocol"] where !columns.contains(wanted) {
      throw malformed(
        head.line,
        "expected a header with the columns name, figure, source, protocol and perhaps unit, found no \(wanted)")
    }
    var figures: [PublishedFigure] = []
    while let (line, text) = try next() {
      let row = fields(text, separator)
      guard row.count == columns.count else {
        throw malformed(line, "expected \(columns.count) fields as in the header, found \(row.count)")
      }
      let values = Dictionary(zip(columns, row)) { first, _ in first }
      let unit = values["unit"].flatMap { $0.isEmpty ? nil : $0 } ?? Unit.natsPerEvent.rawValue
      guard let unit = Unit(rawValue: unit) else {
        throw malformed(
          line,
          "expected the unit \(Unit.allCases.map(\.rawValue).joined(separator: ", ")), found \(VisibleText.quoted(unit))"
        )
      }
      guard let figure = Double(values["figure"] ?? ""), figure.isFinite, figure > 0 else {
        throw malformed(
          line, "expected a positive number as figure, found \(VisibleText.quoted(values["figure"] ?? ""))")
      }
      figures.append(
        PublishedFigure(
          name: values["name"] ?? "", figure: figure, unit: unit, source: values["source"] ?? "",
          protocol: values["protocol"] ?? ""))
    }
    return figures
  }

  /// The fields of a line; in quotation marks a separator is text, and two marks are one (RFC 4180).
  private static func fields(_ line: String, _ separator: Character) -> [String] {
    var (fields, field, isQuoted) = ([String](), "", false)
    var rest = line[...]
    while let character = rest.popFirst() {
      if isQuoted {
        if character != "\"" {
          field.append(character)
        } else if rest.first == "\"" {
          field.append(rest.removeFirst())
        } else {
          isQuoted = false
        }
      } else if character == "\"", field.isEmpty {
        isQuoted = true
      } else if character == separator {
        fields.append(field)
        field = ""
      } else {
        field.append(character)
      }
    }
    return (fields + [field]).map { $0.trimmingCharacters(in: .whitespaces) }
  }
}
