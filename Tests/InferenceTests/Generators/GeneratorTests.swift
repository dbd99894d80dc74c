import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Processes with known probabilities: what every family is tested for, on models that `simulate` makes, and values by hand.
@Suite struct GeneratorTests {
  static let words = [
    "markov:0,symbols=3,mean=2", "markov:1,symbols=2,mean=2", "markov:2,symbols=2,concentration=0.1,mean=3",
    "hmm:1,symbols=2,mean=2", "hmm:3,symbols=2,mean=2", "hmm:4,symbols=3,concentration=0.05,mean=1.5", "copy:2,mean=2",
    "copy:1,symbols=3,noise=0.3,mean=2", "copy:3,mean=0", "brackets:1,mean=2", "brackets:2,depth=2,mean=3",
    "brackets:1,open=0,mean=4", "periodic:aab,noise=0.2,mean=2", "periodic:a,mean=1", "counters:2,mean=3",
    "counters:3,mean=3",
  ]

  /// The longest sequences of an enumeration, and all of them.
  private func sequences(_ model: SequenceModel) -> (longest: Int, all: [[Symbol]]) {
    let longest = [1: 20, 2: 9, 3: 6][model.alphabet.size] ?? 5
    return (longest, Toys.allSequences(model.alphabet.size, longest: longest))
  }

  /// P(begins with a sequence and is longer), and whether each step is a distribution.
  private func massBeyond(_ sequence: [Symbol], _ model: SequenceModel, within tolerance: Double = 1e-12) -> Double {
    func mass<C: Conditional>(_ conditional: C) -> Double {
      var prediction = Prediction(conditional.shape)
      var state = conditional.start(StepInputs(time: 0))
      var mass = 1.0
      for (time, symbol) in (sequence + [-1]).enumerated() {
        let inputs = StepInputs(time: time)
        conditional.predict(state, inputs, into: &prediction)
        #expect(abs(prediction.logProbabilities.reduce(0) { $0 + exp($1) } - 1) < tolerance)
        #expect(abs(exp(prediction.logStop) + exp(prediction.logContinue) - 1) < tolerance)
        #expect(conditional.logStop(state, inputs) == (prediction.logStop, prediction.logContinue))
        for (symbol, logProbability) in prediction.logProbabilities.enumerated() {
          #expect(conditional.logProbability(of: symbol, state, inputs) == logProbability)
        }
        mass *= exp(prediction.logContinue)
        if symbol >= 0 {
          mass *= exp(prediction.logProbabilities[symbol])
          conditional.advance(&state, past: symbol, StepInputs(time: time + 1))
        }
      }
      return mass
    }
    return mass(model.conditional)
  }

  @Test(arguments: words) func sumsToOne(_ word: String) throws {
    let model = try SimulatedModel.model(word, seed: 3)
    let (longest, all) = sequences(model)
    let scores = all.map { model.score(of: $0) }
    #expect(scores.allSatisfy { !$0.nats.isNaN && $0.nats >= 0 })
    let sum = scores.reduce(0.0) { $0 + exp(-$1.nats) }
    // Beginnings of probability 0 are walked along as well.
    let masses = all.map { massBeyond($0, model) }
    let tail = zip(all, masses).reduce(0.0) { $0 + ($1.0.count == longest ? $1.1 : 0) }
    #expect(abs(sum + tail - 1) < 1e-12, "\(sum) + \(tail)")
    #expect(sum > 0.5)
  }

  /// Until what is left is below 1e-12: aⁿ of a stop probability of 1/2, and aⁿbⁿ with n of a geometric distribution of 1/3.
  @Test func infiniteSumsConverge() throws {
    let geometric = try SimulatedModel.model("periodic:a,mean=1", seed: 1)
    let counters = try SimulatedModel.model("counters:2,mean=1", seed: 1)
    func sum(_ model: SequenceModel, _ sequences: [[Symbol]], _ wanted: (Int) -> Double) -> Double {
      sequences.enumerated().reduce(0) { sum, sequence in
        let probability = exp(-model.score(of: sequence.element).nats)
        #expect(abs(probability / wanted(sequence.offset) - 1) < 1e-12)
        return sum + probability
      }
    }
    let powers = (0..<45).map { Array(repeating: 0, count: $0) }
    #expect(abs(sum(geometric, powers) { pow(0.5, Double($0 + 1)) } - 1) < 1e-12)
    let pairs = (0..<30).map { Array(repeating: 0, count: $0) + Array(repeating: 1, count: $0) }
    #expect(abs(sum(counters, pairs) { 2 / pow(3, Double($0 + 1)) } - 1) < 1e-12)
  }

  /// Products by hand, from the definitions; a bracket with all inside is 3 symbols long in the mean where open is 1/4, and 8/3
  /// where the depth is at most 2, so that the probability of the end outside is 1/2.
  @Test(
    arguments: [
      ("copy:2,noise=0.2,mean=3", "abab", pow(0.75, 4) * 0.25 * 0.9 * 0.9 * 0.25),
      ("copy:2,noise=0.2,mean=3", "abb", pow(0.75, 3) * 0.25 * 0.1 * 0.25), ("copy:2,mean=3", "abb", 0),
      ("brackets:1,open=0.25,mean=3", "", 0.5), ("brackets:1,open=0.25,mean=3", "()", 0.5 * 0.75 * 0.5),
      ("brackets:1,open=0.25,mean=3", "(())", 0.5 * 0.25 * 0.75 * 0.75 * 0.5),
      ("brackets:1,open=0.25,mean=3", "())", 0), ("brackets:1,open=0.25,mean=3", "(", 0),
      ("brackets:2,open=0.25,depth=2,mean=2.6666666666666665", "(<>)", 0.5 * 0.5 * 0.125 * 0.75 * 0.5),
      ("brackets:2,open=0.25,depth=2,mean=2.6666666666666665", "(<)>", 0),
      ("brackets:1,open=0.25,depth=2,mean=3", "((()))", 0), ("counters:3,mean=3", "aabbcc", 0.125),
      ("counters:3,mean=3", "aabbc", 0), ("counters:2,mean=2", "aba", 0), ("counters:2,mean=2", "b", 0),
      ("periodic:aab,noise=0.2,mean=4", "aab", pow(0.8, 3) * pow(0.9, 3) * 0.2),
      ("periodic:aab,noise=0.2,mean=4", "b", 0.8 * 0.1 * 0.2), ("periodic:aab,mean=4", "ab", 0),
    ] as [(String, String, Double)])
  func probabilitiesAreThoseByHand(_ word: String, _ text: String, _ wanted: Double) throws {
    let model = try SimulatedModel.model(word, seed: 1)
    let symbols = try text.map { try #require(model.alphabet.index(of: String($0))) }
    #expect(abs(exp(-model.score(of: symbols).nats) - wanted) < 1e-15)
  }

  /// Draws against the probabilities of all sequences to a length, and of the longer ones together.
  @Test(arguments: words) func drawsHaveTheirProbabilities(_ word: String) throws {
    let model = try SimulatedModel.model(word, seed: 5)
    let (longest, all) = sequences(model)
    let draws = try model.samples(10_000, seed: 6, threads: 2)
    #expect(draws.allSatisfy { abs($0.score.nats - model.score(of: $0.sequence).nats) < 1e-9 })
    var probabilities: [[Symbol]?: Double] = [:]
    for sequence in all {
      let probability = exp(-model.score(of: sequence).nats)
      if probability > 0 { probabilities[sequence] = probability }
    }
    probabilities[.some(nil) ?? nil] = max(1 - probabilities.values.reduce(0, +), 0)
    #expect(pValue(draws.map { $0.sequence.count > longest ? nil : $0.sequence }, probabilities, word) > 1e-4)
  }

  /// The mean length is the one that the word says, within five standard errors.
  @Test(arguments: [
    "markov:1,mean=7", "hmm:2,mean=12", "copy:3,mean=9", "brackets:2,mean=8", "brackets:2,depth=3,mean=8",
    "periodic:abc,mean=5", "counters:3,mean=12",
  ])
  func lengthsHaveTheirMean(_ word: String) throws {
    let model = try SimulatedModel.model(word, seed: 2)
    let wanted = try #require(Double(word.split(separator: "=").last ?? ""))
    let lengths = try model.samples(6000, seed: 9, threads: 2).map { Double($0.sequence.count) }
    let mean = lengths.reduce(0, +) / Double(lengths.count)
    #expect(abs(mean - wanted) < 5 * standardDeviation(lengths) / Double(lengths.count).squareRoot(), "\(mean)")
  }

  /// The listed states are the process: forwards, backwards, and by their successors.
  @Test(arguments: words.filter { !$0.hasPrefix("counters") && $0 != "brackets:1,mean=2" && !$0.contains("open=0,") })
  func listedStatesAreTheProcess(_ word: String) throws {
    let model = try SimulatedModel.model(word, seed: 4)
    let states = try #require(model.finiteStates)
    func step(_ time: Int) -> StepInputs { StepInputs(time: time) }
    let everywhere = states.reached(from: Array(0..<states.stateCount), times: 0...0)
    for sequence in sequences(model).all {
      var mass = [Double](repeating: 0, count: states.stateCount)
      for start in states.start(step(0)) { mass[start.state] = start.probability }
      var next = mass
      var workspace = Workspace()
      for (time, symbol) in sequence.enumerated() {
        _ = states.forward(mass, .symbol(symbol), step(time), into: &next, &workspace)
        swap(&mass, &next)
      }
      let stopped = states.forward(mass, step(sequence.count), into: &next, &workspace)
      #expect(abs(stopped - exp(-model.score(of: sequence).nats)) < 1e-12)
      #expect(abs(stopped + next.reduce(0, +) - mass.reduce(0, +)) < 1e-12)
    }
    // P(continues) of each state, in the other direction.
    let ones = [Double](repeating: 1, count: states.stateCount)
    for (state, continuing) in states.backward(ones, step(0), within: everywhere).enumerated() {
      #expect(abs(continuing + states.stopProbability(state, step(0)) - 1) < 1e-12)
    }
    #expect(states.successors(of: 0, by: -1, step(0)).isEmpty)
    #expect(states.successors(of: 0, by: model.alphabet.size, step(0)).isEmpty)
    #expect(states.endlessStates() == nil)
  }

  /// Memories that are too many, or without end, are not listed.
  @Test(arguments: ["copy:1000", "copy:12,symbols=26", "brackets:2", "brackets:4,depth=1000", "counters:2"])
  func manyStatesAreNotListed(_ word: String) throws {
    #expect(try SimulatedModel.model(word, seed: 1).finiteStates == nil)
  }

  @Test(arguments: words) func filesHoldTheModel(_ word: String) throws {
    let model = try SimulatedModel.model(word, seed: 8)
    let bytes = try ModelFile.bytes(of: model)
    let back = try ModelFile.model(from: bytes)
    #expect(back.specification.word == model.specification.word && back.alphabet == model.alphabet)
    #expect(try ModelFile.bytes(of: back) == bytes)
    for sequence in sequences(model).all.prefix(200) { #expect(back.score(of: sequence) == model.score(of: sequence)) }
    // The same seed, the same process.
    #expect(try ModelFile.bytes(of: SimulatedModel.model(word, seed: 8)) == bytes)
  }

  /// What is drawn depends on the seed.
  @Test(arguments: ["markov:1", "hmm:2"]) func seedsDrawOtherTables(_ word: String) throws {
    #expect(
      try ModelFile.bytes(of: SimulatedModel.model(word, seed: 1))
        != ModelFile.bytes(of: SimulatedModel.model(word, seed: 2)))
  }

  @Test(arguments: words) func auditsFindNothing(_ word: String) throws {
    var options = AuditOptions()
    options.samples = 1000
    for line in try SimulatedModel.model(word, seed: 7).audit(options) { #expect(line.isSound, "\(line)") }
  }

  /// Other numbers in a file, under checksums that are right: it is refused, or sums to one.
  @Test(arguments: ["hmm:3,symbols=2,mean=2", "markov:1,symbols=2,mean=2"]) func hostileNumbersAreRefused(
    _ word: String
  ) throws {
    let whole = try TensorFile(ModelFile.bytes(of: SimulatedModel.model(word, seed: 1)))
    var stream = RandomStream(seed: 77, purpose: word)
    var (refused, read) = (0, 0)
    for name in whole.tensors.keys.sorted() {
      for _ in 0..<15 {
        var file = whole
        file.remove(name)
        if name == "automaton.next" || name == "automaton.first" {
          let old = name == "automaton.next" ? try whole.int32s(name).map(Int.init) : try whole.counts(name)
          var values = old
          values[Int(stream.uniform() * Double(values.count))] =
            [-1, 0, 1, 2, 5, Int(Int32.max), old[Int(stream.uniform() * Double(old.count))]][Int(stream.uniform() * 7)]
          if name == "automaton.next" { file.set(name, values.map(Int32.init)) } else { file.set(name, counts: values) }
        } else {
          let count = try #require(whole.tensors[name]).shape[0]
          var values = try whole.doubles(name, count: count)
          let place = Int(stream.uniform() * Double(count))
          values[place] =
            [0, -0.1, .nan, .infinity, 1, 1.5, 1e300, values[place] * 1.001, values[place] + 1e-12][
              Int(stream.uniform() * 9)]
          file.set(name, values, shape: [count])
        }
        guard let model = try? ModelFile.model(from: file.serialized()) else {
          refused += 1
          continue
        }
        read += 1
        let (longest, all) = sequences(model)
        let sum = all.reduce(0.0) { $0 + exp(-model.score(of: $1).nats) }
        let tail = all.filter { $0.count == longest }.reduce(0.0) { $0 + massBeyond($1, model, within: 1e-8) }
        #expect(abs(sum + tail - 1) < 1e-8, "\(name)")
      }
    }
    #expect(refused > 15 && read > 8, "\(refused) \(read)")
  }

  /// A generator's file has the symbols that its word says; an automaton's tensors have the sizes that follow.
  @Test func otherSizesAreRefused() throws {
    for (word, changed) in [
      ("copy:2,symbols=3", "copy:2,symbols=4"), ("hmm:3", "hmm:2"), ("hmm:3", "copy:2,symbols=4"),
    ] {
      var file = try TensorFile(ModelFile.bytes(of: SimulatedModel.model(word, seed: 1)))
      file.metadata["chainrule.model"] = try SimulatedModel.model(changed, seed: 1).specification.word
      let bytes = try file.serialized()
      var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
      #expect(throws: ModelFileError.self, "\(word)") { try ModelFile.model(reading: &source) }
    }
  }

  /// States that never end are told by the audit, whichever way they are found.
  @Test func endlessStatesAreFound() throws {
    let model = try SimulatedModel.model("hmm:2,symbols=2,mean=2", seed: 1)
    var file = try TensorFile(ModelFile.bytes(of: model))
    // From state 0 to both, from state 1 to itself alone, without an end.
    for name in file.tensors.keys { file.remove(name) }
    file.set("automaton.initial", [1, 0] as [Double], shape: [2])
    file.set("automaton.stop", [0.5, 0] as [Double], shape: [2])
    file.set("automaton.first", counts: [0, 1, 2, 3, 3])
    file.set("automaton.next", [0, 1, 1] as [Int32])
    file.set("automaton.probabilities", [0.25, 0.75, 1] as [Double], shape: [3])
    let endless = try ModelFile.model(from: file.serialized())
    #expect(endless.finiteStates?.endlessStates() == [false, true])
    var options = AuditOptions()
    options.samples = 100
    let line = try #require(try endless.audit(options).last)
    // Each step ends with 1/2, goes to state 1 with 3/8 and stays with 1/8: 3/7 never end.
    #expect(line.check == .tightness && !line.isSound && abs(line.figure - 3.0 / 7) < 1e-12)
  }

  @Test func theyAreNotFitted() throws {
    for word in ["copy:2", "brackets", "periodic", "counters", "automaton:3"] {
      let specification = try ModelSpecification(word)
      #expect(specification.length.word(complete: true) == "halt")
      #expect(throws: SpecificationError.self) { try specification.checkFitting() }
      #expect(throws: SpecificationError.self) {
        try SequenceModel.fit(specification, to: Toys.set(alphabetSize: 2), Toys.alphabet(2))
      }
      #expect(throws: SpecificationError.self) { try ModelSpecification(word + "/eos") }
      #expect(throws: SpecificationError.self) { try ModelSpecification(word + "/tau") }
    }
  }

  @Test(arguments: [
    "copy:0", "copy:1001", "copy:2,symbols=0", "copy:2,noise=1.1", "copy:2,mean=-1", "copy:2,mean=nan", "copy:2,x=1",
    "copy:99999999999999999999", "brackets:5", "brackets:open=0.5", "brackets:depth=0",
    "brackets:depth=9999999999999999999",
    "brackets:depth=unlimite", "periodic:pattern=a b", "periodic:ä", "periodic:", "counters:1", "counters:27",
    "markov:-1",
    "markov:13", "markov:12,symbols=10000", "markov:3,concentration=0", "hmm:0", "hmm:2000,symbols=10000",
    "hmm:3,mean=1e999", "nothing", "", "copy(markov:1)", "markov:2/eos",
  ])
  func brokenWordsAreRefused(_ word: String) {
    #expect(throws: SpecificationError.self) { try SimulatedModel.model(word, seed: 1) }
  }

  /// A word that says what the defaults are is the same word.
  @Test func wordsAreCanonical() throws {
    let word = try SimulatedModel.model("copy:3,noise=0.25", seed: 1).specification.word
    #expect(word == "copy:delay=3,symbols=2,noise=0.25,mean=40.0/halt")
    #expect(try ModelSpecification(word).word == word)
    #expect(try SimulatedModel.model("brackets", seed: 1).specification.shortWord == "brackets/halt")
  }

  /// Letters and digits as far as they go, words then, all in code-point order.
  @Test(arguments: [(1, "a"), (26, "z"), (27, "A"), (62, "9"), (63, "s62"), (1000, "s007")])
  func alphabetsHaveTheirSymbols(_ size: Int, _ symbol: String) throws {
    let alphabet = try SimulatedModel.model("copy:1,symbols=\(size)", seed: 1).alphabet
    #expect(alphabet.size == size && alphabet.index(of: symbol) != nil)
    #expect(alphabet.kind == (size > 62 ? .words : .characters))
  }
}
