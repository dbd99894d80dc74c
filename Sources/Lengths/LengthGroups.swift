import ModelCore
import Sequences

/// Sequences by their x, and what the likelihood needs of their lengths. With an x a step, empty sequences do not count.
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

  init(_ set: Sequences<some RowStorage>, _ inputs: InputVectors) {
    let (width, knots) = (inputs.width, LearnedLengths.knots)
    self.width = width
    mean = Array(repeating: 0, count: width)
    scale = Array(repeating: 0, count: width)
    var numbers: [ArraySlice<Float>: Int] = [:]
    for index in 0..<set.count where !inputs.isPerStep || set.length(index) > 0 {
      let x = SequenceInput(inputs, sequence: index).at(0)
      let group = numbers[x] ?? counts.count
      if group == counts.count {
        numbers[x] = group
        counts.append(0)
        features += Array(repeating: 0, count: knots.count)
        self.inputs += x.map(Double.init)
      }
      counts[group] += 1
      let (knot, share) = knots.place(of: set.length(index))
      features[group * knots.count + knot] += 1 - share
      if share > 0 { features[group * knots.count + knot + 1] += share }
    }
    standardise()
  }

  private mutating func standardise() {
    let total = max(counts.reduce(0, +), 1)
    for column in 0..<width {
      let numbers = counts.indices.map { inputs[$0 * width + column] }
      let mean = zip(counts, numbers).reduce(0) { $0 + $1.0 * $1.1 } / total
      let variance = zip(counts, numbers).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / total
      // Below a few units in the last place of single precision it is rounding.
      let rounding = 4 * Double(Float.ulpOfOne / 2) * mean
      let scale = variance > rounding * rounding && variance > 1e-70 ? 1 / variance.squareRoot() : 0
      for group in counts.indices { inputs[group * width + column] = (numbers[group] - mean) * scale }
      (self.mean[column], self.scale[column]) = (mean, scale)
    }
  }
}
