import Support

/// What the elements of sequences are.
public enum ElementKind: Sendable, Hashable {
  /// Symbols of an alphabet of so many.
  case symbols(Int)
  /// Vectors of so many real numbers.
  case reals(Int)

  /// One of each kind, to ask what can be done with them before there are data.
  package static let all: [ElementKind] = [.symbols(1), .reals(1)]
}

/// Elements one behind the other, in rows: symbols in few bytes each (`SymbolRows`), or vectors of numbers (`VectorRows`).
public protocol RowStorage<Element>: Sendable {
  /// A `Symbol`, or the numbers of a vector.
  associatedtype Element: Sendable, Hashable
  /// Successive elements: a view whose indices count from 0.
  associatedtype Slice: RandomAccessCollection<Element>, Sendable

  /// What the elements are.
  var kind: ElementKind { get }

  /// The number of elements.
  var count: Int { get }

  /// The elements in `rows`, which must lie within them. O(1).
  subscript(rows: Range<Int>) -> Slice { get }

  /// A copy of the elements in some ranges. O(their elements).
  /// - Parameter scratch: where the copy lies, if not in memory.
  func copying(_ ranges: some Collection<Range<Int>>, scratch: Scratch?) -> Self

  /// A hash of some elements that goes on from one of what stands before them: FNV-1a, a whole number at each step. O(rows).
  func hash(_ rows: Range<Int>, after hash: UInt64) -> UInt64
}

/// Symbols one behind the other, in 1, 2 or 4 bytes each, whichever the alphabet needs. Copies share them.
public struct SymbolRows: RowStorage {
  /// k.
  public let alphabetSize: Int
  @usableFromInline let symbols: PackedIntegers

  /// Trusts that all are symbols of the alphabet.
  init(_ symbols: PackedIntegers, alphabetSize: Int) {
    self.symbols = symbols
    self.alphabetSize = alphabetSize
  }

  /// A copy of some symbols, each less than `alphabetSize`.
  init(_ symbols: some Sequence<Symbol>, count: Int, alphabetSize: Int) {
    var rows = PackedBuffer(capacity: count)
    rows.widen(toHold: alphabetSize - 1)
    for symbol in symbols {
      precondition(symbol >= 0 && symbol < alphabetSize, "a symbol outside the alphabet")
      rows.append(symbol)
    }
    self.init(rows.finished(), alphabetSize: alphabetSize)
  }

  /// Symbols of an alphabet of this size.
  public var kind: ElementKind { .symbols(alphabetSize) }
  /// The number of symbols.
  /// A view of successive symbols. O(1).
  @inlinable public var count: Int { symbols.count }
  @inlinable public subscript(rows: Range<Int>) -> SymbolSlice { SymbolSlice(symbols, rows) }

  /// A copy of the symbols in some ranges. O(symbols).
  public func copying(_ ranges: some Collection<Range<Int>>, scratch: Scratch?) -> SymbolRows {
    var copy = PackedBuffer(capacity: ranges.reduce(0) { $0 + $1.count }, scratch: scratch)
    copy.widen(toHold: alphabetSize - 1)
    for range in ranges { copy.append(range, of: symbols) }
    return SymbolRows(copy.finished(), alphabetSize: alphabetSize)
  }

  /// FNV-1a over the symbols. O(rows).
  public func hash(_ rows: Range<Int>, after hash: UInt64) -> UInt64 {
    var hash = FNV1a(hash)
    for index in rows { hash.add(symbols[unchecked: index]) }
    return hash.value
  }
}

/// Vectors of real numbers, of one width, one behind the other in one array that copies share: elements in double
/// precision, inputs x(t) in single.
public struct VectorRows<Number: BinaryFloatingPoint & Sendable>: RowStorage {
  /// The numbers in a vector, at least one.
  public let width: Int
  /// The numbers of all vectors, one behind the other.
  public let values: [Number]

  /// `values` are those of whole vectors.
  package init(width: Int, _ values: [Number]) {
    precondition(width > 0, "a vector holds at least one number")
    precondition(values.count.isMultiple(of: width), "the numbers are not those of whole vectors")
    self.width = width
    self.values = values
  }

  /// Vectors of this width.
  public var kind: ElementKind { .reals(width) }
  /// The number of vectors.
  public var count: Int { values.count / width }

  /// A view of successive vectors. O(1).
  public subscript(rows: Range<Int>) -> VectorSlice<Number> { VectorSlice(self, rows) }

  /// A copy of the vectors in some ranges. O(numbers).
  public func copying(_ ranges: some Collection<Range<Int>>, scratch: Scratch?) -> VectorRows {
    var copy: [Number] = []
    copy.reserveCapacity(ranges.reduce(0) { $0 + $1.count } * width)
    for range in ranges { copy += values[range.lowerBound * width..<range.upperBound * width] }
    return VectorRows(width: width, copy)
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
