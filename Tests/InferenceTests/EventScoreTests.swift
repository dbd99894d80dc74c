import Foundation
import Inference
import ModelCore
import Models
import Sequences
import Testing

/// Surprisal, entropy and rank of each event against the probabilities of whole sequences.
@Suite struct EventScoreTests {
  private let sequences: [[Symbol]] = [[], [0], [2, 1], [1, 1, 0, 2], [0, 2, 2, 1, 0]]

  /// −log P of every outcome of the event after `time` elements of a sequence: those of other sequences that begin alike.
  private func outcomes(_ model: SequenceModel, _ sequence: [Symbol], time: Int) -> [Double] {
    let isGiven = !model.shape.decidesEnd
    let beginning = sequence.prefix(time)
    let symbols = (0..<3).map { symbol -> Double in
      let rest = isGiven ? sequence.dropFirst(time + 1) : []
      return model.stepScores(of: beginning + [symbol] + rest)[time + (isGiven ? 1 : 0)].nats
    }
    return symbols + (isGiven ? [] : [model.stepScores(of: beginning)[time].nats])
  }

  private func check(_ event: EventScore, _ nats: [Double], _ label: String) {
    let entropy = nats.reduce(0) { $1 < .infinity ? $0 + exp(-$1) * $1 : $0 }
    #expect(abs((event.entropy ?? .nan) - entropy) < 1e-5, "\(label)")
    // Those that are as probable but for rounding may be counted or not.
    let ranks = 1 + nats.count { $0 < event.surprisal - 1e-5 }...1 + nats.count { $0 < event.surprisal + 1e-5 }
    #expect(event.rank.map { ranks.contains($0) } == true, "\(label)")
  }

  @Test(arguments: Toys.words) func agreeWithOtherSequences(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let scorer = EventScorer(model)
    for sequence in sequences {
      let events = scorer.events(of: sequence)
      #expect(events.map(\.score) == model.stepScores(of: sequence), "\(word)")
      let first = model.prior == nil ? 0 : 1
      for (time, event) in events.dropFirst(first).enumerated() {
        check(event, outcomes(model, sequence, time: time), "\(word) \(sequence) \(time)")
      }
      guard let law = model.lengthLaw() else { continue }
      check(events[0], (0..<3000).map { -law.logProbability($0) }, "\(word) \(sequence)")
    }
  }

  /// (1 + m) log(1 + m) − m log m of a geometric distribution with mean m, whose lengths fall in probability.
  @Test func ofGeometricLengths() throws {
    let model = try Toys.model("markov:1/tau:prior=geometric", alphabetSize: 3)
    let mean = try #require(model.lengthLaw()).mean
    for sequence in sequences {
      let event = EventScorer(model).events(of: sequence)[0]
      #expect(abs((event.entropy ?? .nan) - ((1 + mean) * log(1 + mean) - mean * log(mean))) < 1e-9)
      #expect(event.rank == sequence.count + 1)
    }
  }

  /// By hand: of a, a, b and the end the shares after the start are 2/4, 1/4 and 1/4.
  @Test func byHand() throws {
    let alphabet = try Toys.alphabet(2)
    let set = SequenceSet([[0], [0], [1], []], alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification("markov:0,smoothing=ml/eos"), to: set, alphabet)
    // Three symbols and four ends: 2/7, 1/7, 4/7.
    let entropy = -(2.0 / 7) * log(2.0 / 7) - 1.0 / 7 * log(1.0 / 7) - 4.0 / 7 * log(4.0 / 7)
    let events = EventScorer(model).events(of: [1, 0])
    #expect(events.map(\.rank) == [3, 2, 1])
    #expect(events.allSatisfy { abs(($0.entropy ?? .nan) - entropy) < 1e-12 })
    #expect(zip(events, [7, 3.5, 1.75]).allSatisfy { abs($0.surprisal - log($1)) < 1e-12 })
  }

  /// What is none of the alphabet comes behind all that has a probability, and ends the list.
  @Test(arguments: ["markov:1,smoothing=add:1/eos", "markov:1,smoothing=add:1/tau"]) func ofUnseenSymbols(
    _ word: String
  ) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let known = EventScorer(model).events(of: [0, 1, 2])
    let events = EventScorer(model).events(of: [0, 1, 2], unseen: 1)
    let first = model.prior == nil ? 0 : 1
    #expect(Array(events.prefix(first + 1)) == Array(known.prefix(first + 1)))
    #expect(events.count == first + 2)
    #expect(events.last?.surprisal == .infinity && events.last?.entropy == known[first + 1].entropy)
    #expect(events.last?.rank == (model.shape.decidesEnd ? 5 : 4))
  }
}
