import Sequences

extension Sequences {
  /// How often each length 0, 1, … `longest` occurs.
  public var lengthCounts: [Int] {
    var counts = [Int](repeating: 0, count: longest + 1)
    for index in 0..<count { counts[length(index)] += 1 }
    return counts
  }

  /// Mean and variance (the mean square of what lengths are off by) of the lengths; zeros of no sequences.
  public var lengthMoments: (mean: Double, variance: Double) {
    let total = Double(max(count, 1))
    let mean = Double(elementCount) / total
    let squares = (0..<count).reduce(0.0) { sum, index in
      let difference = Double(length(index)) - mean
      return sum + difference * difference
    }
    return (mean, squares / total)
  }
}
