import Foundation
import Inference
import Models
import Patterns
import Probability
import Sequences
import Testing

/// A random automaton, of sequences of at most some length if one is given.
struct RandomAutomaton: SymbolAutomaton {
  let states: Int
  let k: Int
  let table: [Int?]
  let accepting: [Bool]
  let longest: Int?

  init(_ k: Int, longest: Int?, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "automaton")
    states = 1 + Int(stream.uniform() * 4)
    self.k = k
    self.longest = longest
    let count = states
    table = (0..<count * k).map { _ in stream.uniform() < 0.1 ? nil : Int(stream.uniform() * Double(count)) }
    accepting = (0..<count).map { _ in stream.uniform() < 0.7 }
  }

  var stateCount: Int { states * ((longest ?? 0) + 1) }
  var start: Int? { 0 }
  func next(_ state: Int, _ symbol: Symbol) -> Int? {
    guard let after = table[state % states * k + symbol] else { return nil }
    guard let longest else { return after }
    return state / states < longest ? (state / states + 1) * states + after : nil
  }
  func isAccepting(_ state: Int) -> Bool { accepting[state % states] }

  func accepts(_ sequence: [Symbol]) -> Bool {
    var state = 0
    for symbol in sequence {
      guard let next = next(state, symbol) else { return false }
      state = next
    }
    return isAccepting(state)
  }
}

/// What is known of sequences given evidence, against all sequences one by one through their likelihood.
@Suite struct ExactPosteriorTests {
  static let words =
    BackoffAutomatonTests.words
    + [
      "markov:2,time=each/eos", "markov:1,time=bucket:3/halt", "markov:2,time=each/tau:input=none",
      "markov:2/tau:input=total", "markov:1/tau:input=total:bucket", "markov:2,smoothing=ml/eos",
    ].filter { (try? ModelSpecification($0)) != nil }

  private func logSum(_ numbers: [Double]) -> Double { log(numbers.reduce(0) { $0 + exp($1) }) }

  /// All sequences that agree, with their log-probabilities, the most probable first.
  private func matches(
    _ model: SequenceModel, longest: Int, _ accepts: ([Symbol]) -> Bool
  ) -> [(sequence: [Symbol], logProbability: Double)] {
    Toys.allSequences(model.alphabet.size, longest: longest).filter(accepts)
      .map { ($0, -model.score(of: $0).nats) }.filter { $0.1 > -.infinity }
      .sorted { $0.1 > $1.1 }
  }

  private func check(
    _ posterior: ExactPosterior, _ all: [(sequence: [Symbol], logProbability: Double)], _ label: String
  ) {
    guard !all.isEmpty else {
      #expect(posterior.logProbability == -.infinity, "\(label)")
      #expect(posterior.samples(0..<5, seed: 1).isEmpty)
      #expect(posterior.mostProbable(3).sequences.isEmpty)
      return
    }
    let total = logSum(all.map(\.logProbability))
    #expect(abs(posterior.logProbability - total) < 1e-9, "\(label): \(posterior.logProbability) and \(total)")
    // The most probable.
    let best = posterior.mostProbable(4)
    #expect(best.isExact)
    #expect(best.sequences.count == min(4, all.count))
    for (found, wanted) in zip(best.sequences, all) {
      #expect(abs(found.score.nats + wanted.logProbability) < 1e-9, "\(label)")
      #expect(all.contains { $0.sequence == found.sequence })
    }
    // Lengths.
    let lengths = posterior.lengthDistribution()
    for length in 0...8 {
      let wanted = all.filter { $0.sequence.count == length }.reduce(0) { $0 + exp($1.logProbability - total) }
      #expect(abs(lengths.probability(length) - wanted) < 1e-9, "\(label) \(length)")
    }
  }

  @Test(arguments: words) func patternsAreSumsOverSequences(_ word: String) throws {
    var possible = 0
    for number in 0..<6 {
      let k = 2 + number % 2
      let model = try Toys.model(word, alphabetSize: k)
      let automaton = RandomAutomaton(k, longest: k == 2 ? 7 : 5, seed: UInt64(number) + UInt64(word.utf8.count) * 100)
      let all = matches(model, longest: k == 2 ? 7 : 5, automaton.accepts)
      possible += all.isEmpty ? 0 : 1
      check(try ExactPosterior(of: model, given: automaton), all, "\(word) \(number)")
    }
    #expect(possible > 0)
  }

  @Test(arguments: words) func gapsAreSumsOverSequences(_ word: String) throws {
    for number in 0..<4 {
      let k = 2 + number % 3
      let model = try Toys.model(word, alphabetSize: k)
      var stream = RandomStream(seed: UInt64(number), purpose: "gaps")
      let length = number == 0 ? 0 : 1 + Int(stream.uniform() * (k == 4 ? 4 : 6))
      let sequence = IncompleteSequence(
        (0..<length).map { _ in
          let kind = number == 1 ? 1 : stream.uniform()
          if kind < 0.4 { return .symbol(Int(stream.uniform() * Double(k))) }
          if kind < 0.6 { return .oneOf([0, k - 1]) }
          return .anything
        })
      func accepts(_ candidate: [Symbol]) -> Bool {
        candidate.count == length
          && zip(sequence.elements, candidate).allSatisfy { known, symbol in
            switch known {
            case .symbol(let one): one == symbol
            case .oneOf(let some): some.contains(symbol)
            case .anything: true
            }
          }
      }
      let all = matches(model, longest: length, accepts)
      let posterior = try ExactPosterior(of: model, given: sequence)
      check(posterior, all, "\(word) \(number)")
      let marginals = posterior.marginals()
      #expect(marginals.map(\.position) == (all.isEmpty ? [] : sequence.gaps))
      for marginal in marginals {
        let (position, probabilities) = (marginal.position, marginal.probabilities)
        for symbol in 0..<k {
          let wanted = all.filter { $0.sequence[position] == symbol }.map(\.logProbability)
          let probability = wanted.isEmpty ? 0 : exp(logSum(wanted) - posterior.logProbability)
          #expect(abs(probabilities[symbol] - probability) < 1e-9, "\(word) \(number)")
        }
      }
    }
  }

  @Test(arguments: ["markov:2/eos", "markov:2/halt", "markov:1/tau", "tabular/eos", "ctw:3/halt"])
  func drawsHaveTheDistribution(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let automaton = RandomAutomaton(3, longest: 4, seed: 5)
    let all = matches(model, longest: 4, automaton.accepts)
    let posterior = try ExactPosterior(of: model, given: automaton)
    let draws = posterior.samples(0..<20_000, seed: 3, threads: 2).map(\.sequence)
    let wanted = Dictionary(
      uniqueKeysWithValues: all.map { ($0.sequence, exp($0.logProbability - posterior.logProbability)) })
    #expect(wanted.count > 10)
    #expect(pValue(draws, wanted, word) > 1e-4)
    #expect(posterior.samples(7..<9, seed: 3).map(\.sequence) == Array(draws[7..<9]))
  }

  /// Evidence without a bound on the length: what longer and longer bounds come to, and with its complement 1.
  @Test(arguments: words) func boundsComeToNothing(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    var possible = 0
    for number in 0..<2 {
      let free = RandomAutomaton(2, longest: nil, seed: UInt64(number))
      let posterior = try ExactPosterior(of: model, given: free)
      let bounded = try ExactPosterior(of: model, given: RandomAutomaton(2, longest: 100, seed: UInt64(number)))
      #expect(abs(exp(posterior.logProbability) - exp(bounded.logProbability)) < 1e-9, "\(word) \(number)")
      #expect(!posterior.isBrokenOff)
      if posterior.logProbability > -.infinity {
        possible += 1
        let lengths = posterior.lengthDistribution()
        #expect(abs(lengths.total - 1) < 1e-9, "\(word) \(number)")
        #expect(
          abs(lengths.mean - bounded.lengthDistribution().mean) < 1e-6 * max(lengths.mean, 1), "\(word) \(number)")
      }
    }
    #expect(possible > 0)
  }

  /// A hidden chain, of which a symbol leads to several states.
  @Test func hiddenChains() throws {
    let model = try HiddenChainConditional.model(.small)
    for number in 0..<8 {
      let automaton = RandomAutomaton(2, longest: 7, seed: UInt64(number))
      check(
        try ExactPosterior(of: model, given: automaton), matches(model, longest: 7, automaton.accepts), "\(number)")
    }
  }

  /// P(y(t) | all others), against the likelihoods of the sequences with every symbol there; networks take another way.
  @Test(arguments: [
    "markov:2/eos", "markov:3/tau", "ctw:3/halt", "tabular/eos", "gru:3,epochs=2/halt", "rnn:2,epochs=2/tau",
  ])
  func twoSidedSurprise(_ word: String) throws {
    let model = Toys.inDouble(try Toys.model(word, alphabetSize: 3))
    let set = SequenceSet([[0, 1, 1, 2, 0], [], [2], [1, 1, 1, 1]], alphabetSize: 3)
    let surprises = try model.twoSidedSurprise(of: set, threads: 2)
    #expect(surprises.count == set.count)
    for (number, surprise) in surprises.enumerated() {
      let sequence = Array(set[number])
      #expect(surprise.twoSided.count == sequence.count && surprise.oneSided.count == sequence.count)
      for time in sequence.indices {
        let nats = (0..<3).map { symbol in
          var variant = sequence
          variant[time] = symbol
          return model.score(of: variant).nats
        }
        let wanted = nats[sequence[time]] + logSum(nats.map { -$0 })
        #expect(abs(surprise.twoSided[time] - wanted) < 1e-9, "\(word) \(number) \(time)")
        #expect(nats[surprise.best[time]] == nats.min())
      }
    }
  }
}
