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
    var scores = batched.scores(of: set, threads: threads)
    if let nats = lengthNats(set) {
      for index in scores.indices { scores[index].natsLength += nats(index) }
    }
    return scores
  }

  /// −log P(τ | x) of each sequence of a set by its number, where the length is drawn first.
  func lengthNats(_ set: SequenceSet) -> ((_ sequence: Int) -> Double)? {
    guard let prior else { return nil }
    if prior.readsInputs { return { -prior.law(given: set.input($0)).logProbability(set.length($0)) } }
    let law = prior.law(given: nil)
    return { -law.logProbability(set.length($0)) }
  }

  /// The same by the walk alone, which every family has.
  public func walkScores(of set: SequenceSet, threads: Int = 1) -> [SequenceScore] {
    var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
    let piece = 512
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores  // each piece writes its own part
      forEachInParallel((set.count + piece - 1) / piece, threads: threads) { number in
        for index in (number * piece)..<min((number + 1) * piece, set.count) {
          scores[index] = score(of: set[index], x: set.input(index))
        }
      }
    }
    return scores
  }

  /// The score of one sequence, by the walk.
  /// - Parameter x: the sequence's inputs, where the data have any.
  public func score(of sequence: some RandomAccessCollection<Symbol>, x: SequenceInput? = nil) -> SequenceScore {
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
  public func stepScores(of sequence: some RandomAccessCollection<Symbol>, x: SequenceInput? = nil) -> [SequenceScore] {
    var steps: [SequenceScore] = []
    forEachStep(of: sequence, x) { steps.append($0) }
    return steps
  }

  private func forEachStep(
    of sequence: some RandomAccessCollection<Symbol>, _ x: SequenceInput?, _ body: (SequenceScore) -> Void
  ) {
    if let law = lengthLaw(given: x) { body(SequenceScore(natsLength: -law.logProbability(sequence.count))) }
    walk(conditional, along: sequence, x, body)
  }

  private func walk<C: Conditional>(
    _ conditional: C, along sequence: some RandomAccessCollection<Symbol>, _ x: SequenceInput?,
    _ body: (SequenceScore) -> Void
  ) where C.Element == Symbol {
    let steps = conditional.shape.steps(length: sequence.count)
    guard steps > 0 else { return }
    var stepInputs = inputs(time: 0, length: sequence.count, x: x)
    var state = conditional.start(stepInputs)
    var position = sequence.startIndex
    for time in 0..<steps {
      let element: Symbol? = time < sequence.count ? sequence[position] : nil
      body(conditional.score(of: element, state, stepInputs))
      if let element, time + 1 < steps {
        stepInputs = inputs(time: time + 1, length: sequence.count, x: x)
        conditional.advance(&state, past: element, stepInputs)
        position = sequence.index(after: position)
      }
    }
  }
}

extension Conditional {
  /// The score of one step's decision: that the next element is this one, or (`nil`) that there is none.
  func score(of element: Element?, _ state: State, _ inputs: StepInputs) -> SequenceScore {
    var score = SequenceScore()
    let (stop, goOn) = logStop(state, inputs)
    let outcome = element.map { logProbability(of: $0, state, inputs) }
    score.add(shape.stop, outcome: outcome, stop: stop, goOn: goOn)
    return score
  }
}
