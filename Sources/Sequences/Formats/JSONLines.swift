import Foundation

/// An object `{"y": […]}` a line; y holds strings or integers, which are symbols. Other keys are ignored.
public enum JSONLinesFormat: SequenceFormat {
  public static let name = "jsonl"
  public static let suffixes = [".jsonl", ".ndjson"]
  public static let summary = "an object {\"y\": [...]}, y of strings or integers"

  public static func kind(asked kind: SymbolKind) -> SymbolKind { .words }

  public static func read(_ source: inout ByteSource, into builder: inout SequenceBuilder) throws {
    let decoder = JSONDecoder()
    while let line = try source.nextLine() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == carriageReturn }) { continue }
      for (index, element) in try row(line, decoder, source).y.enumerated() {
        // Only read where an error needs it.
        func place() -> Location {
          source.location(inLine: JSONPlaces.offset(ofElement: index, under: "y", in: line))
        }
        switch element {
        case .symbol(let symbol):
          if symbol.isEmpty { throw DataError.malformed(place(), "expected a symbol in y, found an empty string") }
          try builder.append(symbol, at: place())
        case .real: throw DataError.realValues(place())
        case .missing: throw DataError.missingElement(place())
        case .other: throw DataError.malformed(place(), "expected strings or integers in y, found something else")
        }
      }
      builder.endSequence()
    }
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
        self = .symbol(String(integer))
      } else if let number = try? container.decode(Double.self) {
        self = Int(exactly: number).map { .symbol(String($0)) } ?? .real
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
