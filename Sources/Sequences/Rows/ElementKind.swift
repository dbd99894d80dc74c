/// What the elements of sequences are.
public enum ElementKind: Sendable, Hashable {
  /// Symbols of an alphabet of so many.
  case symbols(Int)
  /// Vectors of so many real numbers.
  case reals(Int)

  /// One of each kind, to ask what can be done with them before there are data.
  package static let all: [ElementKind] = [.symbols(1), .reals(1)]
}
