import Support

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

  /// The alphabet.
  public typealias Schema = Alphabet

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
