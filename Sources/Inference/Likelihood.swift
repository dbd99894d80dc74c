import Models
import Sequences

extension SequenceModel {
  /// The negative log-likelihood of each sequence in nats, in its two shares; +∞ where the model cannot produce it.
  ///
  /// Families that score many sequences at once do; the others walk. The result does not depend on `threads`.
  public func scores(of set: SequenceSet, threads: Int = 1) -> [SequenceScore] {
    guard let batched = conditional as? any BatchedConditional<Symbol> else {
      return walkScores(of: set, threads: threads)
    }
    let length = specification.length
    var scores = batched.scores(
      of: set, lengthInput: { length.lengthInput(time: $0, length: $1) }, threads: threads)
    if let prior {
      for index in scores.indices { scores[index].natsLength -= prior.logProbability(set.length(index)) }
    }
    return scores
  }

  /// The same by the walk alone, which every family has.
  public func walkScores(of set: SequenceSet, threads: Int = 1) -> [SequenceScore] {
    var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
    let piece = 512
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores  // each piece writes its own part
      forEachInParallel((set.count + piece - 1) / piece, threads: threads) { number in
        for index in (number * piece)..<min((number + 1) * piece, set.count) { scores[index] = score(of: set[index]) }
      }
    }
    return scores
  }

  /// The score of one sequence, by the walk.
  public func score(of sequence: some RandomAccessCollection<Symbol>) -> SequenceScore {
    var total = SequenceScore()
    forEachStep(of: sequence) { step in
      total.natsElements += step.natsElements
      total.natsLength += step.natsLength
    }
    return total
  }

  /// One score for each decision about a sequence: first that of P(τ), if the model has one, then each element's, and
  /// last that of the end, if it is decided.
  public func stepScores(of sequence: some RandomAccessCollection<Symbol>) -> [SequenceScore] {
    var steps: [SequenceScore] = []
    forEachStep(of: sequence) { steps.append($0) }
    return steps
  }

  private func forEachStep(of sequence: some RandomAccessCollection<Symbol>, _ body: (SequenceScore) -> Void) {
    if let prior { body(SequenceScore(natsLength: -prior.logProbability(sequence.count))) }
    walk(conditional, along: sequence, body)
  }

  private func walk<C: Conditional>(
    _ conditional: C, along sequence: some RandomAccessCollection<Symbol>, _ body: (SequenceScore) -> Void
  ) where C.Element == Symbol {
    let shape = conditional.shape
    let steps = shape.steps(length: sequence.count)
    guard steps > 0 else { return }
    var stepInputs = inputs(time: 0, length: sequence.count)
    var state = conditional.start(stepInputs)
    var position = sequence.startIndex
    for time in 0..<steps {
      let element: Symbol? = time < sequence.count ? sequence[position] : nil
      var score = SequenceScore()
      let (stop, goOn) = conditional.logStop(state, stepInputs)
      let outcome = element.map { conditional.logProbability(of: $0, state, stepInputs) }
      score.add(shape.stop, outcome: outcome, stop: stop, goOn: goOn)
      body(score)
      if let element, time + 1 < steps {
        stepInputs = inputs(time: time + 1, length: sequence.count)
        conditional.advance(&state, past: element, stepInputs)
        position = sequence.index(after: position)
      }
    }
  }
}
