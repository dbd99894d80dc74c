import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// P(τ) as a table over the lengths seen, smoothed so that every length 0, 1, 2, … has mass:
///
///     P(τ) = (count(τ) + D g(τ)) / (N + D)
///
/// with N sequences, D distinct lengths among them, and g the geometric law on 0, 1, … whose mean is (Σ τ + 1)/(N + 1):
/// Witten and Bell's weight for the unseen, given to the law of largest entropy with that mean. Unsmoothed, D g is 0.
package struct LengthTable: LengthLaw, LengthPrior, LengthPriorKind {
  package static let name = "table"
  package static let remark = "the lengths seen, smoothed"
  package static let ownParameters: Int? = nil
  package static let tensorNames: Set = ["length.lengths", "length.counts"]

  /// The distinct lengths, rising.
  package let lengths: [Int]
  /// How often each occurs.
  package let counts: [Int]
  package let isSmoothed: Bool
  private let total: Int
  private let stopProbability: Double

  /// Of the lengths of a set. O(sequences).
  package init(_ set: Sequences<some RowStorage>, isSmoothed: Bool) {
    // Short lengths, of which there are many, in an array.
    var short = [Int](repeating: 0, count: 1024)
    var long: [Int: Int] = [:]
    for index in 0..<set.count {
      let length = set.length(index)
      if length < short.count { short[length] += 1 } else { long[length, default: 0] += 1 }
    }
    let histogram = short.enumerated().filter { $1 > 0 } + long.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.init(lengths: histogram.map(\.0), counts: histogram.map(\.1), isSmoothed: isSmoothed)
  }

  /// The smoothed one.
  package init(fitting set: Sequences<some RowStorage>) { self.init(set, isSmoothed: true) }

  package static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) -> any LengthPrior {
    Self(fitting: set)
  }

  /// - Precondition: `lengths` rise from 0 or more and `counts` are positive.
  init(lengths: [Int], counts: [Int], isSmoothed: Bool) {
    self.lengths = lengths
    self.counts = counts
    self.isSmoothed = isSmoothed
    total = counts.reduce(0, +)
    let sum = zip(lengths, counts).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let mean = (sum + 1) / (Double(total) + 1)
    stopProbability = 1 / (1 + mean)
  }

  /// log P(τ) in nats.
  package func logProbability(_ length: Int) -> Double {
    let index = lowerBound(0, lengths.count) { lengths[$0] < length }
    let count = index < lengths.count && lengths[index] == length ? Double(counts[index]) : 0
    guard isSmoothed else { return total == 0 ? -.infinity : log(count / Double(total)) }
    let logGeometric = log(stopProbability) + Double(length) * log1p(-stopProbability)
    if count == 0 { return log(weight) + logGeometric }
    return log((count + Double(distinct) * exp(logGeometric)) / (Double(total) + Double(distinct)))
  }

  /// The middle one of all lengths in rising order, the upper of two; 0 of none.
  package var median: Int {
    var rest = total / 2
    for (length, count) in zip(lengths, counts) {
      rest -= count
      if rest < 0 { return length }
    }
    return 0
  }

  package var mean: Double { moment { $0 } }

  package var variance: Double {
    let mean = mean
    return moment { ($0 - mean) * ($0 - mean) } + (isSmoothed ? weight * geometric.variance : 0)
  }

  private var geometric: GeometricLengths { GeometricLengths(mean: (1 - stopProbability) / stopProbability) }

  /// The mean of a function over the lengths seen, g's share at its mean among them; 0 for a table without any mass.
  private func moment(_ value: (Double) -> Double) -> Double {
    let seen = zip(lengths, counts).reduce(0.0) { $0 + Double($1.1) * value(Double($1.0)) } / Double(max(total, 1))
    return isSmoothed ? (1 - weight) * seen + weight * value(geometric.mean) : seen
  }

  /// P(τ > length), exactly.
  package func tail(beyond length: Int) -> Double {
    let seen = zip(lengths, counts).reduce(0) { $0 + ($1.0 > length ? $1.1 : 0) }
    guard isSmoothed else { return Double(seen) / Double(max(total, 1)) }
    let geometric = exp(Double(length + 1) * log1p(-stopProbability))
    return (Double(seen) + Double(distinct) * geometric) / (Double(total) + Double(distinct))
  }

  // MARK: What is long

  /// log P(τ > length) of a smoothed table, above −∞ at any length.
  func logTail(beyond length: Int) -> Double {
    let seen = zip(lengths, counts).reduce(0) { $0 + ($1.0 > length ? $1.1 : 0) }
    let logGeometric = log(Double(distinct)) + Double(length + 1) * log1p(-stopProbability)
    let total = Double(total) + Double(distinct)
    return seen == 0 ? logGeometric - log(total) : log((Double(seen) + exp(logGeometric)) / total)
  }

  /// E and Var of P(τ | τ ≥ first) of a smoothed table.
  func long(from first: Int) -> (mean: Double, variance: Double) {
    let far = Double(distinct) * exp(Double(first) * log1p(-stopProbability))
    let parts =
      zip(lengths, counts).filter { $0.0 >= first }.map { (Double($0.0), Double($0.1), 0.0) }
      + [(Double(first) + geometric.mean, far, geometric.variance)]
    let mass = parts.reduce(0) { $0 + $1.1 }
    guard mass > 0 else { return (parts[parts.count - 1].0, geometric.variance) }
    let mean = parts.reduce(0) { $0 + $1.0 * $1.1 } / mass
    return (mean, parts.reduce(0) { $0 + (($1.0 - mean) * ($1.0 - mean) + $1.2) * $1.1 } / mass)
  }

  package func sample(atLeast first: Int, _ stream: inout RandomStream) -> Int {
    let seen = zip(lengths, counts).filter { $0.0 >= first }
    let far = isSmoothed ? Double(distinct) * exp(Double(first) * log1p(-stopProbability)) : 0
    let index = stream.index(weights: seen.map { Double($0.1) } + [far])
    if index < seen.count { return seen[index].0 }
    if !isSmoothed { return first }
    // g has no memory. A draw is 2^62 at most.
    return first + min(stream.geometric(stopProbability), 1 << 61)
  }

  /// A draw of τ.
  package func sample(_ stream: inout RandomStream) -> Int {
    if isSmoothed, stream.uniform() < weight { return stream.geometric(stopProbability) }
    if lengths.isEmpty { return 0 }
    return lengths[stream.index(counts.count, total: Double(total)) { Double(counts[$0]) }]
  }

  /// The number of distinct lengths; 1 for a table without any, whose law is then g alone.
  private var distinct: Int { max(lengths.count, 1) }

  /// D / (N + D).
  private var weight: Double { Double(distinct) / (Double(total) + Double(distinct)) }

  // MARK: The file

  package var storedParameters: Int { lengths.count }

  package func write(to file: inout TensorFile) {
    file.set("length.lengths", lengths.map(Int64.init))
    file.set("length.counts", counts.map(Int64.init))
  }

  package func agrees(with facts: TrainingFacts) -> Bool {
    let symbols = zip(lengths, counts).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return total == facts.sequences && symbols == Double(facts.symbols) && (lengths.last ?? 0) == facts.longest
  }

  package init(from file: TensorFile) throws { try self.init(from: file, isSmoothed: true) }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }

  init(from file: TensorFile, isSmoothed: Bool) throws {
    let lengths = try file.counts("length.lengths")
    let counts = try file.counts("length.counts", count: lengths.count)
    guard zip(lengths, lengths.dropFirst()).allSatisfy({ $0 < $1 }), lengths.allSatisfy({ $0 < 1 << 31 }),
      counts.allSatisfy({ $0 > 0 }), counts.reduce(0.0, { $0 + Double($1) }) < 0x1p53
    else { throw ModelFileError.inconsistent("length.lengths and length.counts are not a table of lengths") }
    self.init(lengths: lengths, counts: counts, isSmoothed: isSmoothed)
  }
}

/// `prior=table:ml`: the unsmoothed table count(τ) / N, as a kind of distribution.
package enum UnsmoothedLengthTable: LengthPriorKind {
  package static let name = "table:ml"
  package static let ownParameters: Int? = nil
  package static let tensorNames = LengthTable.tensorNames

  package static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) -> any LengthPrior {
    LengthTable(set, isSmoothed: false)
  }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior {
    try LengthTable(from: file, isSmoothed: false)
  }
}
