import Chainrule

extension ModelSpecification {
  /// n = k + 1 of `markov:k`, which sees k symbols and predicts one; `nil` for what is no n-gram model.
  var nGramOrder: Int? { (family as? MarkovFamily).map { $0.order + 1 } }
}
