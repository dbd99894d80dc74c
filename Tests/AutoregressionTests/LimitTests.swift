import Foundation
import Inference
import ModelCore
import Models
import Networks
import Sequences
import Synchronization
import Testing

/// Where fits end: interruptions, many components, few sequences, floors, large counts.
@Suite struct LimitTests {
  /// A fit that has not converged is no model, whether the interruption comes at the first, a middle or the last iteration.
  @Test(
    arguments: [
      ("markov:1,emission=bernoulli,ridge=1", ElementKind.Values.bits), ("markov:1", .bits),
      ("markov:1,ridge=1", .counts), ("markov:1,emission=negative-binomial", .counts),
      ("markov:1", .categories),
    ])
  func interruptedFitsAreNoModels(word: String, values: ElementKind.Values) throws {
    let train = Synthetic.set(values)
    func fit(limit: Int) throws -> Int {
      let calls = Mutex(0)
      let context = FittingContext(
        seed: 1, threads: 1,
        isInterrupted: {
          calls.withLock {
            $0 += 1
            return $0 > limit
          }
        })
      _ = try VectorModel.fit(
        ModelSpecification(word), to: train, valid: nil, train.rows.columns, context)
      return calls.withLock(\.self)
    }
    let calls = try fit(limit: .max)
    for limit in [0, calls / 2, calls - 1] {
      #expect("\(word), \(limit) of \(calls)") {
        try fit(limit: limit)
      } throws: { error in
        if case FittingError.interrupted = error { true } else { false }
      }
    }
  }

  /// Independent components may be many: means and variances of each column, and counted bits.
  @Test func manyIndependentComponentsAreFitted() throws {
    let (width, n) = (4200, 5)
    let rows = (0..<n).map { t in (0..<width).map { sin(Double((t + 1) * ($0 + 3))) } }
    let model = try Synthetic.fit("markov:0,emission=gaussian:diagonal", VectorSequences([rows], width: width))
    let expected = (0..<width).reduce(0.0) { sum, column in
      let numbers = rows.map { $0[column] }
      let mean = numbers.reduce(0, +) / Double(n)
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
      return sum - Double(n) / 2 * (log(2 * .pi * variance) + 1)
    }
    let found = model.logLikelihood(VectorSequences([rows], width: width))
    #expect(abs(found - expected) < 1e-8 * abs(expected))
    let bits = rows.map { $0.map { $0 > 0 ? 1.0 : 0 } }
    let set = VectorSequences([bits], width: width, .bits)
    let counted = (0..<width).reduce(0.0) { sum, column in
      let ones = bits.reduce(0) { $0 + $1[column] }
      let p = (ones + 0.5) / (Double(n) + 1)
      return sum + ones * log(p) + (Double(n) - ones) * log(1 - p)
    }
    let likelihood = try Synthetic.fit("markov:0,emission=bernoulli", set).logLikelihood(set)
    #expect(abs(likelihood - counted) < 1e-8 * abs(counted))
    for (word, data, advice) in [
      ("markov:0", VectorSequences([rows], width: width), "emission=gaussian:diagonal"),
      ("markov:0", set, "emission=bernoulli"),
    ] {
      #expect { try Synthetic.fit(word, data) } throws: { error in
        "\(error)".contains(advice) && !"\(error)".contains("smaller k")
      }
    }
  }

  /// log p of the second step is a parabola: its vertex and curvature.
  private func secondStep(_ model: VectorModel) -> (mean: Double, variance: Double) {
    let nats = [-1.0, 0, 1].map { model.score(of: [[0.5, 1], [0, $0]]).natsElements }
    let curvature = nats[0] + nats[2] - 2 * nats[1]
    return ((nats[0] - nats[2]) / (2 * curvature), 1 / curvature)
  }

  /// Two sequences would be interpolated by a line of their own at the second step: it has the shared weights, and the
  /// variance of the later steps.
  @Test func fewSequencesShareWeights() throws {
    let few = VectorSequences(
      Synthetic.sequences(.reals, width: 2, count: 18, longest: 8).filter { $0.count == 8 }, width: 2)
    #expect(few.count == 2)
    let own = try Synthetic.fit("markov:2,emission=gaussian:diagonal,start=own", few)
    let shared = try Synthetic.fit("markov:2,emission=gaussian:diagonal", few)
    #expect(abs(secondStep(own).mean - secondStep(shared).mean) < 1e-8)
    let later = [-1.0, 0, 1].map { own.score(of: [[0.5, 1], [1, 0], [2, 0], [0, $0]]).natsElements }
    #expect(abs(secondStep(own).variance - 1 / (later[0] + later[2] - 2 * later[1])) < 1e-8)
    #expect(own.notes.contains { $0.hasPrefix("step 1, 2: fewer sequences") })
    // With many each step has its own.
    let many = Synthetic.set(.reals, width: 2, count: 100)
    let apart = try Synthetic.fit("markov:2,emission=gaussian:diagonal,start=own", many)
    #expect(
      try abs(secondStep(apart).mean - secondStep(Synthetic.fit("markov:2,emission=gaussian:diagonal", many)).mean)
        > 1e-4)
    #expect(!apart.notes.contains { $0.contains("fewer sequences") })
  }

  /// Regressions and bins have the same floor on a constant column.
  @Test func floorsAreTheSame() throws {
    let set = VectorSequences([[[7], [7], [7]]], width: 1)
    let bins = try Synthetic.fit("markov:0,bins=2,smoothing=ml", set).score(of: [[7]]).natsElements
    #expect(abs(bins - log(1e-4)) < 1e-9)
    for emission in ["gaussian:diagonal", "gaussian:full"] {
      let nats = try Synthetic.fit("markov:0,emission=\(emission)", set).score(of: [[7]]).natsElements
      #expect(abs(nats - log(1e-4) - log(2 * .pi) / 2) < 1e-6)
    }
  }

  /// At its mean m a large count has the Poisson probability 1/√(2πm).
  @Test func largeCountsAreNotSaturated() throws {
    let set = VectorSequences([[[0x1p50], [0x1p50]]], width: 1, .counts)
    let model = try Synthetic.fit("markov:0,emission=poisson", set)
    #expect(abs(model.logLikelihood(set) + log(2 * .pi * 0x1p50)) < 1e-6)
  }

  /// A network's file whose bits or counts are standardised is refused.
  @Test func standardisedBitsAreRefused() throws {
    func file(_ standardised: String) -> TensorFile {
      var file = TensorFile()
      for name in ["inputs", "elements"] {
        file.set("\(name).means", [0.0], shape: [1])
        file.set("\(name).scales", [name == standardised ? 2.0 : 1], shape: [1])
      }
      return file
    }
    for (name, values, isRefused) in [
      ("elements", ElementKind.Values.bits, true), ("elements", .counts, true), ("elements", .reals, false),
      ("inputs", .bits, true), ("inputs", .counts, false), ("inputs", .reals, false),
    ] {
      let found = (try? VectorCoding(from: file(name), OutputShape(.vectors(values, width: 1), stop: .variable))) == nil
      #expect(found == isRefused, "\(name), \(values)")
    }
  }

  @Test func aNetworkIsAdvisedForMixtures() {
    #expect { try ModelSpecification("markov:1,emission=mixture:3") } throws: {
      "\($0)".contains("markov:k supports") && "\($0)".contains("for mixture:3 use a network such as gru:64")
    }
  }
}
