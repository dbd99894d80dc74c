/// The syntax tree of a pattern.
indirect enum PatternSyntax {
  /// One symbol of a set, by the set's index in the list that comes with the tree.
  case symbol(set: Int)
  /// One after the other; the empty sequence where there are none.
  case concatenation([PatternSyntax])
  /// Any of them.
  case alternation([PatternSyntax])
  /// Repeated so many times; without an upper bound where `atMost` is nil.
  case repetition(PatternSyntax, atLeast: Int, atMost: Int?)
  /// What the other does not match.
  case complement(PatternSyntax)

  /// What the other does not match; the complement of a complement is what it was made of.
  static func not(_ syntax: PatternSyntax) -> PatternSyntax {
    if case .complement(let inner) = syntax { inner } else { .complement(syntax) }
  }

  /// What all of them match, by De Morgan's law. Determinised, the union of complete automata is their product.
  static func intersection(_ parts: [PatternSyntax]) -> PatternSyntax {
    parts.count == 1 ? parts[0] : .not(.alternation(parts.map { .not($0) }))
  }
}
