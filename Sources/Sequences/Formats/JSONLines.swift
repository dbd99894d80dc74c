import Foundation

/// An object `{"y": […], "x": […]}` a line; y holds strings or integers, which are symbols. x, the inputs, is one vector
/// of numbers, or a list of as many vectors as y has elements; it may be left out, and then in all lines. Other keys are
/// ignored.
public enum JSONLinesFormat: SequenceFormat {
  public static let name = "jsonl"
  public static let suffixes = [".jsonl", ".ndjson"]
  public static let summary = "an object {\"y\": [...]}, y of strings or integers, with \"x\" if there are inputs"

  public static func kind(asked kind: SymbolKind) -> SymbolKind { .words }

  public static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    let decoder = JSONDecoder()
    while let line = try source.nextLine() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == carriageReturn }) { continue }
      let elements = try row(line, decoder, source).y
      let fraction = firstFraction(in: line, elements)
      for (index, element) in elements.enumerated() {
        // Only read where an error needs it.
        func place() -> Location {
          source.location(inLine: JSONPlaces.offset(ofElement: index, under: "y", in: line))
        }
        if index == fraction { throw DataError.realValues(place()) }
        switch element {
        case .integer(let integer): try builder.append(String(integer), at: place())
        case .symbol(let symbol):
          if symbol.isEmpty { throw DataError.malformed(place(), "expected a symbol in y, found an empty string") }
          try builder.append(symbol, at: place())
        case .real: throw DataError.realValues(place())
        case .missing: throw DataError.missingElement(place())
        case .other: throw DataError.malformed(place(), "expected strings or integers in y, found something else")
        }
      }
      try JSONInputs.read(line, length: elements.count, into: &builder.inputs) { source.location(inLine: $0) }
      builder.endSequence()
    }
  }

  /// The first element that is written as a real number. The decoder takes 1.0 for the integer 1, so the text decides,
  /// where there is an integer and a letter that such a number needs.
  private static func firstFraction(in line: UnsafeBufferPointer<UInt8>, _ elements: [Element]) -> Int? {
    let hasInteger = elements.contains { if case .integer = $0 { true } else { false } }
    guard hasInteger, line.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) else {
      return nil
    }
    return JSONPlaces.firstFraction(under: "y", in: line)
  }

  private static func row(
    _ line: UnsafeBufferPointer<UInt8>, _ decoder: JSONDecoder, _ source: borrowing ByteSource
  ) throws -> Row {
    do {
      return try decoder.decode(Row.self, from: Data(line))
    } catch DecodingError.dataCorrupted {
      throw DataError.malformed(
        source.location(inLine: JSONPlaces.offsetOfFault(in: line)), "expected a JSON object, found no valid JSON")
    } catch {
      throw DataError.malformed(source.location(inLine: 0), "expected an object with a list under the key \"y\"")
    }
  }
}

private struct Row: Decodable {
  let y: [Element]
}

private enum Element: Decodable {
  case symbol(String)
  case integer(Int)
  case real
  case missing
  case other

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.singleValueContainer() {
      if container.decodeNil() {
        self = .missing
      } else if let text = try? container.decode(String.self) {
        self = .symbol(text)
      } else if let integer = try? container.decode(Int.self) {
        self = .integer(integer)
      } else if (try? container.decode(Double.self)) != nil {
        self = .real
      } else if (try? container.decode([Double].self)) != nil {
        self = .real  // a vector at each step
      } else {
        self = .other
      }
    } else {
      self = .other
    }
  }
}
