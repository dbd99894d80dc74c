import Chainrule
import Foundation

/// The JSON of `audit` of a model.
struct ModelAuditReport: Encodable {
  struct Check: Encodable {
    var name: String
    var figure: Double
    var tolerance: Double
    /// "atMost", or "atLeast" of a p-value.
    var bound: String
    /// "ok" or "failed".
    var verdict: String
    var text: String
  }

  var schema = "chainrule.audit/1"
  var kind = "model"
  var file: String
  var model: String
  var seed: UInt64
  var samples: Int
  var checks: [Check]
  var sound: Bool

  init(_ model: SequenceModel, _ lines: [AuditLine], _ options: AuditOptions, file: String) {
    self.file = file == "-" ? "standard input" : file
    self.model = model.specification.word
    seed = options.seed
    samples = options.samples
    checks = lines.map { line in
      Check(
        name: line.check.rawValue, figure: line.figure, tolerance: line.tolerance,
        bound: line.isPValue ? "atLeast" : "atMost", verdict: line.isSound ? "ok" : "failed", text: line.sentence)
    }
    sound = lines.allSatisfy(\.isSound)
  }

  /// For people.
  var text: String {
    var table = Table([("check", .left), ("figure", .right), ("wanted", .left), ("verdict", .left), ("of", .prose)])
    for check in checks {
      table.add([
        check.name, String(format: "%.2g", check.figure),
        (check.bound == "atLeast" ? "≥ " : "≤ ") + String(format: "%.1g", check.tolerance),
        check.verdict == "ok" ? "ok" : "FAILED", check.text,
      ])
    }
    return "\(file): \(model), seed \(seed)\n\(table.text)"
  }
}
