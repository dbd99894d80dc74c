import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// The states from which no end can be reached, against a search over all outcomes of all states.
@Suite struct EndlessStatesTests {
  private func search(_ states: BackoffAutomaton) -> [Bool] {
    let inputs = StepInputs(time: states.homogeneousFrom)
    let places = (0..<states.count).map { states.refine?($0, inputs) ?? $0 }
    var ends = places.map { states.stopProbability($0) > 0 }
    var probabilities = [Double](repeating: 0, count: states.shape.outcomes)
    var successors = [Int32](repeating: 0, count: states.shape.outcomes)
    var isSettled = false
    while !isSettled {
      isSettled = true
      for (state, place) in places.enumerated() where !ends[state] {
        if states.shape.stop == .variable, states.continuing[place] == 0 { continue }
        states.expand(place, into: &probabilities, &successors)
        ends[state] = (0..<states.shape.alphabetSize).contains { probabilities[$0] > 0 && ends[Int(successors[$0])] }
        if ends[state] { isSettled = false }
      }
    }
    return ends.map { !$0 }
  }

  /// Sequences of which some symbols never stand at an end, so that much is endless or all but.
  @Test(
    arguments: [
      "markov:1,smoothing=ml/eos", "markov:2,smoothing=ml/eos", "markov:2,smoothing=ml/halt",
      "markov:3,smoothing=ml/halt",
      "markov:1,smoothing=ml,time=each/halt", "markov:2,smoothing=ml,time=bucket:3/eos", "vlmc:3,smoothing=ml/eos",
      "tabular:smoothing=ml/eos", "tabular:smoothing=ml/halt", "table:y1+y3,smoothing=ml/eos", "markov:2/eos",
      "ctw:2/halt",
    ], 0..<12)
  func areThoseOfASearch(_ word: String, _ seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), purpose: "endless")
    let k = 2 + seed % 3
    let sequences = (0..<1 + seed % 5).map { _ in
      (0..<1 + Int(stream.uniform() * 12)).map { _ in Int(stream.uniform() * Double(k)) }
    }
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: SequenceSet(sequences, alphabetSize: k), Toys.alphabet(k))
    let states = try #require(model.finiteStates as? BackoffAutomaton)
    let found = search(states)
    #expect(states.endlessStates() ?? Array(repeating: false, count: states.count) == found, "\(word), \(seed)")
  }

  /// A chain whose states leave most outcomes to shorter states, some with weight 0, some listing what those list.
  @Test(arguments: 0..<200) func ofRandomChains(_ seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), purpose: "chains")
    func below(_ count: Int) -> Int { min(Int(stream.uniform() * Double(count)), count - 1) }
    let (k, count) = (2 + below(4), 3 + below(8))
    let stop: OutputShape.Stop = seed % 2 == 0 ? .variable : .outcome
    let shape = OutputShape(alphabetSize: k, stop: stop)
    var (shorter, weight): ([Int32], [Double]) = ([0], [stream.uniform() < 0.5 ? 0 : 0.5])
    var (firstEntry, outcomes, next): ([Int], [Int32], [Int32]) = ([0], [], [])
    var values: [Double?] = []
    for state in 0..<count {
      if state > 0 {
        shorter.append(Int32(below(state)))
        weight.append(stream.uniform() < 0.4 ? 0 : 0.5)
      }
      for outcome in 0..<shape.outcomes where stream.uniform() < 0.35 {
        outcomes.append(Int32(outcome))
        values.append(stream.uniform() < 0.3 ? 0 : 0.2)
        next.append(outcome == k ? -1 : Int32(below(count)))
      }
      firstEntry.append(outcomes.count)
    }
    let stops = (0..<count).map { _ in stream.uniform() < 0.9 ? 0.0 : 0.5 }
    let states = BackoffAutomaton(
      shape: shape, shorter: shorter, firstEntry: firstEntry, outcomes: outcomes, values: values, next: next,
      weight: weight, extra: [], stop: stop == .variable ? stops : [],
      continuing: stop == .variable ? (0..<count).map { _ in stream.uniform() < 0.8 ? 0.5 : 0 } : [],
      homogeneousFrom: 0,
      start: { _ in 0 }, refine: nil)
    #expect(states.checkInvariants() == nil)
    let found = search(states)
    #expect(states.endlessStates() ?? Array(repeating: false, count: count) == found, "\(seed)")
  }
}

/// Exact distributions of the length as far as they are asked for.
@Suite struct AskedLengthsTests {
  /// A text of 400 different symbols, of which the last alone is an end: its length is spread over thousands.
  @Test func noMoreIsComputedThanIsAsked() throws {
    var stream = RandomStream(seed: 2)
    let text = (0..<2000).map { _ in Int(stream.uniform() * 400) }
    let set = SequenceSet([text], alphabetSize: 400)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:1/eos"), to: set,
      Alphabet(
        symbols: (0..<400).map { String(Character(Unicode.Scalar(0x4E00 + UInt32($0)) ?? "a")) }, kind: .characters))
    let states = try #require(model.finiteStates as? BackoffAutomaton)
    let size = states.count + states.rows.outcomes.count
    let (all, asked) = (states.lengthDistribution(), states.lengthDistribution(work: 100 * size, longest: 5))
    // A tenth of the work goes to what was not asked for.
    #expect(asked.probabilities.count == 11 && asked.source == .brokenOff && all.isExact)
    #expect(Array(all.probabilities[..<11]) == asked.probabilities)
    // As many as are asked for, within the work.
    #expect(states.lengthDistribution(work: 2000 * size, longest: 500).probabilities.count <= 501)
    // What is short is known whole, and with it mean and variance.
    let short = try Toys.model("markov:2/eos", alphabetSize: 2)
    var options = LengthOptions()
    options.longest = 2
    let law = try short.lengthDistribution(options, seed: 1)
    let mean = try short.lengthDistribution(seed: 1).mean
    #expect(law.isExact && law.mean == mean)
  }
}
