import Chainrule

/// The JSON of `audit` of an ARPA file.
struct ArpaAuditReport: Encodable {
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

  init(_ audit: ArpaAudit, file: String) {
    checks = ArpaFinding.Kind.allCases.map { kind in
      guard let finding = audit.findings[kind] else { return Check(name: kind.name, count: 0, verdict: "sound") }
      return Check(
        name: kind.name, count: finding.count, verdict: kind.isDefect ? "wrong" : "odd", line: finding.line,
        text: finding.text)
    }
    let context = audit.worst.context.isEmpty ? "the empty context" : "'\(audit.worst.context)'"
    checks.append(
      Check(
        name: "contexts of \(Numbers.count(audit.contexts)) that do not sum to one", count: audit.unsoundContexts,
        verdict: audit.unsoundContexts == 0 ? "sound" : "wrong", text: "the worst: \(context), \(audit.worst.sum)"))
    self.file = file == "-" ? "standard input" : file
    ngrams = audit.counts
    contexts = audit.contexts
    worst = Worst(context: audit.worst.context, sum: audit.worst.sum)
    tolerance = ArpaAudit.tolerance
    sound = audit.isSound
  }

  /// For people.
  var text: String {
    var table = Table([("check", .left), ("found", .right), ("verdict", .left), ("first", .prose)])
    for check in checks {
      let first = check.line.map { "line \($0): " } ?? ""
      table.add([check.name, Numbers.count(check.count), check.verdict, first + (check.text ?? "")])
    }
    return "\(file): n-grams of n = 1, 2, …: \(ngrams.map { Numbers.count($0) }.joined(separator: ", "))\n\(table.text)"
  }
}
