import ArgumentParser
import Chainrule
import Foundation

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Say whether an ARPA file is sound: each figure with a verdict.",
    discussion: """
      Looks for logarithms above 0, n-grams that stand there twice or whose
      context or shorter n-gram is missing, and contexts whose probabilities do
      not sum to one. The exit code is 0 for a sound file, 65 for one that is not
      sound or cannot be read.

      Examples:
        chainrule audit words.arpa.gz
        chainrule audit words.arpa --json
      """)

  @Argument(help: "An ARPA file; '-' is standard input.")
  var file: String

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Report: Encodable {
    struct Check: Encodable {
      var name: String
      var count: Int
      /// "sound", "odd" or "wrong".
      var verdict: String
      /// Of the first case.
      var line: Int?
      var text: String?
    }

    struct Worst: Encodable {
      var context: String
      var sum: Double
    }

    var schema = "chainrule.audit/1"
    var kind = "arpa"
    var file: String
    var ngrams: [Int]
    var contexts: Int
    var checks: [Check]
    var worst: Worst
    var tolerance: Double
    var sound: Bool
  }

  func run() throws {
    let audit = try ArpaAudit(reading: ByteSource(opening: file))
    let report = report(audit)
    if json {
      try printJSON(report)
    } else {
      try Console.print(
        "\(report.file): n-grams of n = 1, 2, …: \(audit.counts.map { Numbers.count($0) }.joined(separator: ", "))")
      var table = Table([("check", .left), ("found", .right), ("verdict", .left), ("first", .left)])
      for check in report.checks {
        let first = check.line.map { "line \($0): " } ?? ""
        table.add([check.name, Numbers.count(check.count), check.verdict, first + (check.text ?? "")])
      }
      try Console.print(table.text)
    }
    if !audit.isSound { throw ExitCode(65) }
  }

  private func report(_ audit: ArpaAudit) -> Report {
    var checks = ArpaFinding.Kind.allCases.map { kind in
      guard let finding = audit.findings[kind] else { return Report.Check(name: kind.name, count: 0, verdict: "sound") }
      return Report.Check(
        name: kind.name, count: finding.count, verdict: kind.isDefect ? "wrong" : "odd", line: finding.line,
        text: finding.text)
    }
    let context = audit.worst.context.isEmpty ? "the empty context" : "'\(audit.worst.context)'"
    checks.append(
      Report.Check(
        name: "contexts of \(Numbers.count(audit.contexts)) that do not sum to one", count: audit.unsoundContexts,
        verdict: audit.unsoundContexts == 0 ? "sound" : "wrong", text: "the worst: \(context), \(audit.worst.sum)"))
    return Report(
      file: file == "-" ? "standard input" : file, ngrams: audit.counts, contexts: audit.contexts, checks: checks,
      worst: .init(context: audit.worst.context, sum: audit.worst.sum), tolerance: ArpaAudit.tolerance,
      sound: audit.isSound)
  }
}
