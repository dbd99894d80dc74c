import Inference
import Models
import Probability
import Sequences
import Testing

/// Following links from context to context against the walk, which looks for each context from the root.
@Suite struct SuffixLinksTests {
  static let lengths = ["eos", "halt", "tau:input=remaining", "tau:input=total", "tau:input=none"]
  static let families = [
    "markov:0", "markov:1", "markov:3", "markov:0,time=each", "markov:1,time=bucket:3", "markov:3,time=bucket:4",
    "markov:2,time=each", "markov:5,smoothing=witten-bell", "markov:2,smoothing=kneser-ney,mixing=backoff",
  ]

  @Test(arguments: families, lengths)
  func leadToTheContextsOfTheWalk(_ family: String, _ length: String) throws {
    let model = try Toys.model("\(family)/\(length)", alphabetSize: 3)
    let markov = try #require(model.conditional as? any IndexedConditional)
    compare(markov, model)
  }

  private func compare<C: IndexedConditional>(_ conditional: C, _ model: SequenceModel) {
    // Lengths that were never seen among them, as are contexts.
    var stream = RandomStream(seed: 12, purpose: "links")
    let sequences = (0..<200).map { number in (0..<(number % 9)).map { _ in Int(stream.uniform() * 3) } }
    conditional.withContextDrawing(nil) { contexts in
      #expect(contexts.isLinked)
      for sequence in sequences {
        func inputs(_ time: Int) -> StepInputs { model.inputs(time: time, length: sequence.count) }
        var state = conditional.start(inputs(0))
        var node = contexts.start
        for (time, element) in sequence.enumerated() {
          node = contexts.refine(node, inputs(time))
          #expect(node == conditional.context(of: state))
          let (logProbability, next) = contexts.step(element, from: node)
          #expect(abs(logProbability - conditional.logProbability(of: element, state, inputs(time))) < 1e-12)
          node = next
          conditional.advance(&state, past: element, inputs(time + 1))
        }
        #expect(contexts.refine(node, inputs(sequence.count)) == conditional.context(of: state))
      }
    }
  }

  /// Without counts of shorter contexts, and where contexts were taken out, the walk finds each.
  @Test(arguments: ["markov:2,smoothing=ml/tau", "markov:2,time=each,smoothing=ml/eos"])
  func areNotThereWithoutShorterContexts(_ word: String) throws {
    let markov = try #require(try Toys.model(word, alphabetSize: 3).conditional as? any IndexedConditional)
    markov.withContextDrawing(nil) { #expect(!$0.isLinked) }
  }

  /// Sequences that are scored in stretches, among short ones.
  @Test(arguments: [
    "markov:3/eos", "markov:2,time=bucket:16/halt", "markov:0,time=each/eos", "markov:2,time=bucket:3/tau",
    "markov:3/tau", "markov:0/tau:input=total",
  ])
  func longSequencesAreScored(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let long = (0..<70_000).map { ($0 * $0 / 7) % 3 }
    let set = SequenceSet([[0, 1], long, [], Array(long[..<40_000]), [2]], alphabetSize: 3)
    let (batched, walked) = (model.scores(of: set, threads: 2), model.walkScores(of: set))
    for (batched, walked) in zip(batched, walked) {
      #expect(abs(batched.natsElements - walked.natsElements) <= 1e-10 * max(walked.nats, 1))
      #expect(abs(batched.natsLength - walked.natsLength) <= 1e-10 * max(walked.nats, 1))
    }
  }

  /// The training set's own counts say what the walk does.
  @Test(arguments: families, lengths)
  func countsScoreTheTrainingSet(_ family: String, _ length: String) throws {
    let set = Toys.set(alphabetSize: 3)
    let model = try Toys.model("\(family)/\(length)", alphabetSize: 3)
    let markov = try #require(model.conditional as? any CountedConditional)
    let counted = try #require(markov.scoreOfTrainingSet(sequences: set.count, symbols: set.symbolCount))
    let walked = model.walkScores(of: set)
    let prior = model.lengthLaw().map { prior in
      (0..<set.count).reduce(0.0) { $0 - prior.logProbability(set.length($1)) }
    }
    #expect(abs(counted.natsElements - walked.reduce(0) { $0 + $1.natsElements }) < 1e-9)
    #expect(abs(counted.natsLength + (prior ?? 0) - walked.reduce(0) { $0 + $1.natsLength }) < 1e-9)
  }
}
