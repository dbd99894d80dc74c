import Sequences

/// A set of symbols, as ranges of indices in ascending order that neither overlap nor touch.
struct SymbolSet: Hashable {
  let ranges: [Range<Symbol>]

  /// The union of ranges in any order.
  init(_ ranges: [Range<Symbol>]) {
    var union: [Range<Symbol>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = union.last, range.lowerBound <= last.upperBound {
        union[union.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        union.append(range)
      }
    }
    self.ranges = union
  }

  /// The symbols of 0 ..< size that are not in it.
  func complement(size: Int) -> SymbolSet {
    let bounds = [0] + ranges.flatMap { [$0.lowerBound, $0.upperBound] } + [size]
    return SymbolSet(stride(from: 0, to: bounds.count, by: 2).map { bounds[$0]..<bounds[$0 + 1] })
  }
}
