import Sequences

/// A deterministic automaton over symbols that accepts or rejects sequences.
public protocol SymbolAutomaton: Sendable {
  /// The number of states; they are numbered from 0.
  var stateCount: Int { get }
  /// The state before the first element; `nil` where no sequence is accepted.
  var start: Int? { get }
  /// The state after one more symbol; `nil` where no continuation can be accepted any more.
  func next(_ state: Int, _ symbol: Symbol) -> Int?
  /// Whether a sequence that comes to the state is accepted.
  func isAccepting(_ state: Int) -> Bool
}
