import Foundation
import ModelCore
import Probability
import Sequences
import Support

extension LearnedLengths {
  private static let iterations = 1000
  /// Nats a sequence that a step must gain; five that gain less are the last.
  private static let leastGain = 1e-10

  package static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) throws -> any LengthPrior {
    try Self(fitting: set, context)
  }

  /// By maximum likelihood, with one sequence more: one that has every length, as the smoothed table has them, at the mean x.
  /// A's coefficients, of inputs that are scaled to variance 1, are held to a normal law of variance 1. The sum is convex; its
  /// minimum is found by a quasi-Newton method. O(iterations · (different x + 1) · (longest + knots · d)).
  /// - Throws: `GSLError`; `FittingError.interrupted`, since a half-fitted distribution is nothing to keep.
  init(fitting set: Sequences<some RowStorage>, _ context: FittingContext) throws {
    let table = LengthTable(set, isSmoothed: true)
    guard let inputs = set.inputs else {
      self.init(table, width: 0, isPerStep: false, weights: [], bias: [])
      return
    }
    let groups = LengthGroups(set, inputs)
    let objective = LengthObjective(groups, table, withoutEmpty: inputs.isPerStep, threads: context.threads)
    var variables = [Double](repeating: 0, count: Self.knots.count * (1 + groups.width))
    var (best, steady) = (Double.infinity, 0)
    try QuasiNewton.minimise(
      from: variables, firstStep: 0.1, tolerance: 1e-10, iterations: Self.iterations, objective.value
    ) { iterate in
      variables = iterate.variables
      steady = best - iterate.value < Self.leastGain ? steady + 1 : 0
      best = min(best, iterate.value)
      context.progress(
        FittingProgress(
          fraction: Double(iterate.iteration) / Double(Self.iterations),
          text: "P(τ | x), iteration \(iterate.iteration)", isMilestone: false))
      if context.isInterrupted() { throw FittingError.interrupted }
      return steady < 5
    }
    let numbers = objective.unscaled(variables)
    var (bias, weights) = (Array(numbers[..<Self.knots.count]), Array(numbers[Self.knots.count...]))
    // Back from scaled inputs to x.
    for knot in bias.indices {
      for column in 0..<groups.width {
        let place = knot * groups.width + column
        weights[place] *= groups.scale[column]
        bias[knot] -= weights[place] * groups.mean[column]
      }
    }
    self.init(table, width: groups.width, isPerStep: inputs.isPerStep, weights: weights, bias: bias)
  }
}

/// −Σ log P(τ | x) of some sequences, and its gradient. Groups of sequences are cut into parts by their number alone.
private struct LengthGradient: Summary {
  var value = 0.0
  var gradient: [Double]

  init(count: Int) { gradient = Array(repeating: 0, count: count) }

  mutating func add(_ next: LengthGradient) {
    value += next.value
    for index in gradient.indices { gradient[index] += next.gradient[index] }
  }
}

/// What a fit makes small: nats a sequence beyond the table's, with the table's own sequence and the coefficients' law. Its
/// variables are b and A in units of their standard deviations, roughly, so that its curvature is about the same along each.
private struct LengthObjective: Sendable {
  let groups: LengthGroups
  let threads: Int
  private let masses: TiltedMasses
  /// E φ(τ) under the table.
  private let smoothing: [Double]
  private let total: Double
  /// √ of the share of lengths that are a knot's, and of the same with what the coefficients' law adds.
  private let scales: [Double]
  private let coefficientScales: [Double]
  /// Groups whose gradients are added up by one thread.
  private static let piece = 256
  /// A share below which a knot's scale does not fall, in sequences.
  private static let leastShare = 0.01

  init(_ groups: LengthGroups, _ table: LengthTable, withoutEmpty: Bool, threads: Int) {
    self.groups = groups
    self.threads = threads
    masses = TiltedMasses(table, withoutEmpty: withoutEmpty, neglecting: 1e-15)
    total = groups.counts.reduce(0, +) + 1
    let knots = LearnedLengths.knots.count
    var features = [Double](repeating: 0, count: knots)
    let logMass = masses.logNormaliser(Array(repeating: 0, count: knots)) { knot, share, part in
      features[knot] += (1 - share) * part
      if share > 0 { features[knot + 1] += share * part }
    }
    let logLargest = logMass - log(features.reduce(0, +))
    features = features.map { $0 * exp(logLargest) }
    smoothing = features
    // Where next to nothing is, a smaller scale would make large what is but rounding.
    let least = Self.leastShare / total
    scales = features.map { max($0, least).squareRoot() }
    coefficientScales = scales.map { [total] in ($0 * $0 + 1 / total).squareRoot() }
  }

  /// b and A of variables.
  func unscaled(_ variables: [Double]) -> [Double] { variables.indices.map { variables[$0] / scale(of: $0) } }

  private func scale(of variable: Int) -> Double {
    variable < scales.count ? scales[variable] : coefficientScales[(variable - scales.count) / groups.width]
  }

  func value(_ variables: [Double]) -> (value: Double, gradient: [Double]) {
    let numbers = unscaled(variables)
    let (knots, width) = (scales.count, groups.width)
    let count = groups.counts.count
    let pieces = (count + Self.piece - 1) / Self.piece
    let parts = parallelMap(pieces, threads: threads) { piece in
      var part = LengthGradient(count: numbers.count)
      for group in piece * Self.piece..<min((piece + 1) * Self.piece, count) {
        let x = groups.inputs[group * width..<(group + 1) * width]
        let features = groups.features[group * knots..<(group + 1) * knots]
        add(groups.counts[group], features, x, numbers, to: &part)
      }
      return part
    }
    var sum = LengthGradient(count: numbers.count)
    for part in parts { sum.add(part) }
    add(smoothing.reduce(0, +), smoothing[...], [], numbers, to: &sum)
    for index in knots..<numbers.count {
      sum.value += numbers[index] * numbers[index] / 2
      sum.gradient[index] += numbers[index]
    }
    return (sum.value / total, sum.gradient.indices.map { sum.gradient[$0] / total / scale(of: $0) })
  }

  /// −Σ log P(τ | x) of some sequences with the same x, up to a constant: n log Z − Σ φ(τ) · θ, whose gradient by θ is
  /// n E φ − Σ φ(τ).
  private func add(
    _ count: Double, _ features: ArraySlice<Double>, _ x: ArraySlice<Double>, _ numbers: [Double],
    to sum: inout LengthGradient
  ) {
    let (knots, width) = (scales.count, groups.width)
    var values = Array(numbers[..<knots])
    for (column, number) in x.enumerated() where number != 0 {
      for knot in 0..<knots { values[knot] += numbers[knots + knot * width + column] * number }
    }
    var expected = [Double](repeating: 0, count: knots)
    var all = 0.0
    let logNormaliser = masses.logNormaliser(values) { knot, share, weight in
      all += weight
      expected[knot] += (1 - share) * weight
      if share > 0 { expected[knot + 1] += share * weight }
    }
    sum.value += count * logNormaliser
    for knot in 0..<knots {
      let observed = features[features.startIndex + knot]
      sum.value -= observed * values[knot]
      let slope = count * expected[knot] / all - observed
      sum.gradient[knot] += slope
      for (column, number) in x.enumerated() where number != 0 {
        sum.gradient[knots + knot * width + column] += slope * number
      }
    }
  }
}
