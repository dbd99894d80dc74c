import Models

extension Comparison {
  /// The row of the best Markov model by the validation data, where its order is the highest of several.
  public var bestIsHighestOrder: Int? {
    func order(_ row: Int) -> Int? { (rows[row].specification.family as? MarkovFamily)?.order }
    let markov = rows.indices.filter { order($0) != nil }
    guard Set(markov.map(order)).count > 1, let highest = markov.compactMap(order).max(),
      let best = markov.min(by: { rows[$0].choosingNats < rows[$1].choosingNats }), order(best) == highest
    else { return nil }
    return best
  }
}
