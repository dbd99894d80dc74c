import Foundation
import Inference
import Models
import Sequences
import Testing

/// Every model is a probability distribution over all finite sequences, the empty one included.
@Suite struct NormalisationTests {
  /// Σ over all strings of at most L symbols, by enumeration, and the mass of the longer ones is 1.
  @Test(arguments: Toys.words, [2, 3])
  func sumsToOne(_ word: String, _ k: Int) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: k))
    let longest = k == 2 ? 8 : 5
    let strings = Toys.allSequences(k, longest: longest)
    let sum = strings.reduce(0.0) { $0 + exp(-model.score(of: $1).nats) }
    let tail: Double
    if let prior = model.lengthLaw() {
      tail = prior.tail(beyond: longest)
    } else {
      // The mass of "begins like this and goes on" over all strings of the greatest length.
      tail = strings.filter { $0.count == longest }.reduce(0.0) { $0 + massBeyond($1, model) }
    }
    #expect(abs(sum + tail - 1) < 1e-9, "\(word): \(sum) + \(tail)")
    #expect(sum > 0.5, "an enumeration that holds next to nothing shows nothing")
  }

  /// P(begins with `prefix` and is longer).
  private func massBeyond(_ prefix: [Symbol], _ model: SequenceModel) -> Double {
    func mass<C: Conditional>(_ conditional: C) -> Double {
      var state = conditional.start(model.inputs(time: 0, length: 0))
      var log = 0.0
      for (time, symbol) in prefix.enumerated() {
        if conditional.shape.stop == .variable {
          log += conditional.logStop(state, model.inputs(time: time, length: 0)).continuing
        }
        log += conditional.logProbability(of: symbol, state, model.inputs(time: time, length: 0))
        conditional.advance(&state, past: symbol, model.inputs(time: time + 1, length: 0))
      }
      return exp(log + conditional.logStop(state, model.inputs(time: prefix.count, length: 0)).continuing)
    }
    return mass(model.conditional)
  }

  /// `predict` is a distribution, agrees with `logProbability`, and the stop variable's two outcomes sum to one, also in
  /// histories that never occurred.
  @Test(arguments: Toys.words)
  func stepsAreDistributions(_ word: String) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: 3))
    func check<C: Conditional>(_ conditional: C) {
      var prediction = Prediction(conditional.shape)
      for sequence in [[], [0], [2, 2, 2, 2, 2], [1, 0, 2, 1, 0, 2]] as [[Symbol]] {
        var state = conditional.start(model.inputs(time: 0, length: 9))
        for time in 0...sequence.count {
          let inputs = model.inputs(time: time, length: 9)
          conditional.predict(state, inputs, into: &prediction)
          #expect(abs(prediction.logProbabilities.reduce(0) { $0 + exp($1) } - 1) < 1e-12)
          for (outcome, logProbability) in prediction.logProbabilities.enumerated() {
            let alone = exp(conditional.logProbability(of: outcome, state, inputs))
            #expect(abs(exp(logProbability) - alone) < 1e-12)
          }
          let (stop, continuing) = conditional.logStop(state, inputs)
          #expect(abs(exp(stop) + exp(continuing) - 1) < 1e-12)
          #expect(prediction.logStop == stop && prediction.logContinue == continuing)
          if conditional.shape.stop == .outcome {
            #expect(abs(exp(stop) - exp(prediction.logProbabilities[conditional.shape.alphabetSize])) < 1e-12)
          }
          if time < sequence.count {
            conditional.advance(&state, past: sequence[time], model.inputs(time: time + 1, length: 9))
          }
        }
      }
    }
    check(model.conditional)
  }

  /// A smoothed model gives every sequence a positive probability; no score is a NaN.
  @Test(arguments: Toys.words)
  func unseenIsNotImpossible(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    for sequence in Toys.allSequences(3, longest: 5) {
      let score = model.score(of: sequence)
      #expect(!score.nats.isNaN && !score.natsElements.isNaN && !score.natsLength.isNaN)
      #expect(score.natsElements >= 0 && score.natsLength >= 0)
      if !model.specification.family.isUnsmoothed { #expect(score.nats.isFinite, "\(word) \(sequence)") }
    }
  }
}
