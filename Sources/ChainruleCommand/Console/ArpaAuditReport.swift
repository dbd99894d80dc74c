import Chainrule

/// The audit of an ARPA file, for people and for programs.
struct ArpaAuditReport {
  private let audit: ArpaAudit
  private let file: String
  /// `line` and `text` are those of the first case; a verdict is "sound", "odd" or "wrong".
  private let checks: [(name: String, count: Int, verdict: String, line: Int?, text: String?)]

  init(_ audit: ArpaAudit, file: String) {
    self.audit = audit
    self.file = file == "-" ? "standard input" : file
    let context = audit.worst.context.isEmpty ? "the empty context" : "'\(audit.worst.context)'"
    checks =
      ArpaFinding.Kind.allCases.map { kind in
        guard let finding = audit.findings[kind] else { return (kind.name, 0, "sound", nil, nil) }
        return (kind.name, finding.count, kind.isDefect ? "wrong" : "odd", finding.line, finding.text)
      } + [
        (
          "contexts of \(Numbers.count(audit.contexts)) that do not sum to one", audit.unsoundContexts,
          audit.unsoundContexts == 0 ? "sound" : "wrong", nil, "the worst: \(context), \(audit.worst.sum)"
        )
      ]
  }

  var json: JSONObject {
    [
      "schema": "chainrule.audit/1", "kind": "arpa", "file": file, "ngrams": audit.counts, "contexts": audit.contexts,
      "checks": checks.map { check -> JSONObject in
        ["name": check.name, "count": check.count, "verdict": check.verdict, "line": check.line, "text": check.text]
      }, "worst": ["context": audit.worst.context, "sum": audit.worst.sum] as JSONObject,
      "tolerance": ArpaAudit.tolerance, "sound": audit.isSound,
    ]
  }

  var table: [[String]] {
    [["check", "found", "verdict", "line", "text"]]
      + checks.map { [$0.name, "\($0.count)", $0.verdict, $0.line.map { "\($0)" } ?? "", $0.text ?? ""] }
  }

  var text: String {
    var table = Table([("check", .left), ("found", .right), ("verdict", .left), ("first", .prose)])
    for check in checks {
      let first = check.line.map { "line \($0): " } ?? ""
      table.add([check.name, Numbers.count(check.count), check.verdict, first + (check.text ?? "")])
    }
    let counts = audit.counts.map { Numbers.count($0) }.joined(separator: ", ")
    return "\(file): n-grams of n = 1, 2, …: \(counts)\n\(table.text)"
  }
}
