import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Draws of a given length from less than the whole distribution, where states are finitely many: exactly those of the
/// truncated process that have the length.
@Suite struct TruncatedLengthTests {
  static let words = [
    "markov:2/eos", "markov:1/halt", "markov:2,smoothing=ml/eos", "markov:1,time=each/halt",
    "markov:2,time=bucket:3/eos",
    "ctw:2/eos", "ctw:2/halt", "vlmc:3/eos", "tabular:smoothing=add:0.5/eos", "tabular/halt", "table:y1+y3/eos",
    "table:y2/halt",
  ]

  static func truncation(_ policy: Truncation.EndPolicy, _ number: Int) -> Truncation {
    var truncation = Truncation()
    truncation.endPolicy = policy
    switch number {
    case 0: (truncation.temperature, truncation.topK) = (0.7, 2)
    case 1: (truncation.temperature, truncation.topP) = (1.4, 0.85)
    default: (truncation.minP, truncation.topK) = (0.21, 3)
    }
    return truncation
  }

  /// By definition: what is left of some probabilities, as a distribution.
  private func left(_ probabilities: [Double], _ truncation: Truncation) -> [Double] {
    let tempered = probabilities.map { pow($0, 1 / truncation.temperature) }
    var order = tempered.indices.sorted { (tempered[$0], $1) > (tempered[$1], $0) }
    if let k = truncation.topK { order = Array(order.prefix(k)) }
    if let p = truncation.topP {
      let total = order.reduce(0) { $0 + tempered[$1] }
      let needed = (1...order.count).first { order.prefix($0).reduce(0) { $0 + tempered[$1] } >= p * total }
      order = Array(order.prefix(needed ?? order.count))
    }
    if let p = truncation.minP { order = order.filter { tempered[$0] >= p * tempered[order[0]] } }
    let total = order.reduce(0) { $0 + tempered[$1] }
    return tempered.indices.map { order.contains($0) ? tempered[$0] / total : 0 }
  }

  /// P(element) of a step, that of the end behind; given the model's own.
  private func step(_ elements: [Double], _ stop: Double, _ truncation: Truncation) -> [Double] {
    let continuing = elements.map { $0 * (1 - stop) }
    if stop == 1 { return elements.map { _ in 0 } + [1] }
    switch truncation.endPolicy {
    case .filter: return left(continuing + [stop], truncation)
    case .keep:
      let tempered = (continuing + [stop]).map { pow($0, 1 / truncation.temperature) }
      let end = tempered[elements.count] / tempered.reduce(0, +)
      return left(elements, truncation).map { $0 * (1 - end) } + [end]
    case .separate: return left(elements, truncation).map { $0 * (1 - stop) } + [stop]
    }
  }

  /// P of a string under the truncated process, its prefix given, and what is cut of the model's stopping on the way.
  private func truncated<C: Conditional>(
    _ conditional: C, _ model: SequenceModel, _ string: [Symbol], prefix: Int, _ truncation: Truncation
  ) -> (probability: Double, stops: StopMass) {
    let k = conditional.shape.alphabetSize
    var prediction = Prediction(conditional.shape)
    func inputs(_ time: Int) -> StepInputs { model.inputs(time: time, length: 0) }
    var state = conditional.start(inputs(0))
    var (probability, stops) = (1.0, StopMass())
    for time in 0...string.count {
      if time >= prefix {
        conditional.predict(state, inputs(time), into: &prediction)
        let stop = exp(prediction.logStop)
        var elements = prediction.logProbabilities[..<k].map { exp($0) }
        let sum = elements.reduce(0, +)
        if sum > 0 { elements = elements.map { $0 / sum } }
        let step = step(elements, stop, truncation)
        probability *= step[time < string.count ? string[time] : k]
        stops.model += stop
        if step[k] == 0 { stops.removed += stop }
      }
      if time < string.count { conditional.advance(&state, past: string[time], inputs(time + 1)) }
    }
    return (probability, stops)
  }

  @Test(arguments: words, Truncation.EndPolicy.allCases)
  func drawsAreTheProcessGivenItsLength(_ word: String, _ policy: Truncation.EndPolicy) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    for number in 0..<3 {
      var options = SamplingOptions()
      options.truncation = Self.truncation(policy, number)
      options.length = 4
      options.prefix = [1]
      // It says nothing beside the length.
      options.minimumLength = number
      let strings = Toys.allSequences(3, longest: 4).filter { $0.count == 4 && $0[0] == 1 }
      func enumerated<C: Conditional>(_ conditional: C) -> [[Symbol]: (probability: Double, stops: StopMass)] {
        Dictionary(
          uniqueKeysWithValues: strings.map {
            ($0, truncated(conditional, model, $0, prefix: 1, options.truncation))
          })
      }
      let exact = enumerated(model.conditional)
      let all = exact.values.reduce(0) { $0 + $1.probability }
      let draws: [Sample]
      do {
        draws = try Sampler(model, seed: 41, options).samples(0..<10_000, threads: 2)
      } catch is SpecificationError {
        #expect(all == 0, "\(word), \(policy), \(number)")
        continue
      }
      var counts: [[Symbol]: Int] = [:]
      for draw in draws { counts[draw.sequence, default: 0] += 1 }
      var (statistic, cells, expected, observed) = (0.0, 0, 0.0, 0.0)
      for (string, entry) in exact {
        let (wanted, seen) = (entry.probability / all * Double(draws.count), Double(counts[string] ?? 0))
        #expect(wanted > 0 || seen == 0, "\(word), \(policy), \(number): \(string)")
        if wanted >= 5 {
          statistic += (seen - wanted) * (seen - wanted) / wanted
          cells += 1
        } else {
          (expected, observed) = (expected + wanted, observed + seen)
        }
      }
      if expected >= 5 {
        statistic += (observed - expected) * (observed - expected) / expected
        cells += 1
      }
      let p = cells > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : 1
      print(
        "\(word), \(policy), \(number): seed 41, chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
      #expect(p > 1e-4)
      for draw in draws.prefix(50) {
        let stops = try #require(exact[draw.sequence]).stops
        #expect(abs(draw.stops.model - stops.model) < 1e-9 && abs(draw.stops.removed - stops.removed) < 1e-9)
        #expect(draw.isComplete && draw.tries == 1)
        #expect(abs(draw.score.nats - model.score(of: draw.sequence).nats) < 1e-12)
      }
    }
  }

  /// Against the draws that are rejected unless they have the length: a two-sample chi-square over all strings.
  @Test(arguments: words, Truncation.EndPolicy.allCases)
  func drawsAreThoseOfRejection(_ word: String, _ policy: Truncation.EndPolicy) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    var options = SamplingOptions()
    options.truncation.endPolicy = policy
    options.truncation.temperature = 0.9
    options.truncation.minP = 0.1
    options.length = 3
    let exact = try Sampler(model, seed: 5, options).samples(0..<10_000, threads: 2)
    let rejected = try Sampler(model, seed: 6, options, tables: TableLimits(messages: .max, chain: 0)).samples(
      0..<10_000, threads: 2)
    #expect(exact.allSatisfy { $0.tries == 1 } && rejected.contains { $0.tries > 1 })
    var counts: [[Symbol]: (Double, Double)] = [:]
    for sample in exact { counts[sample.sequence, default: (0, 0)].0 += 1 }
    for sample in rejected { counts[sample.sequence, default: (0, 0)].1 += 1 }
    var (statistic, cells) = (0.0, 0)
    var rest = (0.0, 0.0)
    for (a, b) in counts.values {
      guard a + b >= 10 else {
        rest = (rest.0 + a, rest.1 + b)
        continue
      }
      statistic += (a - b) * (a - b) / (a + b)
      cells += 1
    }
    if rest.0 + rest.1 >= 10 {
      statistic += (rest.0 - rest.1) * (rest.0 - rest.1) / (rest.0 + rest.1)
      cells += 1
    }
    let p = cells > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : 1
    print("\(word), \(policy): seeds 5 and 6, chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
    #expect(p > 1e-4)
    // What is said of stopping has the same mean, within five standard errors.
    let masses = (exact.map(\.stops.removed), rejected.map(\.stops.removed))
    let means = (masses.0.reduce(0, +) / 10_000, masses.1.reduce(0, +) / 10_000)
    let spread = (masses.0 + masses.1).reduce(0) { $0 + ($1 - means.0) * ($1 - means.0) } / 20_000
    #expect(abs(means.0 - means.1) <= 5 * (2 * spread / 10_000).squareRoot() + 1e-9)
  }

  /// Lengths that hardly occur, which rejection would not come to.
  @Test(arguments: Truncation.EndPolicy.allCases) func rareLengthsAreDrawn(_ policy: Truncation.EndPolicy) throws {
    let model = try Toys.model("markov:2/halt", alphabetSize: 2)
    var options = SamplingOptions()
    options.truncation.endPolicy = policy
    options.truncation.temperature = 0.8
    options.length = 200
    #expect(try model.samples(5, seed: 1, options).allSatisfy { $0.sequence.count == 200 && $0.isComplete })
    #expect(throws: SpecificationError.self) {
      try Sampler(model, seed: 1, options, tables: TableLimits(messages: .max, chain: 0))
    }
  }
}

/// Tables of one's own as chains.
@Suite struct TableStatesTests {
  @Test func areAllHistoriesThatParentsReach() throws {
    func count(_ word: String, _ k: Int) throws -> Int? {
      let table = try #require(try Toys.model(word, alphabetSize: k).conditional as? any FiniteStateConditional)
      return table.finiteStates()?.stateCount
    }
    #expect(try count("table:none/eos", 3) == 1)
    #expect(try count("table:y1+y3/eos", 3) == 1 + 3 + 9 + 27)
    #expect(try count("table:y2/halt", 2) == 7)
    #expect(try count("table:y17/eos", 2) == 1 << 18 - 1)
    #expect(try count("table:y2/tau:input=none", 3) == 13)
    // Too many, and those that look at a length.
    #expect(try count("table:y1+y1000/eos", 2) == nil)
    #expect(try count("table:y2/tau", 3) == nil)
  }

  /// P(τ) by enumeration of all strings.
  @Test(arguments: ["table:y1+y3/eos", "table:y2,smoothing=add:0.5/halt", "table:none,smoothing=ml/eos"])
  func lawsOfLengthAreExact(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let law = try model.lengthDistribution(seed: 1)
    var enumerated = [Double](repeating: 0, count: 8)
    for string in Toys.allSequences(3, longest: 7) { enumerated[string.count] += exp(-model.score(of: string).nats) }
    for (length, probability) in enumerated.enumerated() {
      #expect(abs((length < law.probabilities.count ? law.probabilities[length] : 0) - probability) < 1e-12)
    }
    #expect(abs(law.probabilities.reduce(0, +) + law.beyond + law.endless - 1) < 1e-9)
  }

  /// In the cold going on may be rarer than any rounding of the end: after a it is (5/995)^(1/T) to 1, after b (6/994)^(1/T), and
  /// sequences of two elements are ac and bc as these are to each other.
  @Test(arguments: ["eos", "halt"], [Truncation.EndPolicy.filter, .keep, .separate])
  func whatIsRareInTheColdIsKept(_ length: String, _ policy: Truncation.EndPolicy) throws {
    let kinds: [([Symbol], Int)] = [([0], 9950), ([0, 2], 50), ([1], 9940), ([1, 2], 60)]
    let set = SequenceSet(kinds.flatMap { Array(repeating: $0.0, count: $0.1) }, alphabetSize: 3)
    let model = try SequenceModel.fit(ModelSpecification("markov:1,smoothing=ml/\(length)"), to: set, Toys.alphabet(3))
    for temperature in [0.144, 0.1] {
      var options = SamplingOptions()
      options.length = 2
      (options.truncation.temperature, options.truncation.endPolicy) = (temperature, policy)
      let draws = try model.samples(20_000, seed: 4, options, threads: 2)
      let share = Double(draws.count { $0.sequence == [0, 2] }) / 20_000
      func weight(_ continuing: Double, _ stop: Double) -> Double {
        policy == .separate ? continuing / (continuing + stop) : pow(continuing / stop, 1 / temperature)
      }
      let (a, b) = (weight(50, 9950), weight(60, 9940))
      #expect(abs(share - a / (a + b)) < 0.015, "\(length), \(policy), \(temperature): \(share)")
    }
  }
}
