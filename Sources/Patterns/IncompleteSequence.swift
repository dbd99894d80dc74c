import Sequences
import Support

/// A sequence of which not all elements are known. As an automaton it has length + 1 states, one after each element.
public struct IncompleteSequence: SymbolAutomaton, Hashable {
  /// What is known about one element.
  public enum Element: Hashable, Sendable {
    /// Which symbol it is.
    case symbol(Symbol)
    /// That it is one of these symbols, ascending and without repeats.
    case oneOf([Symbol])
    /// Nothing.
    case anything

    /// Whether the element may be a symbol. O(log size of the set).
    public func allows(_ symbol: Symbol) -> Bool {
      switch self {
      case .symbol(let known): return symbol == known
      case .oneOf(let symbols):
        let index = lowerBound(0, symbols.count) { symbols[$0] < symbol }
        return index < symbols.count && symbols[index] == symbol
      case .anything: return true
      }
    }
  }

  /// What is known about each element, in order.
  public let elements: [Element]
  /// The positions, from 0, of the elements that are not known to be one symbol.
  public let gaps: [Int]
  /// The state before the first element; nil where an element is of an empty set.
  public let start: Int?

  /// A sequence of elements; sets are sorted. O(total size of the sets, with a logarithm).
  public init(_ elements: [Element]) {
    self.elements = elements.map { element in
      if case .oneOf(let symbols) = element { .oneOf(Set(symbols).sorted()) } else { element }
    }
    gaps = elements.indices.filter { if case .symbol = elements[$0] { false } else { true } }
    start = elements.contains(.oneOf([])) ? nil : 0
  }

  /// The number of elements.
  public var count: Int { elements.count }

  /// The number of states, one more than that of the elements.
  public var stateCount: Int { elements.count + 1 }

  /// The state after one more symbol; nil where the element is known to be another one, or after the last element.
  public func next(_ state: Int, _ symbol: Symbol) -> Int? {
    state < elements.count && elements[state].allows(symbol) ? state + 1 : nil
  }

  /// Whether a state is the one after all elements.
  public func isAccepting(_ state: Int) -> Bool { state == elements.count }
}
