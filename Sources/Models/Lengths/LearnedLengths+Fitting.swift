import Foundation
import Probability
import Sequences

extension LearnedLengths {
  /// By maximum likelihood, with one sequence more: one that has every length, by the geometric law of the lengths' mean
  /// (as the smoothed table gives it to what was not seen), at the mean x. A's coefficients, of inputs that are scaled to
  /// variance 1, are held to a normal law of variance 1. The sum is convex; its minimum is found by a quasi-Newton method.
  /// O(iterations · (different x + 1) · (longest + knots · d)).
  /// - Throws: `GSLError`.
  init(fitting set: SequenceSet, _ context: FittingContext) throws {
    let groups = LengthGroups(set)
    let mean = (Double(set.symbolCount) + 1) / (Double(set.count) + 1)
    let smoothing = GeometricLengths(mean: mean)
    let stop = Self.tailStop(set, smoothing)
    let objective = LengthObjective(groups, smoothing, stop: stop, threads: context.threads)
    let knots = LogLinearLengths.knots
    var variables = objective.start
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
          text: "P(τ), iteration \(iterate.iteration): \(String(format: "%.6g", iterate.value)) nats a sequence",
          isMilestone: false))
      return steady < 5 && !context.isInterrupted()
    }
    variables = objective.unscaled(variables)
    // Back from scaled inputs to x.
    var (bias, weights) = (Array(variables[..<knots.count]), Array(variables[knots.count...]))
    for knot in knots.indices {
      for column in 0..<groups.width {
        let place = knot * groups.width + column
        weights[place] *= groups.scale[column]
        bias[knot] -= weights[place] * groups.mean[column]
      }
    }
    self.init(width: groups.width, weights: weights, bias: bias, stop: stop)
  }

  private static let iterations = 1000
  /// Nats a sequence that a step must gain; five that gain less are the last.
  private static let leastGain = 1e-10

  /// The tail's hazard, by maximum likelihood from what is that long, the smoothing law's sequence among it.
  private static func tailStop(_ set: SequenceSet, _ smoothing: GeometricLengths) -> Double {
    let last = LogLinearLengths.last
    var ends = smoothing.tail(beyond: last - 1)
    // Of steps at which the sequence might have ended.
    var steps = ends * (1 + smoothing.mean)
    for index in 0..<set.count where set.length(index) >= last {
      ends += 1
      steps += Double(set.length(index) - last + 1)
    }
    // So far out that the smoothing law has nothing there.
    guard steps > 1e-200 else { return 1 / (1 + smoothing.mean) }
    return min(ends / steps, 1 - 1e-9)
  }
}

/// What a fit makes small: nats a sequence, with the smoothing law's sequence and the coefficients' law. Its variables are
/// b and A in units of their standard deviations, roughly, so that its curvature is about the same along each.
private struct LengthObjective: Sendable {
  let groups: LengthGroups
  let stop: Double
  let threads: Int
  /// E φ(τ) under the smoothing law.
  private let smoothing: [Double]
  private let total: Double
  /// √ of the share of lengths that are a knot's, and of the same with what the coefficients' law adds.
  private let scales: [Double]
  private let coefficientScales: [Double]
  /// A law that has at each knot what was seen about it and what the smoothing law gives it, and no x.
  let start: [Double]
  /// Groups whose gradients are added up by one thread.
  private static let piece = 256
  /// A share below which a knot's scale does not fall, in sequences.
  private static let leastShare = 0.01

  init(_ groups: LengthGroups, _ law: GeometricLengths, stop: Double, threads: Int) {
    self.groups = groups
    self.stop = stop
    self.threads = threads
    let knots = LogLinearLengths.knots
    let total = groups.counts.reduce(0, +) + 1
    var features = [Double](repeating: 0, count: knots.count)
    // Lengths that are a knot's.
    var widths = features
    for length in 0..<LogLinearLengths.last {
      let (knot, share) = LogLinearLengths.place(of: length)
      let mass = exp(law.logProbability(length))
      features[knot] += (1 - share) * mass
      features[knot + 1] += share * mass
      widths[knot] += 1 - share
      widths[knot + 1] += share
    }
    features[knots.count - 1] += law.tail(beyond: LogLinearLengths.last - 1)
    widths[knots.count - 1] += 1 / stop
    let seen = knots.indices.map { knot in
      groups.counts.indices.reduce(0) { $0 + groups.features[$1 * knots.count + knot] }
    }
    self.total = total
    smoothing = features
    // Where next to nothing is, a smaller scale would make large what is but rounding.
    scales = knots.indices.map { max((seen[$0] + features[$0]) / total, Self.leastShare / total).squareRoot() }
    coefficientScales = scales.map { ($0 * $0 + 1 / total).squareRoot() }
    let bias = knots.indices.map { knot in
      log((seen[knot] / widths[knot] + max(exp(law.logProbability(knots[knot])), 1e-300)) / total)
    }
    start = zip(bias, scales).map { $0 * $1 } + Array(repeating: 0, count: knots.count * groups.width)
  }

  /// b and A of variables.
  func unscaled(_ variables: [Double]) -> [Double] {
    variables.indices.map { variables[$0] / scale(of: $0) }
  }

  private func scale(of variable: Int) -> Double {
    variable < scales.count ? scales[variable] : coefficientScales[(variable - scales.count) / groups.width]
  }

  func value(_ variables: [Double]) -> (value: Double, gradient: [Double]) {
    let numbers = unscaled(variables)
    let (knots, width) = (scales.count, groups.width)
    let count = groups.counts.count
    let pieces = (count + Self.piece - 1) / Self.piece
    var parts = [(value: Double, gradient: [Double])](repeating: (0, []), count: pieces)
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts  // each piece writes its own
      forEachInParallel(pieces, threads: threads) { piece in
        var part = (value: 0.0, gradient: [Double](repeating: 0, count: numbers.count))
        for group in piece * Self.piece..<min((piece + 1) * Self.piece, count) {
          let x = groups.inputs[group * width..<(group + 1) * width]
          let features = groups.features[group * knots..<(group + 1) * knots]
          add(groups.counts[group], features, x, numbers, to: &part)
        }
        parts[piece] = part
      }
    }
    var sum = (value: 0.0, gradient: [Double](repeating: 0, count: numbers.count))
    for part in parts {
      sum.value += part.value
      for index in sum.gradient.indices { sum.gradient[index] += part.gradient[index] }
    }
    add(1, smoothing[...], [], numbers, to: &sum)
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
    to sum: inout (value: Double, gradient: [Double])
  ) {
    let (knots, width) = (scales.count, groups.width)
    var values = Array(numbers[..<knots])
    for (column, number) in x.enumerated() where number != 0 {
      for knot in 0..<knots { values[knot] += numbers[knots + knot * width + column] * number }
    }
    var expected = [Double](repeating: 0, count: knots)
    var all = 0.0
    let logNormaliser = LogLinearLengths.logNormaliser(values, stop: stop) { knot, share, weight in
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
