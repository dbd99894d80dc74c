import Foundation
import Testing

@Suite struct IndependenceTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  /// Words in which a letter follows from the one before the last, in half of all cases; 1 in 1,000 for a false alarm.
  @Test func theOrderIsFound() throws {
    var random: UInt64 = 7
    func next() -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(random >> 33)
    }
    let words = (0..<100).map { _ in
      var word: [Int] = []
      for t in 0..<40 { word.append(t > 1 && next() % 2 == 0 ? word[t - 2] : next() % 3) }
      return word.map { "abc".map(String.init)[$0] }.joined()
    }
    try folder.write("words.txt", words.joined(separator: "\n") + "\n")
    let json = try Program.run(
      "independence", "words.txt", "--alpha", "0.001", "--max-order", "4", "--json", in: folder
    ).json()
    #expect(try json["schema"].string == "chainrule.independence/1")
    #expect(try json["order"].int == 2 && !json["isBound"].bool)
    let tests = try json["tests"].list
    #expect(try tests.map { try $0["verdict"].string }.dropFirst() == ["rejected", "not rejected", "not rejected"])
    #expect(try tests.map { try $0["degreesOfFreedom"].int } == [4, 12, 36, 108])
    #expect(try tests[1]["stretches"].int == 100 * 38)
    let text = try Program.run("independence", "words.txt", "--alpha", "0.001", "--max-order", "4", in: folder)
    #expect(text.lines.count == 6 && text.lines[5].hasPrefix("words.txt: order 2 (α = 0.001"), "\(text.text)")
    let bound = try Program.run("independence", "words.txt", "--alpha", "0.001", "--max-order", "2", in: folder)
    #expect(bound.lines.last?.hasPrefix("words.txt: order 2 or more") == true)
  }

  @Test func wrongUsage() throws {
    try folder.write("one.txt", "abc\n")
    #expect(try Program.run("independence", "none.txt", in: folder).code == 66)
    #expect(try Program.run("independence", "one.txt", "--alpha", "0", in: folder).code == 64)
    #expect(try Program.run("independence", "one.txt", "--max-order", "0", in: folder).code == 64)
    #expect(try Program.run("independence", "one.txt", "--max-order", "60", in: folder).code == 64)
    // Too little to say anything.
    let little = try Program.run("independence", "one.txt", in: folder)
    #expect(little.code == 0 && little.lines.last?.contains("order 0 or more") == true, "\(little.text)")
  }
}
