import Foundation
import Sequences

/// Writes the lines of an ARPA file.
struct ArpaWriter {
  private let table: BackoffTable
  /// k.
  private let order: Int
  private let precision: ArpaFile.Precision
  private let words: [[UInt8]]
  private let comments: [String]
  /// Among outcomes this is the end, among the labels of contexts the start mark.
  private let mark: Int
  private var bytes: [UInt8] = []

  /// - Parameter table: one whose contexts are all listed.
  init(_ table: BackoffTable, order: Int, _ alphabet: Alphabet, _ precision: ArpaFile.Precision, comments: [String]) {
    self.table = table
    self.order = order
    self.precision = precision
    words = alphabet.textWords.map { Array($0.utf8) }
    mark = alphabet.size
    self.comments = comments
  }

  /// O(entries · order).
  consuming func written() -> Data {
    var levels = table.tree.levels
    while levels.count <= order { levels.append(table.tree.count..<table.tree.count) }
    for comment in comments { bytes += "# \(comment)\n".utf8 }
    bytes += "\n\\data\\\n".utf8
    for (depth, level) in levels.enumerated() {
      // The start mark has a line among the unigrams, though it is no outcome.
      let entries = table.rows.entries(of: level).count + (depth == 0 ? 1 : 0)
      bytes += "ngram \(depth + 1)=\(entries)\n".utf8
    }
    let parents = table.tree.parents
    for (depth, level) in levels.enumerated() {
      bytes += "\n\\\(depth + 1)-grams:\n".utf8
      if depth == 0 {
        append(ArpaFile.logZero)
        bytes += "\t\(TextSymbol.start)".utf8
        appendWeight(of: [], mark)
      }
      for node in level {
        let context = table.labels(of: node, parents)
        let text = context.flatMap { ($0 == mark ? Array(TextSymbol.start.utf8) : words[$0]) + [UInt8(ascii: " ")] }
        for entry in table.entries(of: node) {
          let outcome = Int(table.outcomes[entry])
          append(table.logProbability[entry] / Self.ln10)
          bytes.append(UInt8(ascii: "\t"))
          bytes += text
          bytes += outcome == mark ? Array(TextSymbol.end.utf8) : words[outcome]
          if depth < order, outcome != mark { appendWeight(of: context, outcome) } else { bytes.append(lineFeed) }
        }
      }
    }
    bytes += "\n\\end\\\n".utf8
    return Data(bytes)
  }

  private static let ln10 = log(10.0)
  private let lineFeed = UInt8(ascii: "\n")

  /// The back-off of the context `labels` and `last`, if there is such a context; and the line's end.
  private mutating func appendWeight(of labels: [Int], _ last: Int) {
    var node = table.tree.child(of: 0, along: last)
    for label in labels.reversed() {
      guard let shorter = node else { break }
      node = table.tree.child(of: shorter, along: label)
    }
    if let node, table.logWeight[node] != 0 || !table.entries(of: node).isEmpty {
      bytes.append(UInt8(ascii: "\t"))
      append(table.logWeight[node] / Self.ln10)
    }
    bytes.append(lineFeed)
  }

  /// A logarithm to base 10, as a decimal fraction: what reads ARPA files need not know exponents.
  private mutating func append(_ value: Double) {
    let value = max(value, ArpaFile.logZero)
    if precision == .full {
      bytes += value.description.utf8
      return
    }
    let scaled = Int((abs(value) * 1e7).rounded())
    if value < 0, scaled > 0 { bytes.append(UInt8(ascii: "-")) }
    bytes += String(scaled / 10_000_000).utf8
    var fraction = scaled % 10_000_000
    if fraction == 0 { return }
    var digits = 7
    while fraction % 10 == 0 {
      fraction /= 10
      digits -= 1
    }
    bytes.append(UInt8(ascii: "."))
    var unit = (1..<digits).reduce(1) { product, _ in product * 10 }
    while unit > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(fraction / unit % 10))
      unit /= 10
    }
  }
}
