import Foundation
import Testing

/// `--report`, and the report of `run`. What the page holds is tested with the library.
@Suite struct ReportTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(80, seed: 2))
  }

  /// The page changes nothing of what is printed, but for the seconds.
  @Test func pageBesideTheTable() throws {
    let line = ["compare", "train.txt", "--model", "markov:1", "--model", "tabular/tau", "-q"]
    let plain = try Program.run(line, in: folder)
    let outcome = try Program.run(line + ["--report", "page.html"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    func withoutSeconds(_ outcome: Program.Outcome) -> [String] {
      outcome.lines.map { $0.replacing(#/[0-9.]+ s$/#, with: "") }
    }
    #expect(withoutSeconds(outcome) == withoutSeconds(plain))
    let page = try String(decoding: folder.read("page.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(page.contains("tabular/tau") && page.contains("Survival") && page.contains("chainrule compare train.txt"))
  }

  /// Each measure that was asked for stays in the text.
  @Test func measuresThatWereAskedForAreShown() throws {
    let outcome = try Program.run(
      "compare", "train.txt", "--model", "markov:1", "--by", "seen", "--samples", "2", "--report", "page.html", "-q",
      in: folder)
    #expect(outcome.text.contains("Nats an event of the test data by seen"))
    #expect(!outcome.text.contains("by position") && !outcome.text.contains("Calibration"))
    let table = try Program.run(
      "compare", "train.txt", "--model", "markov:1", "--by", "seen", "--csv", "--report", "page.html", "-q", in: folder)
    #expect(table.lines.count > 1 && table.lines.dropFirst().allSatisfy { $0.contains(",seen,") })
  }

  /// The data are not written over, and an impossible place is told before the work.
  @Test(arguments: [("train.txt", 64), ("missing/page.html", 73), ("-", 64), ("/dev/stdout", 64)])
  func refusedPlaces(path: String, code: Int32) throws {
    let outcome = try Program.run("compare", "train.txt", "--model", "markov:1", "--report", path, in: folder)
    #expect(outcome.code == code && outcome.output.isEmpty, "\(outcome.code): \(outcome.errors)")
    #expect(try String(decoding: folder.read("train.txt"), as: UTF8.self) == names(80, seed: 2))
  }

  /// An experiment's page holds the experiment.
  @Test func pageOfAnExperiment() throws {
    try folder.write(
      "e.yaml",
      """
      # {{x}} <b>
      data: {train: train.txt}
      models: [markov:1, markov:0/halt]
      outputs: {report: page.html}
      """)
    let outcome = try Program.run("run", "e.yaml", "-q", in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let page = try String(decoding: folder.read("page.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("# {{x}} &lt;b&gt;\ndata: {train: train.txt}"))
  }
}
