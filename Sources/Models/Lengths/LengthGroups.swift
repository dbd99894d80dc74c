import Sequences

/// Sequences by their x, and what the likelihood needs of their lengths.
struct LengthGroups {
  /// d.
  let width: Int
  /// Of each number of x over the sequences, and 1 over its standard deviation; 0 where it does not vary.
  private(set) var mean: [Double]
  private(set) var scale: [Double]
  /// groups × d, less the mean and scaled.
  private(set) var inputs: [Double] = []
  /// The number of sequences of each.
  private(set) var counts: [Double] = []
  /// groups × knots: Σ φ(τ) of its sequences.
  private(set) var features: [Double] = []

  init(_ set: SequenceSet) {
    let width = set.inputWidth
    self.width = width
    let knots = LogLinearLengths.knots.count
    mean = Array(repeating: 0, count: width)
    scale = Array(repeating: 0, count: width)
    var numbers: [ArraySlice<Float>: Int] = [:]
    var group = 0
    for index in 0..<set.count {
      if width > 0 {
        let x = set.input(index)?.at(0) ?? []
        group = numbers[x] ?? counts.count
        if group == counts.count { numbers[x] = group }
      }
      if group == counts.count {
        counts.append(0)
        features += Array(repeating: 0, count: knots)
      }
      counts[group] += 1
      let (knot, share) = LogLinearLengths.place(of: set.length(index))
      features[group * knots + knot] += 1 - share
      if share > 0 { features[group * knots + knot + 1] += share }
    }
    guard width > 0 else { return }
    inputs = Array(repeating: 0, count: counts.count * width)
    for (x, group) in numbers {
      for (column, number) in x.enumerated() { inputs[group * width + column] = Double(number) }
    }
    standardise()
  }

  private mutating func standardise() {
    let total = max(counts.reduce(0, +), 1)
    for column in 0..<width {
      let numbers = counts.indices.map { inputs[$0 * width + column] }
      let mean = zip(counts, numbers).reduce(0) { $0 + $1.0 * $1.1 } / total
      let variance = zip(counts, numbers).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / total
      // Numbers of single precision: what is below that of their size is rounding.
      let scale = variance > 1e-12 * mean * mean && variance > 1e-70 ? 1 / variance.squareRoot() : 0
      for group in counts.indices { inputs[group * width + column] = (numbers[group] - mean) * scale }
      (self.mean[column], self.scale[column]) = (mean, scale)
    }
  }
}
