import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Data of unusual shapes: each model is fitted, gives finite scores and draws.
@Suite struct EdgeTests {
  /// Sets with a name.
  private static func sets(_ values: ElementKind.Values) -> [(name: String, set: VectorSequences)] {
    func set(_ sequences: [[[Double]]], _ width: Int) -> VectorSequences {
      VectorSequences(sequences, width: width, values)
    }
    let one = Synthetic.sequences(values, width: 2, count: 1, longest: 60)
    let wide = Synthetic.sequences(values, width: 12, count: 4, longest: 3)
    let constant: Double = values == .reals ? 2.5 : 1
    return [
      ("nothing", set([], 2)), ("empty sequences", set([[], []], 2)), ("one step", set([[[1, 0]]], 2)),
      ("one sequence", set(one, 2)), ("shorter than k", set(one[0].prefix(20).map { [$0] }, 2)),
      ("more columns than sequences", set(wide, 12)),
      ("constant columns", set(one.map { $0.map { [$0[0], constant, 0] } }, 3)),
      ("equal columns", set(one.map { $0.map { [$0[0], $0[0]] } }, 2)),
      ("one sequence of all", set([Array(repeating: [1, 1], count: 50)], 2)),
    ]
  }

  @Test(arguments: Synthetic.words)
  func everythingIsFitted(word: String, values: ElementKind.Values) throws {
    for (name, set) in Self.sets(values) {
      // Tables for all combinations of 11 lower columns are refused.
      if set.rows.width == 12, word.contains("components=tables,emission=categorical:autoregressive") {
        #expect(throws: SpecificationError.self) { try Synthetic.fit(word, set) }
        continue
      }
      let model = try Synthetic.fit(word, set)
      for score in model.scores(of: set) { #expect(score.nats.isFinite, "\(word), \(name)") }
      let samples = try model.samples(3, seed: 1)
      #expect(samples.allSatisfy { $0.sequence.allSatisfy { model.refusal([$0]) == nil } }, "\(word), \(name)")
    }
  }

  /// What cannot have an own variance has the floor's, and the note says which column.
  @Test func constantColumnsAreNoted() throws {
    let set = Synthetic.set(.reals, width: 1, count: 1, longest: 200)
    let rows = set[0].map { [$0[0], 7, $0[0]] }
    let train = VectorSequences([rows], width: 3)
    let model = try Synthetic.fit("markov:1", train)
    let note = try #require(model.notes.first { $0.contains("floor") })
    #expect(note.hasPrefix("column 2, 3: constant"))
    // A deviation of 1e-4 in the constant column's own unit: log p of its value is that of a normal distribution's
    // peak. The third column is the first one again, with 1e-4 of its deviation.
    let first = try Synthetic.fit("markov:1", set)
    let deviation = { (column: [Double]) in
      let mean = column.reduce(0, +) / Double(column.count)
      return (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)).squareRoot()
    }(rows.map { $0[0] })
    let peaks = -200 * (log(1e-4) + log(1e-4 * deviation) + log(2 * .pi))
    #expect(abs(model.logLikelihood(train) - first.logLikelihood(set) - peaks) < 1e-6 * abs(peaks))
    #expect(!(first.notes.contains { $0.contains("floor") }))
  }

  /// Bits that a bit before tells exactly have finite weights.
  @Test func whatCanBeToldExactlyIsFinite() throws {
    let set = VectorSequences([(0..<100).map { [Double($0 % 2)] }], width: 1, .bits)
    let model = try Synthetic.fit("markov:1,ridge=1e-6", set)
    #expect(model.logLikelihood(set) > -1 && model.score(of: [[0], [0]]).nats.isFinite)
  }

  /// Without a relation between the steps a ridge that is found shrinks the weights: on data kept out it is no worse
  /// than no past at all, but for a little.
  @Test func theRidgeIsFound() throws {
    func noise(_ seed: UInt64) -> VectorSequences {
      var stream = RandomStream(seed: seed)
      let sequences = (0..<300).map { i in (0..<i % 9).map { _ in [stream.uniform() < 0.3 ? 1.0 : 0] } }
      return VectorSequences(sequences, width: 1, .bits)
    }
    let past = try Synthetic.fit("markov:3", noise(1)).logLikelihood(noise(2))
    let none = try Synthetic.fit("markov:0", noise(1)).logLikelihood(noise(2))
    #expect(past > none - 3)
    let train = Synthetic.set(.bits, width: 1, count: 400, seed: 8)
    let test = Synthetic.set(.bits, width: 1, count: 400, seed: 9)
    // With one it is better by far, and the note says the ridge.
    let model = try Synthetic.fit("markov:1", train)
    #expect(try model.logLikelihood(test) > Synthetic.fit("markov:0", train).logLikelihood(test) + 20)
    #expect(model.notes.contains { $0.contains("ridge penalty of the elements, chosen on held-out data") })
  }

  /// The ridge that is found is the one of all candidates under which a validation part is most likely.
  @Test(arguments: [("bernoulli:autoregressive", ElementKind.Values.bits), ("poisson", .counts)])
  func noOtherRidgeIsBetter(emission: String, values: ElementKind.Values) throws {
    let (train, valid) = (Synthetic.set(values, width: 2, count: 12, seed: 3), Synthetic.set(values, width: 2, seed: 4))
    func likelihood(_ ridge: String) throws -> Double {
      try Synthetic.fit("markov:2,emission=\(emission),ridge=\(ridge)", train, valid: valid).logLikelihood(valid)
    }
    let all = try stride(from: -10.0, through: 9, by: 1).map { try likelihood(String(exp2($0))) }
    let (found, best, worst) = try (likelihood("auto"), #require(all.max()), #require(all.min()))
    #expect(abs(found - best) < 1e-6 && worst < best - 0.1)
  }

  /// Enormous numbers end in a sentence.
  @Test func enormousNumbersAreRefused() throws {
    let set = VectorSequences([[[1e300], [-1e300], [1e308]]], width: 1)
    #expect(throws: SpecificationError.self) { try Synthetic.fit("markov:1", set) }
    // The largest counts are fitted.
    let counts = VectorSequences([[[0x1p53], [0], [0x1p53]], [[0], [3]]], width: 1, .counts)
    for word in ["markov:1", "markov:1,emission=negative-binomial", "markov:1,components=tables"] {
      #expect(try Synthetic.fit(word, counts).scores(of: counts).allSatisfy { $0.nats.isFinite }, "\(word)")
    }
    // Far from 0 the digits that differ are enough.
    let far = VectorSequences(Synthetic.sequences(.reals, width: 1).map { $0.map { [$0[0] + 1e9] } }, width: 1)
    let near = Synthetic.set(.reals, width: 1)
    let difference =
      try Synthetic.fit("markov:1", far).logLikelihood(far) - Synthetic.fit("markov:1", near).logLikelihood(near)
    #expect(abs(difference) < 1e-3)
  }
}
