import Foundation
import Testing

/// `audit` of models; that of ARPA files is with the other tests of conversion.
@Suite struct AuditTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
  }

  @Test(arguments: ["markov:2", "tabular/tau", "gru:4,epochs=2/halt"])
  func aModelIsSound(_ word: String) throws {
    #expect(try Program.run("train", "train.txt", "--model", word, "-o", "model", in: folder).code == 0)
    let arguments = ["audit", "model", "--samples", "2000", "--seed", "4"]
    let json = try Program.run(arguments + ["--json", "--threads", "1"], in: folder).json()
    #expect(try json["schema"].string == "chainrule.audit/1" && json["kind"].string == "model")
    #expect(try json["seed"].int == 4 && json["sound"].bool)
    let checks = try json["checks"].list
    #expect(checks.count == 7)
    for check in checks {
      #expect(try check["verdict"].string == "ok")
      let (figure, tolerance) = (try check["figure"].number, try check["tolerance"].number)
      #expect(try check["bound"].string == "atLeast" ? figure >= tolerance : figure <= tolerance)
    }
    let text = try Program.run(arguments + ["--threads", "2"], in: folder)
    #expect(text.code == 0 && text.errors == "" && text.lines.count == 9)
    #expect(text.lines.dropFirst(2).allSatisfy { $0.contains(" ok ") }, "\(text.text)")
    #expect(try Program.run(arguments + ["--threads", "1"], in: folder).text == text.text)
  }

  /// An ARPA file whose sums are off, as a model: the sums FAILED, and the exit code says it.
  @Test func anUnsoundModelFails() throws {
    try folder.write(
      "bad.arpa",
      """
      \\data\\
      ngram 1=4

      \\1-grams:
      -0.5\t</s>
      -99\t<s>
      -0.5\ta
      -0.5\tb

      \\end\\

      """)
    #expect(try Program.run("audit", "bad.arpa", in: folder).code == 65)
    #expect(try Program.run("convert", "bad.arpa", "-o", "bad.safetensors", in: folder).code == 0)
    let audit = try Program.run("audit", "bad.safetensors", in: folder)
    #expect(audit.code == 65)
    #expect(
      audit.lines.filter { $0.contains("FAILED") }.map { $0.prefix(9) }.prefix(2) == ["steps sum", "sequences"],
      "\(audit.text)")
  }

  /// Lengths of an ARPA file whose distribution does not sum to one: 0.2 ends, and 0.4 + 0.2 or 0.4 + 1 go on.
  @Test(arguments: [(-0.69897, 0.5), (0, nil)] as [(Double, Double?)])
  func lengthsOfAnUnsoundModelSaySo(_ b: Double, _ total: Double?) throws {
    try folder.write(
      "bad.arpa",
      """
      \\data\\
      ngram 1=4

      \\1-grams:
      -0.69897\t</s>
      -99\t<s>
      -0.39794\ta
      \(b)\tb

      \\end\\

      """)
    try folder.write("data.txt", "a\na b\n\nb b b\n")
    let found = try Program.run("lengths", "bad.arpa", "data.txt", "--json", in: folder)
    #expect(found.code == 0 && found.errors.contains("do not sum to one"))
    let json = try found.json()
    let sum = try json["total"].number
    // 0.2 / (1 − 0.6); where 1.4 go on of 1, there is no sum.
    if let total { #expect(abs(sum - total) < 1e-5) } else { #expect(sum > 2) }
    #expect(try json["mean"].number >= 0 && json["data"]["fit"]["chiSquare"].number >= 0)
  }

  @Test func wrongUsage() throws {
    #expect(try Program.run("audit", "none", in: folder).code == 66)
    #expect(try Program.run("audit", "train.txt", in: folder).code == 65)
    #expect(try Program.run("audit", "train.txt", "--samples", "3", in: folder).code == 64)
  }
}
