import Support

/// Vectors of real numbers, of one width, one behind the other in one array that copies share: elements in double
/// precision, inputs x(t) in single.
public struct VectorRows<Number: BinaryFloatingPoint & Sendable>: RowStorage {
  /// The numbers in a vector, at least one.
  public let width: Int
  /// The numbers of all vectors, one behind the other.
  public let values: [Number]
  /// What the numbers are.
  public let valueKind: ElementKind.Values
  /// Of categories the number of levels of each column; else empty.
  public let levels: [Int]

  /// `values` are those of whole vectors.
  /// - Parameter levels: of categories the number of levels of each column.
  package init(width: Int, _ values: [Number], _ valueKind: ElementKind.Values = .reals, levels: [Int] = []) {
    precondition(width > 0, "a vector holds at least one number")
    precondition(values.count.isMultiple(of: width), "the numbers are not those of whole vectors")
    self.width = width
    self.values = values
    self.valueKind = valueKind
    self.levels = levels
  }

  /// The kind of the numbers, and their names.
  public typealias Schema = Columns

  /// Vectors of this width.
  public var kind: ElementKind { .vectors(valueKind, width: width, levels: levels) }
  /// The number of vectors.
  public var count: Int { values.count / width }

  /// A view of successive vectors. O(1).
  public subscript(rows: Range<Int>) -> VectorSlice<Number> { VectorSlice(self, rows) }

  /// A copy of the vectors in some ranges. O(numbers).
  public func copying(_ ranges: some Collection<Range<Int>>, scratch: Scratch?) -> VectorRows {
    var copy: [Number] = []
    copy.reserveCapacity(ranges.reduce(0) { $0 + $1.count } * width)
    for range in ranges { copy += values[range.lowerBound * width..<range.upperBound * width] }
    return VectorRows(width: width, copy, valueKind, levels: levels)
  }

  /// FNV-1a over the bits of the numbers. O(numbers).
  public func hash(_ rows: Range<Int>, after hash: UInt64) -> UInt64 {
    var hash = FNV1a(hash)
    for value in values[rows.lowerBound * width..<rows.upperBound * width] {
      let value = value == 0 ? 0 : value  // zero has two signs
      hash.add((value as? Float).map { UInt64($0.bitPattern) } ?? Double(value).bitPattern)
    }
    return hash.value
  }
}

/// Successive vectors: a view, not a copy. Each that is asked for is an array of its own.
public struct VectorSlice<Number: BinaryFloatingPoint & Sendable>: RandomAccessCollection, Sendable {
  private let vectors: VectorRows<Number>
  private let rows: Range<Int>

  init(_ vectors: VectorRows<Number>, _ rows: Range<Int>) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= vectors.count, "range outside the rows")
    self.vectors = vectors
    self.rows = rows
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// The number of vectors.
  public var endIndex: Int { rows.count }

  /// A vector as an array. O(width).
  public subscript(position: Int) -> [Number] {
    precondition(position >= 0 && position < rows.count, "index out of range")
    let start = (rows.lowerBound + position) * vectors.width
    return Array(vectors.values[start..<start + vectors.width])
  }
}
