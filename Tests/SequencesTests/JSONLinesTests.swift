import Foundation
import Sequences
import Testing

/// The strict reader of JSON lines: each cause of refusal is named with its place, and what is read is what Foundation reads.
@Suite struct JSONLinesTests {
  static let refused: [(text: String, column: Int, problem: String)] = [
    // Repeated keys, written in any way.
    ("{\"y\":[\"a\"],\"y\":[\"b\"]}", 12, "expected one y, found a second"),
    ("{\"y\":[\"a\"],\"\\u0079\":[\"b\"]}", 12, "expected one y, found a second"),
    ("{\"x\":null,\"y\":[\"a\"],\"x\":[1]}", 21, "expected one x, found a second"),
    // Commas.
    ("{\"y\":[\"a\"],}", 12, "expected a key after the comma, found }"),
    ("{\"y\":[\"a\",]}", 11, "expected a string or an integer after the comma, found ]"),
    ("{\"y\":[,\"a\"]}", 7, "expected strings or integers in y, found ,"),
    ("{\"y\":[\"a\" \"b\"]}", 11, "expected a comma or the end of y, found a string"),
    ("{\"z\":[1,],\"y\":[]}", 9, "expected a value after the comma, found ]"),
    ("{\"z\":{\"a\":1,},\"y\":[]}", 13, "expected a key after the comma, found }"),
    ("{,\"y\":[]}", 2, "expected a key, found ,"),
    ("{\"y\":[] \"z\":1}", 9, "expected a comma or the end of the object, found a string"),
    // Numbers.
    (
      "{\"y\":[99999999999999999999]}", 7,
      "expected an integer from -2^63 to 2^63 - 1, found 99999999999999999999; larger ones can be written as strings"
    ),
    (
      "{\"y\":[9223372036854775808]}", 7,
      "expected an integer from -2^63 to 2^63 - 1, found 9223372036854775808; larger ones can be written as strings"
    ),
    ("{\"y\":[01]}", 7, "expected an integer in y, found 01"), ("{\"y\":[-]}", 7, "expected an integer in y, found -"),
    ("{\"y\":[NaN]}", 7, "expected strings or integers in y, found NaN"),
    ("{\"y\":[],\"z\":Infinity}", 13, "expected a value, found Infinity"),
    ("{\"y\":[],\"z\":1.}", 13, "expected a number, found 1."),
    ("{\"y\":[],\"z\":+1}", 13, "expected a value, found +1"),
    ("{\"y\":[0x1F]}", 7, "expected an integer in y, found 0x1F"),
    // Strings.
    (
      "{\"y\":[\"a\\ud800\"]}", 9,
      "expected a character, found half of a surrogate pair, U+D800, without the other"
    ),
    (
      "{\"y\":[\"\\udc00\\ud800\"]}", 8,
      "expected a character, found half of a surrogate pair, U+DC00, without the other"
    ),
    (
      "{\"y\":[\"\\ud83d\\u0041\"]}", 8,
      "expected a character, found half of a surrogate pair, U+D83D, without the other"
    ),
    (
      "{\"z\":\"\\udfff\",\"y\":[]}", 7,
      "expected a character, found half of a surrogate pair, U+DFFF, without the other"
    ),
    ("{\"y\":[\"a\tb\"]}", 9, "expected a character, found the control character U+0009, which JSON writes \\u0009"),
    (
      "{\"y\":[\"\\n\u{1}\"]}", 10,
      "expected a character, found the control character U+0001, which JSON writes \\u0001"
    ),
    ("{\"y\":[\"\\x\"]}", 8, "expected an escape of JSON after the \\, such as \\\\ or \\n"),
    ("{\"y\":[\"\\u12g4\"]}", 8, "expected four hexadecimal digits after \\u"),
    ("{\"y\":[\"a]}", 11, "expected the end of a string, found the end of the line"),
    ("{'y':['a']}", 2, "expected a key, found 'y'"),
    // Shapes.
    ("{\"y\":[\"a\"]} {\"y\":[]}", 13, "expected the end of the line after the object, found an object"),
    ("{\"y\":[\"a\"]", 11, "expected a comma or the end of the object, found the end of the line"),
    ("[\"a\"]", 1, "expected an object {\"y\": […]} on each line, found a list"),
    ("{\"Y\":[\"a\"]}", 1, "expected a list under the key \"y\", found no such key"),
    ("{\"y\":{\"a\":1}}", 6, "expected a list under the key \"y\", found an object"),
    ("{\"y\":[tru]}", 7, "expected strings or integers in y, found tru"),
    ("{\"y\" [1]}", 6, "expected a colon after the key, found a list"),
    (
      "{\"y\":[[\"a\"]]}", 7,
      "expected strings or integers in y, found a list; `--values` reads vectors where the data come from standard input"
    ),
  ]

  @Test(arguments: refused)
  func malformedLinesAreRefusedWithTheirCause(text: String, column: Int, problem: String) {
    #expect(throws: DataError.malformed(at(2, column), problem)) {
      try read("{\"y\": [1]}\n\(text)\n", format: "jsonl")
    }
  }

  @Test func strictDoesNotMeanNarrow() throws {
    let text = """
      {"z": {"y": [0.5, {"x": null}], "w": []}, "y": ["\\ud83d\\ude00", "\\u00e9\\/", -0, -12, 9223372036854775807]}\r
       { "y" : [ "a b" , "\\n\\t\\"\\\\" , "\\u0000" ] , "k": [true, false, null, -1.5e-3, 0E0, [[[]]], ""] }\u{20}

      {"\\u0079":[]}
      """
    #expect(
      try read(text, format: "jsonl").named == [
        ["😀", "é/", "0", "-12", "9223372036854775807"], ["a b", "\n\t\"\\", "\u{0}"], [],
      ])
    let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(try read("{\"z\":\(deep),\"y\":[1]}", format: "jsonl").texts == ["1"])
  }

  /// Whatever is written by Foundation is read as it was, and what is read of damaged lines Foundation reads alike.
  @Test func linesAreReadAsFoundationReadsThem() throws {
    var random = SplitMix(state: 7)
    let pieces = ["a", "\"", "\\", "/", "é", "😀", "\u{1}", "\n", "\u{7F}", " ", "{", "]", ",", "\u{2028}", "u0041"]
    var agreed = 0
    for number in 0..<400 {
      let symbols = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      }
      let extra: [String: [Double?]] = ["k": [0.5, nil, Double(number)]]
      var line = Array(try JSONSerialization.data(withJSONObject: ["y": symbols, "extra": extra], options: []))
      #expect(try read(line, format: "jsonl").named == [symbols], "\(symbols)")
      // One byte becomes another, or goes.
      let place = Int.random(in: 0..<line.count, using: &random)
      if number % 2 == 0 { line.remove(at: place) } else { line[place] = UInt8.random(in: 0x20..<0x7F, using: &random) }
      guard let data = try? read(line, format: "jsonl") else { continue }
      let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let expected = (object?["y"] as? [Any])?.map { ($0 as? String) ?? "\($0)" }
      #expect(data.named == [expected], "\(String(decoding: line, as: UTF8.self))")
      agreed += 1
    }
    #expect(agreed > 20)
  }
}
