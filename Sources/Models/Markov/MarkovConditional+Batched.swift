import Foundation
import Sequences

extension MarkovConditional: BatchedConditional {
  package func scores(
    of set: SequenceSet, threads: Int
  ) -> [SequenceScore] {
    guard let links else {
      return scoreEach(of: set, threads: threads) { walkScore(of: $0) }
    }
    return withExtendedLifetime(self) { index(links).scores(of: set, threads: threads) }
  }

  private func walkScore(
    of sequence: SymbolSlice
  ) -> SequenceScore {
    func inputs(_ time: Int) -> StepInputs {
      StepInputs(time: time, length: shape.lengthLabel(time: time, length: sequence.count))
    }
    var score = SequenceScore()
    let steps = shape.steps(length: sequence.count)
    if steps == 0 { return score }
    var state = start(inputs(0))
    for time in 0..<steps {
      let (stop, goOn) = logStop(state, inputs(time))
      guard time < sequence.count else {
        score.add(shape.stop, outcome: nil, stop: stop, goOn: goOn)
        break
      }
      let outcome = logProbability(of: sequence[time], state, inputs(time))
      score.add(shape.stop, outcome: outcome, stop: stop, goOn: goOn)
      if time + 1 < steps { advance(&state, past: sequence[time], inputs(time + 1)) }
    }
    return score
  }

  /// The arrays in place, while the model is held.
  func index(_ links: ContextLinks) -> ContextIndex {
    ContextIndex(
      shape: shape, path: path, labels: counts.tree.labels.buffer, firstChild: counts.tree.firstChild.buffer,
      firstEntry: counts.firstEntry.buffer, outcomes: counts.outcomes.buffer,
      logProbability: elements.logProbability.buffer, logWeight: elements.logWeight.buffer, next: links.next.buffer,
      shorter: links.shorter.buffer, logGoOn: links.logGoOn.buffer, logStop: stops.logStop.buffer,
      firstFull: links.firstFull, logUniform: -log(Double(shape.outcomes)))
  }
}

/// The scores of sequences that do not depend on each other, in order, on some threads.
func scoreEach(of set: SequenceSet, threads: Int, _ score: (SymbolSlice) -> SequenceScore) -> [SequenceScore] {
  var scores = [SequenceScore](repeating: SequenceScore(), count: set.count)
  let piece = 512
  scores.withUnsafeMutableBufferPointer { scores in
    nonisolated(unsafe) let scores = scores  // each piece writes its own part
    nonisolated(unsafe) let score = score
    forEachInParallel((set.count + piece - 1) / piece, threads: threads) { number in
      for index in (number * piece)..<min((number + 1) * piece, set.count) { scores[index] = score(set[index]) }
    }
  }
  return scores
}

extension MarkovConditional: CountedConditional {
  package func scoreOfTrainingSet(sequences: Int, symbols: Int) -> SequenceScore? {
    guard let links else { return nil }
    var score = SequenceScore()
    var (ends, going) = (0, 0)
    // Every event is counted once in a context that is as long as can be.
    for node in 0..<counts.tree.count where counts.tree.isLeaf(node) {
      let goOn = shape.stop == .given ? 0 : links.logGoOn[node]
      if shape.stop == .variable, counts.stops(in: node) > 0 {
        score.natsLength -= Double(counts.stops(in: node)) * stops.logStop[node]
        ends += counts.stops(in: node)
      }
      for entry in counts.entries(of: node) {
        let isEnd = Int(counts.outcomes[entry]) == shape.alphabetSize
        let logProbability = elements.logProbability[entry]
        var step = SequenceScore()
        step.add(shape.stop, outcome: isEnd ? nil : logProbability, stop: logProbability, goOn: goOn)
        score.natsElements += Double(counts.counts[entry]) * step.natsElements
        score.natsLength += Double(counts.counts[entry]) * step.natsLength
        if isEnd { ends += counts.counts[entry] } else { going += counts.counts[entry] }
      }
    }
    return going == symbols && ends == (shape.stop == .given ? 0 : sequences) ? score : nil
  }
}
