import Foundation
import Probability

/// The particles of one repetition of sequential Monte Carlo, by groups with the same past. They are resampled where their
/// effective sample size (Kish 1965) is below half of their number; those that have ended take part.
struct ParticleRepetition {
  /// Particles with the same past.
  struct Group {
    /// The number of the past.
    var lane: Int
    var count: Int
    /// Of each of the particles, with ψ of the past.
    var logWeight: Double
  }

  /// Particles that are the same sequence.
  private struct Ended {
    var leaf: Int32
    var length: Int
    var count: Int
    var logWeight: Double
  }

  /// The number of particles.
  let count: Int
  var groups: [Group] = []
  private var ended: [Ended] = []
  private var stream: RandomStream
  /// The loss of all resampling so far: Σ 1/ESS − 1/N.
  private var loss = 0.0

  init(_ count: Int, _ stream: RandomStream) { (self.count, self.stream) = (count, stream) }

  /// Multiplies the weights of each lane's particles. O(groups).
  mutating func multiply(by logFactors: [Double]) {
    for index in groups.indices { groups[index].logWeight += logFactors[groups[index].lane] }
  }

  /// Hands over all groups that can continue; others take their place.
  mutating func takeGroups() -> [Group] {
    defer { groups = [] }
    return groups.filter { $0.count > 0 && $0.logWeight > -.infinity }
  }

  /// Shares the particles of a group out by systematic allocation. O(shares).
  /// - Parameters:
  ///   - shares: they add up to 1, or are all 0.
  ///   - parts: becomes the indices of the shares that particles fall to, each with these.
  mutating func allocate(_ group: Group, _ shares: ArraySlice<Double>, to parts: inout [(index: Int, group: Group)]) {
    parts.removeAll(keepingCapacity: true)
    let last = shares.lastIndex { $0 > 0 } ?? shares.startIndex
    var allocation = SystematicAllocation(group.count, offset: stream.uniform())
    for index in shares.indices {
      let count = allocation.next(shares[index], isLast: index == last)
      if count > 0 { parts.append((index, Group(lane: group.lane, count: count, logWeight: group.logWeight))) }
    }
  }

  /// The particles of a group have ended.
  mutating func end(_ group: Group, _ leaf: Int32, _ length: Int, logWeight: Double? = nil) {
    ended.append(Ended(leaf: leaf, length: length, count: group.count, logWeight: logWeight ?? group.logWeight))
  }

  /// Σ w and Σ w² over all particles, with the largest weight 1, and its logarithm.
  private func sums() -> (first: Double, second: Double, largest: Double) {
    let largest = max(
      groups.reduce(-.infinity) { $1.count > 0 ? max($0, $1.logWeight) : $0 },
      ended.reduce(-.infinity) { max($0, $1.logWeight) })
    var (first, second) = (0.0, 0.0)
    guard largest > -.infinity else { return (0, 0, largest) }
    func add(_ count: Int, _ logWeight: Double) {
      let weight = exp(logWeight - largest)
      first += Double(count) * weight
      second += Double(count) * weight * weight
    }
    for group in groups where group.count > 0 { add(group.count, group.logWeight) }
    for group in ended { add(group.count, group.logWeight) }
    return (first, second, largest)
  }

  /// Gives all particles the same weight, where their effective sample size is below half of their number. O(groups).
  mutating func resample() {
    let (first, second, largest) = sums()
    guard second > 0, first * first / second < Double(count) / 2 else { return }
    loss += second / (first * first) - 1 / Double(count)
    let mean = largest + log(first / Double(count))
    var allocation = SystematicAllocation(count, offset: stream.uniform())
    func isAlive(_ group: Group) -> Bool { group.count > 0 && group.logWeight > -.infinity }
    let lastGroup = groups.lastIndex(where: isAlive)
    let lastEnded = lastGroup == nil ? ended.lastIndex { $0.logWeight > -.infinity } : nil
    for index in ended.indices {
      let share = Double(ended[index].count) * exp(ended[index].logWeight - largest) / first
      ended[index].count = allocation.next(share, isLast: index == lastEnded)
      ended[index].logWeight = mean
    }
    for index in groups.indices {
      let group = groups[index]
      let share = isAlive(group) ? Double(group.count) * exp(group.logWeight - largest) / first : 0
      groups[index].count = allocation.next(share, isLast: index == lastGroup)
      groups[index].logWeight = mean
    }
    ended.removeAll { $0.count == 0 }
  }

  /// What has ended, with the estimate of P(evidence).
  func population(_ tree: CompletionTree) -> Population {
    var population = Population(tree)
    let (first, second, largest) = sums()
    if second == 0 { return population }
    let lost = groups.reduce(0) { $0 + ($1.count > 0 ? Double($1.count) * exp($1.logWeight - largest) : 0) }
    population.lostShare = lost / first
    var rest = self
    rest.groups = []
    let kept = rest.sums()
    population.logEstimate = kept.largest + log(kept.first / Double(count))
    if kept.second > 0 {
      population.effectiveSampleSize = 1 / (kept.second / (kept.first * kept.first) + loss)
    }
    population.completions = ended.filter { $0.logWeight > -.infinity }.map {
      Population.Completion(leaf: $0.leaf, length: Int32($0.length), logWeight: $0.logWeight + log(Double($0.count)))
    }
    return population
  }
}
