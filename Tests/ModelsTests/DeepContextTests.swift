import Foundation
import Models
import Probability
import Sequences
import Testing

/// Unary paths of contexts are read in the text; the whole tree, in which all contexts stand, is the definition.
@Suite struct DeepContextTests {
  private static let k = 3

  /// Sequences that repeat parts of each other, so that contexts branch late, some of a few elements, and some that occur
  /// several times, so that events with long contexts do.
  private func sequences(seed: UInt64) -> [[Symbol]] {
    var stream = RandomStream(seed: seed)
    func draw(_ bound: Int) -> Int { Int(stream.uniform() * Double(bound)) }
    let theme = (0..<30).map { _ in draw(Self.k) }
    let sequences = (0..<14).map { index in
      if index % 4 == 3 { return (0..<draw(4)).map { _ in draw(Self.k) } }
      let from = draw(20)
      return (0..<draw(12)).map { _ in draw(Self.k) } + theme[from..<(from + 1 + draw(10))]
        + (0..<draw(12)).map { _ in draw(Self.k) }
    }
    return sequences + sequences[..<3] + sequences[..<2] + sequences[..<2] + [theme + theme + theme.prefix(7)]
  }

  /// What was trained on, parts of it with other beginnings and ends, and something else.
  private func asked(_ train: [[Symbol]]) -> [[Symbol]] {
    train + train.map { Array($0.dropFirst(2)) } + train.map { Array($0.dropLast()) + [0, 1] }
      + train.map { [2] + $0 } + sequences(seed: 99).prefix(6)
  }

  /// All numbers that a walk along sequences meets.
  private func walk(_ conditional: any Conditional, _ sequences: [[Symbol]]) -> [Double] {
    func walk<C: Conditional>(_ conditional: C) -> [Double] {
      var numbers: [Double] = []
      var prediction = Prediction(conditional.shape)
      for sequence in sequences {
        func inputs(_ time: Int) -> StepInputs {
          StepInputs(time: time, length: conditional.shape.lengthLabel(time: time, length: sequence.count))
        }
        var state = conditional.start(inputs(0))
        for time in 0..<conditional.shape.steps(length: sequence.count) {
          conditional.predict(state, inputs(time), into: &prediction)
          numbers += prediction.logProbabilities + [prediction.logStop, prediction.logContinue]
          for outcome in prediction.logProbabilities.indices {
            let alone = conditional.logProbability(of: outcome, state, inputs(time))
            let together = prediction.logProbabilities[outcome]
            #expect(alone == together || abs(alone - together) < 1e-12)
          }
          #expect(abs(prediction.logProbabilities.reduce(0) { $0 + exp($1) } - 1) < 1e-9)
          if time < sequence.count { conditional.advance(&state, past: sequence[time], inputs(time + 1)) }
        }
      }
      return numbers
    }
    return walk(conditional)
  }

  /// Fits a family with the contexts that occur once in the tree or in the text.
  private func fit(
    _ word: String, _ train: SequenceSet, valid: SequenceSet, isDeep: Bool
  ) throws -> (any Conditional, ModelSpecification) {
    let specification = try ModelSpecification(word)
    let data = TrainingData(train: train, valid: valid)
    let shape = specification.shape(alphabetSize: Self.k)
    switch specification.family {
    case var family as MarkovFamily:
      family.tails = isDeep ? .always : .none
      return (try family.fit(data, shape, FittingContext()), specification)
    case var family as ContextTreeFamily:
      family.tails = isDeep ? .always : .none
      return (try family.fit(data, shape, FittingContext()), specification)
    case var family as VariableLengthFamily:
      family.tails = isDeep ? .always : .none
      return (try family.fit(data, shape, FittingContext()), specification)
    default: throw SpecificationError.refused(model: word, reason: "it has no contexts")
    }
  }

  private static let smoothings = [
    "ml", "add:0.5", "add:auto", "add:auto,tune=valid", "jelinek-mercer:0.5", "jelinek-mercer",
    "jelinek-mercer,tune=valid", "witten-bell", "witten-bell,mixing=backoff", "witten-bell,tune=leave-one-out",
    "absolute",
    "absolute,mixing=backoff", "kneser-ney", "kneser-ney,mixing=backoff", "modified-kneser-ney",
    "modified-kneser-ney,mixing=backoff", "modified-kneser-ney,tune=valid", "pitman-yor", "pitman-yor:0.7,tune=valid",
  ]

  static let words =
    smoothings.map { "markov:k=60,smoothing=\($0)" }
    + ["markov:7", "markov:60,time=bucket:3", "markov:60,time=each", "ctw:60", "ctw:7", "ctw:60,estimator=kt"]
    + ["lr:0.3", "lr:0.9,min=1", "aic", "bic"].map { "vlmc:60,prune=\($0)" }

  /// The same distributions at every step, whatever the way to end.
  @Test(arguments: words, ["eos", "halt", "tau", "tau:input=none"])
  func theWholeTreeSaysTheSame(_ family: String, _ ending: String) throws {
    let isTuned = family.contains(/tune=|auto|jelinek-mercer$|pitman-yor/)
    if isTuned, ending.hasPrefix("tau") { return }
    let sequences = sequences(seed: 5)
    let train = SequenceSet(sequences, alphabetSize: Self.k)
    let asked = asked(sequences)
    let valid = SequenceSet(Array(asked.shuffled(seed: 3).prefix(20)), alphabetSize: Self.k)
    let (whole, specification) = try fit("\(family)/\(ending)", train, valid: valid, isDeep: false)
    let (deep, _) = try fit("\(family)/\(ending)", train, valid: valid, isDeep: true)
    let expected = walk(whole, asked)
    let found = walk(deep, asked)
    #expect(expected.count == found.count)
    let worst = zip(expected, found).map { $0 == $1 ? 0 : abs($0 - $1) }.max() ?? 0
    #expect(worst < 1e-12)
    #expect(zip(whole.notes, deep.notes).allSatisfy { $0 == $1 })
    // A pruned tree is the same; others hold fewer numbers, where contexts are long and shorter ones are held.
    if family.hasPrefix("vlmc") { #expect(deep.storedParameters == whole.storedParameters) }
    if family == "ctw:60" || family.hasSuffix("kneser-ney") {
      #expect(deep.storedParameters < whole.storedParameters / 2)
    }
    // Their states can be listed where the whole tree is small enough.
    func states(_ conditional: any Conditional) -> BackoffAutomaton? {
      (conditional as? any FiniteStateConditional)?.finiteStates() as? BackoffAutomaton
    }
    #expect(states(whole)?.count == states(deep)?.count)
    #expect(zip(states(whole)?.values ?? [], states(deep)?.values ?? []).allSatisfy { abs($0 - $1) < 1e-12 })

    // And so does what is read from its file.
    var file = TensorFile()
    deep.write(to: &file)
    let read = try specification.family.conditional(from: file, whole.shape)
    #expect(walk(read, asked) == found)
  }

  /// Blocks, threads and files in memory's stead make the same model, with the same paths in the text.
  @Test(arguments: ["markov:60/eos", "markov:40/halt", "markov:60,time=each/tau:input=none"], [7, 50])
  func blocksMakeTheSameModel(_ word: String, _ block: Int) throws {
    let train = SequenceSet(sequences(seed: 5), alphabetSize: Self.k)
    let specification = try ModelSpecification(word)
    let family = try #require(specification.family as? MarkovFamily)
    let shape = specification.shape(alphabetSize: Self.k)
    let path = ContextPath(order: family.order, time: word.contains("each") ? .each : .none, shape: shape)
    func counts(_ block: Int?, _ scratch: Scratch?) throws -> ContextCounts {
      try ContextCounts(
        train, path, shape, lowerOrders: true, threads: 2, tails: .always, block: block, scratch: scratch)
    }
    let scratch = try Scratch(limit: Scratch.smallestLimit)
    #expect(try counts(block, scratch) == counts(nil, nil))
    #expect(try counts(nil, scratch) == counts(nil, nil))
  }

  /// A text that stands there twice takes little more than one: contexts that occur twice branch no more than others.
  @Test(arguments: ["markov:1000/eos", "markov:1000,smoothing=witten-bell/halt", "ctw:1000/eos"])
  func repetitionsOfLongTexts(_ word: String) throws {
    var stream = RandomStream(seed: 7)
    let text = (0..<5000).map { _ in Int(stream.uniform() * 4) }
    let alphabet = try Alphabet(symbols: ["a", "b", "c", "d"], kind: .characters)
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: SequenceSet([text, text, text], alphabetSize: 4), alphabet)
    #expect(model.storedParameters < 40 * text.count)
    // Along a repeated passage an element costs as many steps as its context has labels.
    #expect(walkedNats(of: SequenceSet([Array(text.prefix(600))], alphabetSize: 4), model).isFinite)
  }

  /// What lists all n-grams finds those of unary paths as well. Their number is that of the text's different windows.
  @Test func allContextsAreThereOnDemand() throws {
    var stream = RandomStream(seed: 8)
    let part = (0..<200).map { _ in Int(stream.uniform() * 4) }
    let text = part + part
    let alphabet = try Alphabet(symbols: ["a", "b", "c", "d"], kind: .characters)
    let set = SequenceSet([text], alphabetSize: 4)
    let model = try SequenceModel.fit(ModelSpecification("markov:60/eos"), to: set, alphabet)
    #expect(model.storedParameters < 40 * text.count)
    let marked = [4] + text + [4]
    let windows = Set((1..<marked.count).map { Array(marked[max($0 - 60, 0)...$0]) })
    #expect(try NGramCounts(of: model).count == windows.count)
    // As a table of n-grams, which is what ARPA files hold.
    let table = try model.pruned(cutoffs: [])
    #expect(abs(walkedNats(of: set, table) - walkedNats(of: set, model)) < 1e-9)
    // With the posterior of additive smoothing, one distribution for each context of the longest length.
    let added = try SequenceModel.fit(ModelSpecification("markov:k=60,smoothing=add:1/eos"), to: set, alphabet)
    #expect(try added.posteriorRows(on: set).count == Set(windows.map { $0.dropLast() }).count)
  }

  /// What a thousand symbols of context take grows with the text, not with a thousand times the text: a tree of all
  /// contexts would have 20 million nodes. The number of free parameters is that of the order asked for.
  @Test(arguments: ["markov:1000/eos", "markov:1000,smoothing=witten-bell/halt", "vlmc:1000/eos", "ctw:1000/halt"])
  func thousandsOfSymbolsOfContext(_ word: String) throws {
    var stream = RandomStream(seed: 6)
    let text = (0..<20_000).map { _ in Int(stream.uniform() * 4) }
    let train = SequenceSet([text], alphabetSize: 4)
    let alphabet = try Alphabet(symbols: ["a", "b", "c", "d"], kind: .characters)
    let model = try SequenceModel.fit(ModelSpecification(word), to: train, alphabet)
    #expect(model.storedParameters < 40 * text.count)
    #expect(model.freeParameters == (try ModelSpecification(word).freeParameters(alphabetSize: 4, longest: nil)))
    // Going along the text, everything deep is known; a mixture of trees that end at once knows less.
    let start = try SequenceModel.fit(ModelSpecification("markov:3/eos"), to: train, alphabet)
    let part = SequenceSet([Array(text.prefix(2000))], alphabetSize: 4)
    if word.hasPrefix("markov") { #expect(walkedNats(of: part, model) < 0.6 * walkedNats(of: part, start)) }
    #expect(try walkedNats(of: part, ModelFile.model(from: ModelFile.bytes(of: model))) == walkedNats(of: part, model))
  }
}

extension Array {
  fileprivate func shuffled(seed: UInt64) -> [Element] {
    var stream = RandomStream(seed: seed)
    return stream.permutation(count).map { self[$0] }
  }
}
