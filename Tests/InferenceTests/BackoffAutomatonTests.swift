import Foundation
import Inference
import Models
import Sequences
import Testing

/// Chains of listed states against the walks that they stand for.
@Suite struct BackoffAutomatonTests {
  static let words = Toys.words { ($0 as? any FiniteStateConditional)?.finiteStates() is BackoffAutomaton }

  /// Each outcome's probability, and where it leads to, after all pasts of up to six symbols.
  @Test(arguments: words + ["markov:3,time=each/eos", "markov:2,time=bucket:3,smoothing=add:1/halt"])
  func areTheWalk(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    try compare(model, model.conditional)
  }

  /// Contexts that were taken out leave states that are no contexts.
  @Test(arguments: [1e-6, 1e-3, 1e-1])
  func ofPrunedModels(_ threshold: Double) throws {
    let model = try Toys.model("markov:4,smoothing=witten-bell/eos", alphabetSize: 3)
      .pruned(threshold: threshold)
    try compare(model, model.conditional)
  }

  /// A chain of two states whose first two outcomes do not rise, and one with a state that it does not have.
  @Test(arguments: [([1, 0, 0], [0, 1, 1], false), ([0, 1, 0], [0, 2, 1], false), ([0, 1, 0], [0, 1, 1], true)])
  func brokenChainsAreFound(_ outcomes: [Int32], _ next: [Int32], _ isSound: Bool) {
    let chain = BackoffAutomaton(
      shape: OutputShape(alphabetSize: 2, stop: .given), shorter: [0, 0], firstEntry: [0, 2, 3], outcomes: outcomes,
      values: [0.5, 0.5, 1], next: next, weight: [0, 0], extra: [], stop: [], continuing: [], homogeneousFrom: 0,
      start: { _ in 0 }, refine: nil)
    #expect((chain.checkInvariants() == nil) == isSound)
  }

  private func compare<C: Conditional>(_ model: SequenceModel, _ conditional: C) throws {
    let states = try #require(model.finiteStates as? BackoffAutomaton)
    #expect(states.checkInvariants() == nil)
    let (k, length) = (conditional.shape.alphabetSize, 8)
    var prediction = Prediction(conditional.shape)
    var probabilities = [Double](repeating: 0, count: conditional.shape.outcomes)
    var successors = [Int32](repeating: 0, count: conditional.shape.outcomes)
    func visit(_ walk: C.State, _ state: Int, _ time: Int) {
      let inputs = model.inputs(time: time, length: length)
      conditional.predict(walk, inputs, into: &prediction)
      let place = states.row(state, inputs)
      states.expand(place, into: &probabilities, &successors)
      for outcome in probabilities.indices {
        let expected = exp(prediction.logProbabilities[outcome])
        let (probability, next) = states.step(outcome, from: place)
        #expect(abs(probability - expected) < 1e-12, "\(model.specification) at \(time)")
        #expect(abs(probabilities[outcome] - expected) < 1e-12)
        #expect(next == Int(successors[outcome]))
      }
      let stop = conditional.shape.stop == .given ? 0 : exp(prediction.logStop)
      #expect(abs(states.stopProbability(place) - stop) < 1e-12)
      if time == 6 { return }
      let following = successors
      for symbol in 0..<k {
        var next = walk
        conditional.advance(&next, past: symbol, model.inputs(time: time + 1, length: length))
        visit(next, Int(following[symbol]), time + 1)
      }
    }
    let inputs = model.inputs(time: 0, length: length)
    visit(conditional.start(inputs), states.startState(inputs), 0)
  }
}
