import Foundation
import ModelCore
import Sequences
import Support

extension MarkovConditional: BatchedConditional {
  package func scores(of set: SequenceSet, threads: Int) -> [SequenceScore] {
    guard let links else { return parallelMap(set.count, threads: threads, chunk: 512) { walkScore(of: set[$0]) } }
    return withExtendedLifetime(self) { index(links).scores(of: set, threads: threads) }
  }

  private func walkScore(of sequence: SymbolSlice) -> SequenceScore {
    var total = SequenceScore()
    forEachDecision(of: sequence) { walk, element in
      let score = walk.score(of: element)
      total.natsElements += score.natsElements
      total.natsLength += score.natsLength
    }
    return total
  }

  /// The arrays in place, while the model is held.
  func index(_ links: SuffixLinks) -> NGramView {
    NGramView(
      shape: shape, path: path, labels: counts.tree.labels.buffer, firstChild: counts.tree.firstChild.buffer,
      firstEntry: counts.rows.firstEntry.buffer, outcomes: counts.outcomes.buffer,
      logProbability: elements.logProbability.buffer, logWeight: elements.logWeight.buffer, next: links.next.buffer,
      shorter: links.shorter.buffer, logContinue: links.logContinue.buffer, logStop: stops.logStop.buffer,
      firstFull: links.firstFull, logUniform: -log(Double(shape.outcomes)))
  }
}

extension MarkovConditional: CountedConditional {
  package func scoreOfTrainingSet(sequences: Int, symbols: Int) -> SequenceScore? {
    guard let links else { return nil }
    var score = SequenceScore()
    var (ends, going) = (0, 0)
    // Every event is counted once in a context that is as long as can be.
    for node in 0..<counts.tree.count where counts.tree.isLeaf(node) {
      let continuing = shape.stop == .given ? 0 : links.logContinue[node]
      if shape.stop == .variable, counts.stops(in: node) > 0 {
        score.natsLength -= counts.occurrences(counts.stops(in: node)) * stops.logStop[node]
        ends += counts.stops(in: node)
      }
      for entry in counts.entries(of: node) {
        let isEnd = Int(counts.outcomes[entry]) == shape.alphabetSize
        let logProbability = elements.logProbability[entry]
        var step = SequenceScore()
        step.add(shape.stop, outcome: isEnd ? nil : logProbability, stop: logProbability, continuing: continuing)
        score.natsElements += counts.occurrences(counts.counts[entry]) * step.natsElements
        score.natsLength += counts.occurrences(counts.counts[entry]) * step.natsLength
        if isEnd { ends += counts.counts[entry] } else { going += counts.counts[entry] }
      }
    }
    let isAll =
      counts.occurrences(going) == Double(symbols)
      && counts.occurrences(ends) == (shape.stop == .given ? 0 : Double(sequences))
    return isAll ? score : nil
  }
}
