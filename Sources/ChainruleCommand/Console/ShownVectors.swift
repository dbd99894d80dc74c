import Chainrule
import Foundation

/// The first samples of models of vectors, a line each, for people.
enum ShownVectors {
  /// Characters of a line behind the model's name.
  private static let longest = 72

  static func lines(_ rows: [Comparison.Row], _ columns: Columns, count: Int, seed: UInt64) -> [String] {
    let width = rows.map { $0.specification.shortWord.count }.max() ?? 0
    let lines = rows.flatMap { row in
      (row.vectorSamples ?? []).prefix(count).enumerated().map { number, sample in
        (number == 0 ? row.specification.shortWord : "").padded(width) + "  " + text(sample, columns)
      }
    }
    return lines.isEmpty ? [] : ["", "Samples from each, seed \(seed):"] + lines
  }

  /// A sequence as numbers, as vectors in brackets, or, of several bits, as the names of those that are 1.
  private static func text(_ sequence: [[Double]], _ columns: Columns) -> String {
    var text = ""
    for element in sequence {
      text += (text.isEmpty ? "" : " ") + self.text(element, columns)
      if text.count > longest { return text.prefix(longest - 1) + "…" }
    }
    return text.isEmpty ? "(empty)" : text
  }

  private static func text(_ element: [Double], _ columns: Columns) -> String {
    if columns.values == .bits, columns.width > 1 {
      let ones = zip(columns.names, element).filter { $0.1 == 1 }.map { VisibleText.text($0.0) }
      return "{\(ones.joined(separator: " "))}"
    }
    let texts = columns.levelNames(element)?.map { VisibleText.text($0) } ?? element.map { Numbers.significant($0) }
    return columns.width == 1 ? texts[0] : "(" + texts.joined(separator: ", ") + ")"
  }
}
