import ModelCore
import Sequences
import Support

extension FittedModel {
  /// The negative log-likelihood of each sequence in nats, in its two shares; +∞ where the model cannot produce it. Of vectors
  /// it is that of a density, which may be negative.
  ///
  /// Families that score many sequences at once do; the others walk. The result does not depend on `threads`.
  /// - Precondition: no element of the set is missing.
  public func scores(of set: Sequences<Rows>, threads: Int = 1) -> [SequenceScore] {
    precondition(set.missing.isEmpty, "missing elements have no score")
    guard var scores = batchedScores(of: set, threads: threads) else { return walkScores(of: set, threads: threads) }
    if let nats = lengthNats(set) {
      for index in scores.indices { scores[index].natsLength += nats(index) }
    }
    return scores
  }

  /// −log P(τ | x) of each sequence of a set by its number, where the length is drawn first.
  func lengthNats(_ set: Sequences<Rows>) -> ((_ sequence: Int) -> Double)? {
    guard let prior else { return nil }
    if prior.readsInputs { return { -prior.law(given: set.input($0)).logProbability(set.length($0)) } }
    let law = prior.law(given: nil)
    return { -law.logProbability(set.length($0)) }
  }

  /// The same by the walk alone, which every family has.
  package func walkScores(of set: Sequences<Rows>, threads: Int = 1) -> [SequenceScore] {
    parallelMap(set.count, threads: threads, chunk: 512) { score(of: set[$0], x: set.input($0)) }
  }

  /// The score of one sequence, by the walk.
  /// - Parameter x: the sequence's inputs, where the data have any.
  public func score(of sequence: some RandomAccessCollection<Element>, x: SequenceInput? = nil) -> SequenceScore {
    var total = SequenceScore()
    forEachStep(of: sequence, x) { step in
      total.natsElements += step.natsElements
      total.natsLength += step.natsLength
    }
    return total
  }

  /// One score for each decision about a sequence: first that of P(τ), if the model has one, then each element's, and
  /// last that of the end, if it is decided.
  /// - Parameter x: the sequence's inputs, where the data have any.
  public func stepScores(of sequence: some RandomAccessCollection<Element>, x: SequenceInput? = nil) -> [SequenceScore]
  {
    var steps: [SequenceScore] = []
    forEachStep(of: sequence, x) { steps.append($0) }
    return steps
  }

  private func forEachStep(
    of sequence: some RandomAccessCollection<Element>, _ x: SequenceInput?, _ body: (SequenceScore) -> Void
  ) {
    if let law = lengthLaw(given: x) { body(SequenceScore(natsLength: -law.logProbability(sequence.count))) }
    decisions(process, sequence, x, body)
  }

  private func decisions<P: SequenceProcess<Element>>(
    _ process: P, _ sequence: some RandomAccessCollection<Element>, _ x: SequenceInput?,
    _ body: (SequenceScore) -> Void
  ) {
    process.forEachDecision(of: sequence, x: x) { walk, element in body(walk.score(of: element)) }
  }
}
