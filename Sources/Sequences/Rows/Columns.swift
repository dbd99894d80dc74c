/// What the components of vectors are: the kind of their numbers, a name for each, and of categories the names of its levels.
public struct Columns: Sendable, Equatable, Codable {
  /// What the numbers are.
  public var values: ElementKind.Values
  /// The components' names, as many as a vector has numbers.
  public var names: [String]
  /// Of categories the names of each column's levels, in the order of their numbers; `nil` for numbers.
  public var levels: [[String]]?

  /// Columns with these names.
  /// - Parameter levels: of categories, for each column; by default two, "0" and "1".
  public init(_ values: ElementKind.Values, names: [String], levels: [[String]]? = nil) {
    (self.values, self.names) = (values, names)
    self.levels = values == .categories ? levels ?? names.map { _ in ["0", "1"] } : nil
    precondition(self.levels.map { $0.count == names.count } ?? true, "levels for another number of columns")
  }

  /// Columns named y1, y2, …; a single one y.
  public init(_ values: ElementKind.Values, width: Int, levels: [[String]]? = nil) {
    self.init(values, names: width == 1 ? ["y"] : (0..<width).map { "y\($0 + 1)" }, levels: levels)
  }

  /// The same for elements of a kind; levels are named by their numbers.
  package init(_ values: ElementKind.Values, width: Int, levelCounts: [Int]) {
    self.init(
      values, width: width, levels: levelCounts.isEmpty ? nil : levelCounts.map { (0..<$0).map { "\($0)" } })
  }

  /// The names of a vector's levels, of categories; `nil` for numbers.
  public func levelNames(_ vector: [Double]) -> [String]? { levels.map { zip($0, vector).map { $0[Int($1)] } } }

  /// The most numbers in a vector: more are a mistake, such as a file read in the wrong orientation.
  public static let largestWidth = 1 << 20 - 1
  /// The most columns of categories.
  static let mostOfCategories = 1 << 12

  /// d, the numbers in a vector.
  public var width: Int { names.count }
  /// What the elements are.
  public var kind: ElementKind { .vectors(values, width: width, levels: levels?.map(\.count) ?? []) }

  /// Whether they can be those of data: names, and of categories levels that differ.
  package var isSound: Bool {
    guard (1...Self.largestWidth).contains(width), (levels != nil) == (values == .categories) else { return false }
    guard let levels else { return true }
    return levels.count == width && width <= Self.mostOfCategories
      && levels.allSatisfy { !$0.isEmpty && !$0.contains("") && Set($0.map { Array($0.utf8) }).count == $0.count }
  }
}
