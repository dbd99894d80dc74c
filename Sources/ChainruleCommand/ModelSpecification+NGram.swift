import Chainrule

extension ModelSpecification {
  /// n = k + 1 of `markov:k` and `arpa:k`, which see k symbols and predict one; `nil` for what is no n-gram model.
  var nGramOrder: Int? {
    switch family {
    case let markov as MarkovFamily: markov.order + 1
    case let arpa as ArpaFamily: arpa.order + 1
    default: nil
    }
  }
}
