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

  @Test func wrongUsage() throws {
    #expect(try Program.run("audit", "none", in: folder).code == 66)
    #expect(try Program.run("audit", "train.txt", in: folder).code == 65)
    #expect(try Program.run("audit", "train.txt", "--samples", "3", in: folder).code == 64)
  }
}
