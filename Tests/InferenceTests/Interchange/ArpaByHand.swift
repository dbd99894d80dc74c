import Foundation
import Models
import Sequences
import Testing

/// An ARPA file read in the plainest way, to hold the program's against: a dictionary of n-grams, and backing off as the
/// format's definition has it.
struct ArpaByHand {
  private(set) var grams: [[String]: (probability: Double, backoff: Double)] = [:]
  private(set) var order = 0
  /// As the header has them.
  private(set) var counts: [Int] = []

  init(_ bytes: Data) throws {
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "\t")
      if line.hasPrefix("ngram ") {
        counts.append(try #require(Int(line.drop { $0 != "=" }.dropFirst())))
      } else if parts.count > 1 {
        let words = parts[1].split(separator: " ").map(String.init)
        order = max(order, words.count)
        try #require(grams[words] == nil, "\(words) stands there twice")
        grams[words] = (try #require(Double(parts[0])), parts.count > 2 ? try #require(Double(parts[2])) : 0)
      }
    }
  }

  /// log10 P(word | context).
  func score(_ word: String, after context: [String]) -> Double {
    if let gram = grams[context + [word]] { return gram.probability }
    if context.isEmpty { return -.infinity }
    return (grams[context]?.backoff ?? 0) + score(word, after: Array(context.dropFirst()))
  }

  /// −log P of a sequence, in nats.
  func nats(_ words: [String]) -> Double {
    let text = ["<s>"] + words + ["</s>"]
    return -log(10)
      * (1..<text.count).reduce(0) { sum, place in
        sum + score(text[place], after: Array(text[max(place - order + 1, 0)..<place]))
      }
  }
}

/// A file's content as a model.
func arpaModel(_ bytes: Data, name: String = "model.arpa") throws -> (model: SequenceModel, warnings: [String]) {
  try ArpaFile.model(reading: ByteSource(bytes: Array(bytes), name: name))
}
