import Chainrule
import Foundation

/// The audit of a model, for people and for programs.
enum ModelAuditReport {
  /// A bound is "atMost", or "atLeast" of a p-value; `level` is the probability with which a sound model fails by chance, at most.
  static func json(_ model: some FittedModel, _ lines: [AuditLine], _ options: AuditOptions, file: String) -> JSONObject
  {
    [
      "schema": "chainrule.audit/1", "kind": "model", "file": file == "-" ? "standard input" : file,
      "model": model.specification.word, "seed": options.seed, "samples": options.samples, "level": options.level,
      "checks": lines.map { line -> JSONObject in
        [
          "name": line.check.rawValue, "figure": line.figure, "tolerance": line.tolerance,
          "bound": line.isPValue ? "atLeast" : "atMost", "verdict": line.isSound ? "ok" : "failed",
          "text": line.sentence, "pValue": line.pValue,
        ]
      }, "sound": lines.allSatisfy(\.isSound),
    ]
  }

  static func table(_ lines: [AuditLine]) -> [[String]] {
    [["check", "figure", "bound", "tolerance", "verdict", "text", "p_value"]]
      + lines.map { line in
        [
          line.check.rawValue, "\(line.figure)", line.isPValue ? "atLeast" : "atMost", "\(line.tolerance)",
          line.isSound ? "ok" : "failed", line.sentence, line.pValue.map { "\($0)" } ?? "",
        ]
      }
  }

  // MARK: For people

  /// What stands above the lines.
  static func head(_ model: some FittedModel, _ options: AuditOptions, file: String) -> String {
    "\(file): \(model.specification.word), seed \(options.seed); a sound model fails by chance once in "
      + "\(Numbers.count(Int((1 / options.level).rounded()))) audits at most\n"
      + row("check", "figure", "wanted", "verdict", "of")
  }

  /// A line as soon as it is known: columns are as wide as they may need to be.
  static func text(_ line: AuditLine) -> String {
    row(
      line.check.rawValue, String(format: "%.2g", line.figure),
      (line.isPValue ? "≥ " : "≤ ") + String(format: "%.1g", line.tolerance), line.isSound ? "ok" : "FAILED",
      line.sentence)
  }

  private static let nameWidth = AuditLine.Check.allCases.map(\.rawValue.count).max() ?? 0

  private static func row(_ name: String, _ figure: String, _ wanted: String, _ verdict: String, _ of: String) -> String
  {
    let space = String(repeating: " ", count: max(8 - figure.count, 0))
    return "\(name.padded(nameWidth))  \(space)\(figure)  \(wanted.padded(8))  \(verdict.padded(7))  \(of)"
  }
}
