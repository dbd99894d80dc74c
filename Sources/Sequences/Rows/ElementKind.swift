/// What the elements of sequences are.
public enum ElementKind: Sendable, Hashable {
  /// Symbols of an alphabet of so many.
  case symbols(Int)
  /// Vectors of so many numbers of one kind; of categories with the number of levels of each column.
  case vectors(Values, width: Int, levels: [Int] = [])

  /// What the numbers of vectors are; bits are counts, and counts are real numbers.
  public enum Values: String, Sendable, Hashable, CaseIterable, Codable {
    /// Real numbers, each finite.
    case reals
    /// Whole numbers from 0 on.
    case counts
    /// 0 or 1.
    case bits
    /// The levels of columns, such as the names of notes and of durations, numbered from 0.
    case categories

    /// Whether a number is one of them.
    public func contains(_ number: Double) -> Bool {
      switch self {
      case .reals: number.isFinite
      case .counts, .categories: number >= 0 && number <= 0x1p53 && number == number.rounded()
      case .bits: number == 0 || number == 1
      }
    }

    /// "real numbers", "counts", "bits", "categories".
    public var name: String { self == .reals ? "real numbers" : rawValue }
  }

  /// "symbols", "real numbers", "counts", "bits", "categories".
  public var name: String {
    switch self {
    case .symbols: "symbols"
    case .vectors(let values, _, _): values.name
    }
  }

  /// One of each kind, to ask what can be done with them before there are data.
  package static let all: [ElementKind] = [.symbols(1)] + Values.allCases.map { .vectors($0, width: 1) }
}
