import Chainrule
import Foundation

/// What is new in draws, for people.
enum NoveltyReport {
  /// Without the tests, which are a table of their own.
  static func table(_ novelty: Novelty) -> [[String]] {
    [["set", "sequences", "distinct", "in_training", "mean_span", "longest_span", "copied_share"]]
      + [("samples", novelty.samples), ("held out", novelty.heldOut)].compactMap { name, copies in
        copies.map { copies in
          [name, "\(copies.sequences)", "\(copies.distinct)", "\(copies.inTraining)", "\(copies.meanSpan)"]
            + ["\(copies.longestSpan)", "\(copies.copiedShare)"]
        }
      }
  }

  static func text(_ novelty: Novelty) -> String {
    var table = Table([
      ("", .left), ("sequences", .right), ("distinct", .right), ("in training", .right), ("mean span", .right),
      ("longest", .right), ("copied", .right),
    ])
    for (name, copies) in [("samples", novelty.samples), ("held out", novelty.heldOut)] {
      guard let copies else { continue }
      table.add([
        name, Numbers.count(copies.sequences), percent(copies.distinct), percent(copies.inTraining),
        Numbers.decimal(copies.meanSpan, 2), Numbers.count(copies.longestSpan), percent(copies.copiedShare),
      ])
    }
    var lines = [
      "Against the training data: whole sequences found there, and the longest parts copied from it", table.text,
    ]
    if !novelty.tests.isEmpty {
      var tests = Table([("samples against held out", .left), ("chi-square", .right), ("d.f.", .right), ("p", .right)])
      for test in novelty.tests {
        tests.add([
          test.name, Numbers.decimal(test.chiSquare, 1), Numbers.count(test.degreesOfFreedom),
          Numbers.pValue(test.pValue),
        ])
      }
      lines += ["", tests.text, "n-grams are not independent of their neighbours: their p-values are too small"]
    }
    return lines.joined(separator: "\n")
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
