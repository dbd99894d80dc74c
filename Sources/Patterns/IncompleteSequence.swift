import Sequences

/// A sequence of which elements are not known: at each position a symbol, one of a set, or anything.
public struct IncompleteSequence: SymbolAutomaton, Hashable {
  /// What is known of one element.
  public enum Element: Sendable, Hashable {
    /// This symbol.
    case symbol(Symbol)
    /// One of these, by rising numbers.
    case oneOf([Symbol])
    /// Nothing.
    case anything
  }

  /// What is known of each element.
  public var elements: [Element]

  /// A sequence of such elements.
  public init(_ elements: [Element]) { self.elements = elements }

  /// The positions whose element is not known, from 0.
  public var gaps: [Int] {
    elements.indices.filter { if case .symbol = elements[$0] { false } else { true } }
  }

  /// One a position, and one behind the last.
  public var stateCount: Int { elements.count + 1 }
  /// Position 0.
  public var start: Int? { 0 }

  /// The next position, where the element may be the symbol.
  public func next(_ state: Int, _ symbol: Symbol) -> Int? {
    guard state < elements.count else { return nil }
    let agrees =
      switch elements[state] {
      case .symbol(let known): known == symbol
      case .oneOf(let known): known.contains(symbol)
      case .anything: true
      }
    return agrees ? state + 1 : nil
  }

  /// Behind the last position alone.
  public func isAccepting(_ state: Int) -> Bool { state == elements.count }
}
