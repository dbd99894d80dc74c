import Foundation
import Models
import Probability
import Sequences
import Testing

/// Tuned parameters are where the likelihood of held-out data is largest: moved a little, each of them makes it smaller,
/// by a likelihood that the tuner has no part in.
@Suite struct TuningTests {
  private static let seed: UInt64 = 4

  private func sequences(_ count: Int, lengths: ClosedRange<Int>, _ index: UInt64) -> SequenceSet {
    var stream = RandomStream(seed: Self.seed, index: index)
    return SequenceSet(
      (0..<count).map { _ in
        let length = lengths.lowerBound + Int(stream.uniform() * Double(lengths.count))
        var sequence: [Symbol] = []
        for _ in 0..<length {
          let last = sequence.last ?? 0
          sequence.append(stream.uniform() < 0.6 ? (last * last + 1) % 6 : Int(stream.uniform() * stream.uniform() * 6))
        }
        return sequence
      }, alphabetSize: 6)
  }

  private func alphabet() throws -> Alphabet {
    try Alphabet(symbols: ["a", "b", "c", "d", "e", "f"], kind: .characters)
  }

  /// Each parameter that is tuned up and down by `step`, within its bounds.
  private func expectMinimum(
    _ model: SequenceModel, columns: Range<Int>, step: Double, _ nats: (SequenceModel) throws -> Double
  ) throws {
    let rows = try model.smoothingParameters()
    let best = try nats(model)
    for order in rows.indices {
      for column in columns {
        for factor in [1 - step, 1 + step] {
          var moved = rows
          moved[order][column] *= factor
          guard let other = try? model.smoothed(with: moved) else { continue }
          // A valley may be flat: a part in a million is no gain.
          let gain = try best - nats(other)
          #expect(gain < 1e-6 * best, "order \(order), parameter \(column), \(rows)")
        }
      }
    }
  }

  @Test(arguments: [
    ("witten-bell", 1), ("absolute", 1), ("kneser-ney", 1), ("modified-kneser-ney", 3), ("jelinek-mercer", 5),
    ("pitman-yor", 5),
  ])
  func onHeldOutData(_ smoothing: String, _ parameters: Int) throws {
    let valid = sequences(150, lengths: 0...12, 2)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:2,smoothing=\(smoothing),tune=valid/eos"), to: sequences(200, lengths: 0...12, 1),
      valid: valid, alphabet())
    try expectMinimum(model, columns: 0..<parameters, step: 0.03) { walkedNats(of: valid, $0) }
  }

  /// Sequences of one symbol: to leave out an event is to leave out a sequence, so the model can be fitted without it.
  @Test(arguments: [("witten-bell", 1), ("kneser-ney", 1), ("modified-kneser-ney", 3), ("pitman-yor:0.4", 5)])
  func leaveOneOut(_ smoothing: String, _ parameters: Int) throws {
    let set = sequences(120, lengths: 1...1, 3)
    let word = try ModelSpecification("markov:1,smoothing=\(smoothing),tune=leave-one-out/tau:input=none")
    let model = try SequenceModel.fit(word, to: set, alphabet())
    func nats(_ model: SequenceModel) throws -> Double {
      let rows = try model.smoothingParameters()
      var total = 0.0
      for symbol in 0..<6 {
        guard let left = (0..<set.count).first(where: { set[$0].first == symbol }) else { continue }
        let times = (0..<set.count).count { set[$0].first == symbol }
        let rest = try SequenceModel.fit(word, to: set.selecting((0..<set.count).filter { $0 != left }), alphabet())
          .smoothed(with: rows)
        total += Double(times) * walkedNats(of: set.selecting([left]), rest)
      }
      return total
    }
    try expectMinimum(model, columns: 0..<parameters, step: 0.05, nats)
  }

  /// α of the largest Σ c log((c − 1 + α) / (N − 1 + α k)), by trying.
  @Test func additive() throws {
    let set = sequences(200, lengths: 1...1, 5)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:0,smoothing=add:auto/tau:input=none"), to: set, alphabet())
    let counts = (0..<6).map { symbol in Double((0..<set.count).count { set[$0].first == symbol }) }
    func likelihood(_ added: Double) -> Double {
      counts.reduce(0) { $1 == 0 ? $0 : $0 + $1 * log(($1 - 1 + added) / (199 + 6 * added)) }
    }
    let best = (1...40000).map { Double($0) / 1000 }.max { likelihood($0) < likelihood($1) } ?? 0
    let tuned = try #require(model.smoothingParameters().first?.first)
    #expect(abs(tuned - best) < 0.002 * best)
    #expect(model.notes.contains { $0.contains("leaving one out") })
  }

  /// Parameters that a smoother cannot have are refused.
  @Test(arguments: [[-0.1], [.nan], [.infinity], [1e9], [0.5, 0.5]] as [[Double]])
  func wrongParameters(_ row: [Double]) throws {
    let model = try SequenceModel.fit(
      ModelSpecification("markov:2,smoothing=witten-bell,tune=leave-one-out/eos"), to: sequences(20, lengths: 0...5, 6),
      alphabet())
    #expect(throws: ModelFileError.self) { try model.smoothed(with: row) }
  }
}
