import Sequences

/// A deterministic automaton over symbols that accepts or rejects sequences. Its states are 0 ..< `stateCount`.
public protocol SymbolAutomaton: Sendable {
  /// The number of states.
  var stateCount: Int { get }
  /// The state before the first element; nil where no sequence is accepted at all.
  var start: Int? { get }
  /// The state after one more symbol; nil where no continuation can be accepted any more.
  func next(_ state: Int, _ symbol: Symbol) -> Int?
  /// Whether a sequence that ends in a state is accepted.
  func isAccepting(_ state: Int) -> Bool
}

extension SymbolAutomaton {
  /// Whether a whole sequence is accepted. O(length).
  @inlinable public func accepts(_ sequence: some Sequence<Symbol>) -> Bool {
    guard var state = start else { return false }
    for symbol in sequence {
      guard let next = next(state, symbol) else { return false }
      state = next
    }
    return isAccepting(state)
  }
}
