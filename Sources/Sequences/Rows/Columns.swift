/// What the components of vectors are: the kind of their numbers, and a name for each.
public struct Columns: Sendable, Equatable, Codable {
  /// What the numbers are.
  public var values: ElementKind.Values
  /// The components' names, as many as a vector has numbers.
  public var names: [String]

  /// Columns with these names.
  public init(_ values: ElementKind.Values, names: [String]) {
    (self.values, self.names) = (values, names)
  }

  /// Columns named y1, y2, …; a single one y.
  public init(_ values: ElementKind.Values, width: Int) {
    self.init(values, names: width == 1 ? ["y"] : (0..<width).map { "y\($0 + 1)" })
  }

  /// The most numbers in a vector: more are a mistake, such as a file read in the wrong orientation.
  public static let largestWidth = 1 << 20 - 1

  /// d, the numbers in a vector.
  public var width: Int { names.count }
  /// What the elements are.
  public var kind: ElementKind { .vectors(values, width: width) }
}
