import Sequences

/// One distribution of a table, as far as a set of sequences asks for it: under a symmetric prior with α its posterior
/// is Dirichlet with the counts plus α as parameters. Outcomes that the set does not have are one outcome together.
package struct DirichletRow: Sendable, Hashable {
  /// The outcomes that occur: count plus α in training, and how often they occur in the set.
  package struct Outcome: Sendable, Hashable {
    package var parameter: Double
    package var events: Int
  }

  package var outcomes: [Outcome] = []
  /// The sum of the other outcomes' parameters; 0 where there are none.
  package var rest: Double

  /// - Parameters:
  ///   - total: how often something followed in training.
  ///   - kinds: the number of all outcomes.
  package init(total: Int, kinds: Int, added: Double) { rest = Double(total) + Double(kinds) * added }

  /// Notes an outcome of the set, each but once.
  package mutating func add(events: Int, count: Int, added: Double, kinds: Int) {
    let parameter = Double(count) + added
    outcomes.append(Outcome(parameter: parameter, events: events))
    rest = outcomes.count == kinds ? 0 : rest - parameter
  }
}

/// A family whose fitted distributions may be the means of Dirichlet posteriors: tables with `add:α`.
package protocol DirichletFamily: ModelFamily {
  /// The distributions that a set asks for, those of stop variables among them; `nil` for another kind of smoothing.
  func posteriorRows(
    of conditional: any Conditional, on set: SequenceSet
  ) throws -> [DirichletRow]?
}

extension SequenceModel {
  /// The distributions that decide about a set, each with its posterior.
  /// - Throws: `SpecificationError.refused` for models that are no such tables.
  package func posteriorRows(on set: SequenceSet) throws -> [DirichletRow] {
    let rows = try (specification.family as? any DirichletFamily)?.posteriorRows(of: conditional, on: set)
    guard let rows else {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: "only tables have a Dirichlet posterior: tabular and markov with smoothing=add:α")
    }
    return rows
  }
}
