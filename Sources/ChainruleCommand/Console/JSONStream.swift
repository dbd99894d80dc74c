import Chainrule
import Foundation

/// One JSON object with a long array in it, written as it comes: memory does not grow with the array.
///
///     let stream = try JSONStream(head, array: "samples")   // the keys of `head`, and the array begins
///     try stream.add(elements)                              // one a line
///     try stream.finish(tail)                               // the keys of `tail`
struct JSONStream {
  private var isEmpty = true

  /// - Parameters:
  ///   - head: a report, which is given what its run was.
  ///   - files: the paths that were read.
  init(_ head: JSONObject, reading files: [String?], array: String) throws {
    let text = Self.opened(try jsonText(head, reading: files))
    try Console.print(Data("\(text),\n  \(JSONStream.literal(array)) : [".utf8))
  }

  /// Writes elements, each as JSON text of one line.
  mutating func add(_ elements: [String]) throws {
    if elements.isEmpty { return }
    let text = elements.map { "\n    \($0)" }.joined(separator: ",")
    try Console.print(Data((isEmpty ? text : "," + text).utf8))
    isEmpty = false
  }

  /// - Parameter tail: an object, which may have no keys.
  func finish(_ tail: JSONObject) throws {
    let text = Self.opened(try jsonText(tail)).dropFirst()
    try Console.print(Data(((isEmpty ? "]" : "\n  ]") + (text.isEmpty ? "" : "," + text) + "\n}\n").utf8))
  }

  /// An object's text without its last brace; "{" alone where it has no keys.
  private static func opened(_ object: String) -> String {
    var text = object
    text.removeLast()
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// A string, or a list, as JSON text in one line.
  static func literal(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// A number as JSON text; infinite numbers are the strings "inf" and "-inf".
  static func literal(_ number: Double) -> String {
    if number.isFinite { return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)" }
    return number.isNaN ? "\"nan\"" : number > 0 ? "\"inf\"" : "\"-inf\""
  }
}
