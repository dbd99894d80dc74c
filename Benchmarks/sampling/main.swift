import Foundation
import Inference
import Models
import Probability
import Sequences

/// What is measured; a new cell is one more entry.
let cells: [any RecurrentCell.Type] = [RNNCell.self, GRUCell.self, LSTMCell.self]

/// An untrained network of 26 symbols and an end whose bias makes sequences about 7 symbols long.
func model(_ cell: any RecurrentCell.Type, units: Int) throws -> SequenceModel {
  let layout = RecurrentLayout(
    shape: OutputShape(alphabetSize: 26, stop: .outcome), RecurrentArchitecture(units: units), cell)
  var parameters = RecurrentConditional<Float>(layout: layout, cell: cell, seed: 1).parameters
  parameters[layout.count - 1] = Float(log(26.0 / 7))
  let symbols = (0..<26).map { String(UnicodeScalar(UInt8(97 + $0))) }
  return SequenceModel(
    specification: try ModelSpecification("\(cell.name):\(units)/eos"),
    alphabet: try Alphabet(symbols: symbols, kind: .characters),
    conditional: RecurrentConditional<Float>(layout: layout, cell: cell, parameters: parameters), prior: nil,
    facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 1))
}

/// Symbols a second, the median of five repetitions after a warm-up; ends do not count.
func rate(_ draw: (Int) throws -> [Sample]) rethrows -> Double {
  var number = 0
  func symbols() throws -> Double {
    var count = 0
    let start = ContinuousClock.now
    var seconds = 0.0
    while seconds < 0.3 {
      count += try draw(number).reduce(0) { $0 + $1.sequence.count }
      number += 1
      seconds = (ContinuousClock.now - start) / .seconds(1)
    }
    return Double(count) / seconds
  }
  _ = try symbols()
  return try (0..<5).map { _ in try symbols() }.sorted()[2]
}

/// A Markov model of words that look like names: 30,000 sequences of 26 symbols drawn from a random chain of order 2.
func chain(_ word: String) throws -> SequenceModel {
  var stream = RandomStream(seed: 1)
  // Each pair of symbols is followed by five symbols in the main, and the end once in seven times.
  let follows = (0..<26 * 26).map { _ in (0..<5).map { _ in Int(stream.uniform() * 26) } }
  let sequences = (0..<30_000).map { _ in
    var sequence = [Int(stream.uniform() * 26), Int(stream.uniform() * 26)]
    while stream.uniform() > 1.0 / 6 {
      let pair = sequence[sequence.count - 2] * 26 + sequence[sequence.count - 1]
      let place = Int(stream.uniform() * stream.uniform() * 6)
      sequence.append(place < 5 ? follows[pair][place] : Int(stream.uniform() * 26))
    }
    return sequence
  }
  let symbols = (0..<26).map { String(UnicodeScalar(UInt8(97 + $0))) }
  return try SequenceModel.fit(
    ModelSpecification(word), to: SequenceSet(sequences, alphabetSize: 26),
    Alphabet(symbols: symbols, kind: .characters))
}

var options = SamplingOptions()
options.maximumLength = 64
for word in ["markov:2/eos", "markov:3/eos", "markov:5/eos", "markov:3/halt", "markov:3/tau", "ctw:3/eos"] {
  let model = try chain(word)
  let sampler = try Sampler(model, seed: 1, options)
  let batch = 20_000
  for threads in [1, 2] {
    let many = try rate { try sampler.samples(($0 * batch)..<(($0 + 1) * batch), threads: threads) }
    print(["chainrule", "sample-\(threads)-thread", word, "26", String(Int(many))].joined(separator: "\t"))
  }
}
for cell in cells {
  let model = try model(cell, units: 128)
  let one = try rate { try model.samples($0..<($0 + 1), seed: 1, options) }
  let batch = 20_000
  let many = try rate { try model.samples(($0 * batch)..<(($0 + 1) * batch), seed: 1, options, threads: 2) }
  for (what, rate) in [("sample-one", one), ("sample-256", many)] {
    print(["chainrule", what, cell.name, "128", String(Int(rate))].joined(separator: "\t"))
  }
}
