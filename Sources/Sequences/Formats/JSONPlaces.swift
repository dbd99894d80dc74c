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
    let quoted = Array("\"\(key)\"".utf8)
    var depth = 0
    var stringStart: Int?
    var isInList = false
    var found = 0
    var position = 0
    while position < line.count {
      let byte = line[position]
      if let start = stringStart {
        if byte == UInt8(ascii: "\\") {
          position += 1
        } else if byte == UInt8(ascii: "\"") {
          stringStart = nil
          if depth == 1, line[start...position].elementsEqual(quoted) { isInList = true }
        }
      } else if isInList, depth == 2, !separators.contains(byte) {
        // The first byte of an element; the commas of this depth divide them.
        if found == index { return position }
        if byte == UInt8(ascii: "\"") { stringStart = position } else if opening.contains(byte) { depth += 1 }
      } else if byte == UInt8(ascii: "\"") {
        stringStart = position
      } else if opening.contains(byte) {
        depth += 1
      } else if closing.contains(byte) {
        depth -= 1
      }
      if isInList, depth == 2, stringStart == nil, byte == UInt8(ascii: ",") { found += 1 }
      position += 1
    }
    return 0
  }

  private static let opening: [UInt8] = [UInt8(ascii: "["), UInt8(ascii: "{")]
  private static let closing: [UInt8] = [UInt8(ascii: "]"), UInt8(ascii: "}")]
  private static let separators: [UInt8] = Array(", \t]".utf8)
}
