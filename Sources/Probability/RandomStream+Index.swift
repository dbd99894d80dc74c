extension RandomStream {
  /// An index of 0 ..< count, drawn with probability weight / total by running sums. Where rounding leaves a rest, the last
  /// index with a positive weight is taken; an index of weight 0 never is. Takes one uniform number. O(count).
  /// - Parameters:
  ///   - total: the sum of the weights.
  ///   - weight: of an index, at least 0.
  /// - Returns: 0 where no weight is positive.
  @inlinable @inline(__always)
  public mutating func index(_ count: Int, total: Double, weight: (_ index: Int) -> Double) -> Int {
    var rest = uniform() * total
    var last = 0
    for index in 0..<count {
      let weight = weight(index)
      guard weight > 0 else { continue }
      last = index
      rest -= weight
      if rest < 0 { break }
    }
    return last
  }

  /// An index drawn in proportion to its weight; 0 where none is positive. O(weights).
  public mutating func index(weights: [Double]) -> Int {
    index(weights.count, total: weights.reduce(0, +)) { weights[$0] }
  }
}
