/// What the numbers of one component of vectors are like.
public struct ColumnSummary: Sendable, Hashable {
  /// The component's name.
  public let name: String
  /// The mean; of bits the rate of ones.
  public let mean: Double
  /// The standard deviation, of these numbers and not of what they are a sample of.
  public let deviation: Double
  /// The smallest number.
  public let least: Double
  /// The largest number.
  public let largest: Double
  /// Of real numbers on a lattice, the largest step such that all differ by multiples of it, as 0.01 where there are two decimals;
  /// `nil` where it is below a ten-thousandth of the standard deviation, or for a constant column. A density that is narrower
  /// than the step is higher than any that the numbers are a sample of.
  public let step: Double?

  /// Whether all numbers are the same.
  public var isConstant: Bool { least == largest }
}

extension Sequences where Rows == VectorRows<Double> {
  /// How often each level of each column occurs, of categories. O(numbers).
  public func levelCounts() -> [[Int]] {
    var counts = rows.levels.map { Array(repeating: 0, count: $0) }
    for (index, value) in rows.values.enumerated() where !counts.isEmpty { counts[index % rows.width][Int(value)] += 1 }
    return counts
  }

  /// A summary of each component; none of an empty set. O(n log n) for n numbers.
  public func columnSummaries(_ columns: Columns) -> [ColumnSummary] {
    precondition(columns.width == rows.width, "columns of another width")
    if rows.count == 0 { return [] }
    return columns.names.enumerated().map { index, name in
      let numbers = stride(from: index, to: rows.values.count, by: rows.width).map { rows.values[$0] }
      return ColumnSummary(name: name, numbers, isLattice: columns.values == .reals)
    }
  }
}

extension ColumnSummary {
  /// - Parameter isLattice: whether a step is looked for.
  fileprivate init(name: String, _ numbers: [Double], isLattice: Bool) {
    self.name = name
    let count = Double(numbers.count)
    // Divided before they are added, so that no sum leaves the numbers.
    let mean = numbers.reduce(0) { $0 + $1 / count }
    self.mean = mean
    let (least, largest) = (numbers.min() ?? 0, numbers.max() ?? 0)
    let scale = max(largest / 2 - least / 2, .leastNormalMagnitude)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) / scale * (($1 - mean) / scale) / count }
    deviation = least == largest ? 0 : scale * squares.squareRoot()
    (self.least, self.largest) = (least, largest)
    step = isLattice && least < largest ? Self.commonStep(numbers, least, coarserThan: 1e-4 * deviation) : nil
  }

  /// Euclid's algorithm on the differences to the least number, whose rounding is told from a remainder.
  private static func commonStep(_ numbers: [Double], _ least: Double, coarserThan finest: Double) -> Double? {
    var step = 0.0
    for number in numbers where number != least {
      var (a, b) = (step, number - least)
      // What rounding leaves of a difference, here and in the step that was found.
      let rounding = max(abs(number), abs(least)) * 1e-12 + b * 1e-9
      while b > rounding, b > finest / 2 {
        (a, b) = (b, a.truncatingRemainder(dividingBy: b))
        // Just below a multiple is a multiple.
        if a - b <= rounding { b = 0 }
      }
      if b > rounding { return nil }
      if a < finest { return nil }
      // The multiple of the step that a difference is says best what the step is.
      let multiple = ((number - least) / a).rounded()
      step = multiple >= 1 ? (number - least) / multiple : a
      if step < finest { return nil }
    }
    return step.isFinite && step > 0 ? step : nil
  }
}
