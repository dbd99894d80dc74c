import Foundation

/// Where in a line of JSON something stands: what the decoder does not tell, for messages.
enum JSONPlaces {
  /// The offset at which a line stops being JSON.
  static func offsetOfFault(in line: UnsafeBufferPointer<UInt8>) -> Int {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(line))
      return 0
    } catch {
      // "Invalid value around character 12."; otherwise the line ends too soon.
      let description = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
      let digits = description.drop { !$0.isNumber }.prefix { $0.isNumber }
      return min(Int(digits) ?? line.count, line.count)
    }
  }

  /// The offset of element `index` of the list under `key`, in a line that is a valid object.
  static func offset(ofElement index: Int, under key: String, in line: UnsafeBufferPointer<UInt8>) -> Int {
    firstElement(under: key, in: line) { number, _ in number == index }?.offset ?? 0
  }

  /// The index of the first number with a point or an exponent in the list under `key`.
  static func firstFraction(under key: String, in line: UnsafeBufferPointer<UInt8>) -> Int? {
    firstElement(under: key, in: line) { _, element in
      isNumberStart(element[element.startIndex])
        && element.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
    }?.index
  }

  /// The offsets of the values that the object has under `key`: one, unless the key is missing or repeated.
  static func offsets(ofValuesUnder key: String, in line: UnsafeBufferPointer<UInt8>) -> [Int] {
    var cursor = JSONCursor(line)
    var offsets: [Int] = []
    guard cursor.skip("{") else { return [] }
    repeat {
      let name = cursor.skipValue()
      guard !name.isEmpty, cursor.skip(":") else { break }
      let value = cursor.skipValue()
      if line[name].dropFirst().dropLast().elementsEqual(key.utf8) { offsets.append(value.lowerBound) }
    } while cursor.skip(",")
    return offsets
  }

  private static func isNumberStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Of a key that is repeated the first value counts, as for the decoder.
  private static func firstElement(
    under key: String, in line: UnsafeBufferPointer<UInt8>,
    where isMeant: (Int, Slice<UnsafeBufferPointer<UInt8>>) -> Bool
  ) -> (index: Int, offset: Int)? {
    guard let start = offsets(ofValuesUnder: key, in: line).first else { return nil }
    var cursor = JSONCursor(line, at: start)
    guard cursor.skip("[") else { return nil }
    var index = 0
    repeat {
      let element = cursor.skipValue()
      if element.isEmpty { return nil }
      if isMeant(index, line[element]) { return (index, element.lowerBound) }
      index += 1
    } while cursor.skip(",")
    return nil
  }
}
