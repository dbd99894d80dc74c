/// Elements one behind the other, in rows: symbols in few bytes each (`SymbolRows`), or vectors of numbers (`VectorRows`).
public protocol RowStorage<Element>: Sendable {
  /// A `Symbol`, or the numbers of a vector.
  associatedtype Element: Sendable, Hashable
  /// Successive elements: a view whose indices count from 0.
  associatedtype Slice: RandomAccessCollection<Element>, Sendable

  /// What data must have in common to be of one model: the alphabet, or the columns of vectors.
  associatedtype Schema: Sendable, Equatable

  /// What the elements are.
  var kind: ElementKind { get }

  /// The number of elements.
  var count: Int { get }

  /// The elements in `rows`, which must lie within them. O(1).
  subscript(rows: Range<Int>) -> Slice { get }

  /// A copy of the elements in some ranges. O(their elements).
  /// - Parameter scratch: where the copy lies, if not in memory.
  func copying(_ ranges: some Collection<Range<Int>>, scratch: Scratch?) -> Self

  /// Continues a hash over some elements: FNV-1a, a whole number at each step. O(rows).
  func hash(_ rows: Range<Int>, after hash: UInt64) -> UInt64
}
