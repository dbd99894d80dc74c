import Foundation
import ModelCore
import Sequences

extension BackoffTable {
  /// The numbers of a Markov model with an end symbol. The empty context gets all outcomes. O(entries).
  init(_ model: MarkovConditional) {
    let counts = model.counts
    let elements = model.elements
    let outcomes = model.shape.outcomes
    let first = counts.entries(of: 0)
    var root = [Double](repeating: elements.logWeight[0] - log(Double(outcomes)), count: outcomes)
    for entry in first { root[Int(counts.outcomes[entry])] = elements.logProbability[entry] }
    let added = outcomes - first.count
    tree = counts.tree
    rows = SparseRows(
      firstEntry: FlatArray([0] + counts.rows.firstEntry.dropFirst().map { $0 + added }),
      outcomes: FlatArray(Array(0..<Int32(outcomes)) + counts.outcomes[first.upperBound...]))
    // Sums of products may have passed one by a rounding.
    logProbability = (root + elements.logProbability[first.upperBound...]).map { min($0, 0) }
    // The empty context holds everything: there is nothing shorter.
    logWeight = [0] + elements.logWeight.dropFirst()
  }
}

extension SequenceModel {
  /// The model as a table of n-grams, and its order k.
  /// - Throws: `SpecificationError.refused` for models that are none.
  func backoffTable(for purpose: String) throws -> (table: BackoffTable, order: Int) {
    if let arpa = conditional as? ArpaConditional { return (BackoffTable(arpa.markov), arpa.markov.path.order) }
    guard let markov = conditional.markovWithAllContexts, markov.shape.stop == .outcome, markov.path.isOfSymbols else {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: conditional is DeepMarkovConditional
          ? "\(purpose) needs a list of all n-grams, of which there are millions at this order: take a lower order"
          : "\(purpose) needs a list of n-grams: only Markov models with an end symbol (/eos), without time= have them"
      )
    }
    return (BackoffTable(markov), markov.path.order)
  }
}
