import Foundation
import Testing

/// Comparisons with the process that made the data.
@Suite struct RegretTests {
  private let folder: Folder

  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }

  init() throws { folder = try Folder() }

  /// The regret is the difference of the figures a scoring with the truth gives, in JSON, CSV and the table.
  @Test func regretIsTold() throws {
    #expect(
      try Program.run("simulate", "copy:2,noise=0.1,mean=8", "-n", "300", "-o", "d.txt", "--model-out", "t", in: folder)
        .code == 0)
    #expect(
      try Program.run("simulate", "copy:2,noise=0.1,mean=8", "-n", "200", "--seed", "2", "-o", "e.txt", in: folder).code
        == 0)
    let line = [
      "compare", "d.txt", "--test", "e.txt", "--truth", "t", "--model", "markov:1", "--model", "markov:2", "-q",
    ]
    let json = try Program.run(line + ["--json"], in: folder).json()
    let scored = try Program.run("score", "t", "e.txt", "--json", in: folder).json()["total"]
    let own = try json["truth"]["test"]["natsPerEvent"].number
    #expect(abs(try own - scored["natsPerEvent"].number) < 1e-12)
    #expect(try json["truth"]["model"].string == "copy:delay=2,symbols=2,noise=0.1,mean=8.0/halt")
    let models = try json["models"].list
    for model in models {
      let regret = try model["regret"]
      #expect(abs(try regret["natsPerEvent"].number - model["test"]["natsPerEvent"].number + own) < 1e-12)
      #expect(try regret["low"].number < regret["natsPerEvent"].number)
      #expect(try regret["natsPerEvent"].number < regret["high"].number)
    }
    // markov:1 sees nothing of it, markov:2 all.
    #expect(try models[0]["regret"]["low"].number > 0.1 && models[1]["regret"]["natsPerEvent"].number < 0.02)
    let csv = try Program.run(line + ["--csv"], in: folder).lines.map { $0.components(separatedBy: ",") }
    #expect(csv[0].suffix(3) == ["regret", "regret_low", "regret_high"] && csv.count == 4)
    #expect(csv[3].contains("truth") && csv[3].suffix(3) == ["0.0", "0.0", "0.0"])
    #expect(try Double(csv[1].suffix(3).first ?? "") == models[0]["regret"]["natsPerEvent"].number)
    let text = try Program.run(line, in: folder).text
    #expect(text.contains("regret [95 % CI]") && text.contains(/=  +copy:delay=2,noise=0.1,mean=8.0.halt/))
    // The page has it as well.
    #expect(try Program.run(line + ["--report", "page.html"], in: folder).code == 0)
    #expect(String(decoding: try folder.read("page.html"), as: UTF8.self).contains("regret"))
  }

  /// Learning curves, and from how many sequences on a model overtakes.
  @Test(.enabled(if: hasGnuplot)) func curvesAndCrossingsAreTold() throws {
    #expect(
      try Program.run("simulate", "copy:3,mean=12", "-n", "400", "-o", "d.txt", "--model-out", "t", in: folder).code
        == 0)
    let line = [
      "compare", "d.txt", "--truth", "t", "--model", "markov:0", "--model", "vlmc:3", "--learning-curve", "-q",
    ]
    let json = try Program.run(line + ["--json", "--plot", "regret.svg"], in: folder).json()
    let crossing = try json["overtaking"].list
    #expect(crossing.count == 1)
    #expect(try crossing[0]["overtakes"].string.hasPrefix("markov") && crossing[0]["model"].string.hasPrefix("vlmc"))
    let svg = String(decoding: try folder.read("regret.svg"), as: UTF8.self)
    #expect(svg.contains("nats/event above the true process") && svg.contains("training sequences"))
    let text = try Program.run(line, in: folder).text
    #expect(text.contains("Training sequences from which on a model predicts the test data better than a Markov model"))
    let csv = try Program.run(line + ["--csv"], in: folder).lines
    #expect(csv[0] == "model,fraction,sequences,nats_per_event,spread,regret" && csv.count == 13)
  }

  @Test func whatDidNotMakeTheDataIsRefused() throws {
    try folder.write("d.txt", "ab\nba\nab\n")
    try folder.write("e.txt", "ae\n")
    #expect(
      try Program.run("simulate", "counters:2", "-n", "5", "-o", "x.txt", "--model-out", "t", in: folder).code == 0)
    let impossible = try Program.run(
      "compare", "d.txt", "--test", "d.txt", "--truth", "t", "--model", "markov:0", in: folder)
    #expect(impossible.code == 65 && impossible.errors.contains("probability 0"))
    let other = try Program.run(
      "compare", "e.txt", "--test", "e.txt", "--truth", "t", "--model", "markov:0", in: folder)
    #expect(other.code == 65 && other.errors.contains("\"e\""))
    // Coins are no data of a process that repeats itself.
    try folder.write("f.txt", String(repeating: "ab\nba\naa\nbb\n", count: 30))
    #expect(
      try Program.run("simulate", "copy:1,noise=0.2,mean=9", "-o", "x.txt", "--model-out", "c", in: folder).code == 0)
    let unlikely = try Program.run("compare", "f.txt", "--truth", "c", "--model", "markov:1", in: folder)
    #expect(unlikely.code == 0 && unlikely.text.contains("can hardly have made them"))
    let missing = try Program.run("compare", "d.txt", "--truth", "no", "--model", "markov:0", in: folder)
    #expect(missing.code == 66)
  }
}
