import Chainrule
import Foundation

/// Made-up names, one a line: open syllables, so that there is something to learn.
func names(_ count: Int, seed: UInt64) -> String {
  var stream = RandomStream(seed: seed)
  func pick(_ letters: String) -> Character {
    let all = Array(letters)
    return all[Int(stream.next() % UInt64(all.count))]
  }
  return (0..<count).map { _ in
    (0..<(1 + Int(stream.next() % 4))).map { _ in "\(pick("bdklmnrs"))\(pick("aeio"))" }.joined() + "\n"
  }.joined()
}

/// A word for each family and each way to end, with settings that fit at once.
let smallModels = ["tabular", "tabular:smoothing=ml", "markov:2", "rnn:4,epochs=2", "gru:4,epochs=2"].flatMap {
  family in
  ["eos", "halt", "tau"].map { "\(family)/\($0)" }
}
