import Foundation

/// The largest distance D between the distribution function of some whole numbers and that of a law, or of other numbers
/// (Kolmogorov; Smirnov), and how probable one as large is.
///
/// Where numbers are equal, Kolmogorov's own law of D gives p-values that are too large (Conover 1972, Gleser 1985). Here
/// P(D ≥ d) is what it is for the law at hand, by no draws: counts at one place after the other are independent sums under
/// the condition that they add up to what there are – Poisson variables for a law, binomial ones for two samples – so that
/// the sums whose every partial sum keeps within d of its share are added up place by place (Gleser 1985; Schröer and
/// Trenkler 1995; for Poisson variables Moscovich and Nadler 2017). O(N √places) for distances that occur, N at most 250,000:
/// of more numbers √N D has next to the law that it has of so many.
///
/// Both functions are compared where the law, or both samples together, have risen by 1/4096 since the last place, and before
/// each rise by as much: the test is exact for these places.
public struct KolmogorovSmirnov: Sendable, Hashable, Codable {
  /// D.
  public let distance: Double
  /// P(D as large or larger | no difference). Below 10^−10 it is a bound: 2 e^(−2 n D²) for each place (Hoeffding 1963,
  /// Serfling 1974).
  public let pValue: Double

  /// What the law rises by from place to place.
  private static let leastRise = 1.0 / 4096
  /// Numbers from which on the law of √N D is taken for its limit, from which it is off by a part of order 1/√N.
  private static let most = 250_000.0
  /// What rounding may do to a difference of two shares.
  private static let rounding = 1e-12
  /// The least p-value that is told from 0 by a difference from 1.
  private static let least = 1e-10

  package init(distance: Double, pValue: Double) {
    self.distance = distance
    self.pValue = pValue
  }

  /// Counts of 0, 1, … against what a law expects. `nil` if there are none.
  public init?(_ observed: [Double], expected: [Double]) { self.init(observed, expected, isSample: false) }

  /// Counts of 0, 1, … of two samples. `nil` if one of them is empty.
  public init?(_ a: [Double], against b: [Double]) { self.init(a, b, isSample: true) }

  private init?(_ a: [Double], _ b: [Double], isSample: Bool) {
    let (totalA, totalB) = (a.reduce(0, +), b.reduce(0, +))
    guard totalA > 0, totalB > 0, totalA.isFinite, totalB.isFinite else { return nil }
    // Of two samples together, else of the law.
    let total = isSample ? totalA + totalB : totalB
    // How many there are since the last place, and up to it.
    var places: [Double] = []
    var (here, isOpen) = (0.0, false)
    var (sumA, sumB, distance) = (0.0, 0.0, 0.0)
    func close() {
      distance = max(distance, abs(sumA / totalA - sumB / totalB))
      places.append(here)
      (here, isOpen) = (0, false)
    }
    for (nextA, nextB) in zip(a.dropLast(), b.dropLast()) {
      let rise = isSample ? nextA + nextB : nextB
      if rise / total >= Self.leastRise, isOpen { close() }
      here += rise
      (sumA, sumB, isOpen) = (sumA + nextA, sumB + nextB, true)
      if here / total >= Self.leastRise { close() }
    }
    if isOpen { close() }
    // At the last number both functions are 1.
    places.append((isSample ? a.last ?? 0 : 0) + (b.last ?? 0))
    self.distance = distance

    let size = isSample ? totalA / total * totalB : totalA
    let exponent = 2 * size * (isSample ? totalB / (totalB + 1) : 1) * distance * distance
    let bound = 2 * Double(places.count) * exp(-exponent)
    if bound < Self.least {
      pValue = bound
    } else if distance <= Self.rounding {
      pValue = 1
    } else {
      let isLimit = size > Self.most
      let sum = isLimit ? Self.most : totalA
      let halfWidth = isLimit ? distance * (size * sum).squareRoot() : size * (distance - Self.rounding)
      let within = Self.probability(of: places, sum: sum, halfWidth: halfWidth) {
        isSample && !isLimit ? Steps(binomial: $0, totalA / total) : Steps(poisson: $0 / total * sum)
      }
      pValue = min(max(1 - within, Self.least), 1)
    }
  }

  /// P(each partial sum of independent steps is less than `halfWidth` off its share of the whole | they add up to `sum`).
  /// - Parameter places: what each step has its share from.
  private static func probability(
    of places: [Double], sum: Double, halfWidth: Double, _ steps: (Double) -> Steps
  ) -> Double {
    let (total, whole) = (places.reduce(0, +), Int(sum))
    var paths = Steps(first: 0, probabilities: [1])
    var reached = 0.0
    for place in places.dropLast() {
      reached += place
      let share = sum * (reached / total)
      let low = max(Int((share - halfWidth).rounded(.down)) + 1, 0)
      let high = min(Int((share + halfWidth).rounded(.up)) - 1, whole)
      paths.add(steps(place), from: low, to: high)
    }
    paths.add(steps(places.last ?? 0), from: whole, to: whole)
    return (paths.probabilities.first ?? 0) / max(steps(total)[whole], .leastNormalMagnitude)
  }
}

/// A law of whole numbers, or the part of it that has not been cut off: P(first), P(first + 1), …
private struct Steps {
  private(set) var first: Int
  private(set) var probabilities: [Double]

  /// Terms below this part of the largest one are left out.
  private static let nothing = 1e-20

  init(first: Int, probabilities: [Double]) {
    self.first = first
    self.probabilities = probabilities
  }

  init(poisson mean: Double) { self.init(mode: Int(mean), most: .max) { mean / Double($0) } }

  init(binomial count: Double, _ share: Double) {
    let odds = share / (1 - share)
    self.init(mode: min(Int((count + 1) * share), Int(count)), most: Int(count)) {
      (count - Double($0) + 1) / Double($0) * odds
    }
  }

  /// From the most probable number outwards, so that no logarithm of a large number rounds.
  /// - Parameter ratio: P(n) / P(n − 1).
  private init(mode: Int, most: Int, ratio: (Int) -> Double) {
    var (below, above) = ([Double](), [1.0])
    var (number, last) = (mode, 1.0)
    while number > 0, last > Self.nothing {
      last /= ratio(number)
      below.append(last)
      number -= 1
    }
    first = number
    (number, last) = (mode, 1)
    while number < most, last > Self.nothing {
      number += 1
      last *= ratio(number)
      above.append(last)
    }
    let terms = below.reversed() + above
    let sum = terms.reduce(0, +)
    probabilities = terms.map { $0 / sum }
  }

  subscript(number: Int) -> Double {
    probabilities.indices.contains(number - first) ? probabilities[number - first] : 0
  }

  /// Becomes the law of the sum with an independent number, cut off below `low` and above `high`.
  mutating func add(_ other: Steps, from low: Int, to high: Int) {
    let least = max(first + other.first, low)
    let most = min(first + other.first + probabilities.count + other.probabilities.count - 2, high)
    guard least <= most, !probabilities.isEmpty, !other.probabilities.isEmpty else {
      self = Steps(first: low, probabilities: [])
      return
    }
    let start = first + other.first - least
    var sums = [Double](repeating: 0, count: most - least + 1)
    sums.withUnsafeMutableBufferPointer { sums in
      other.probabilities.withUnsafeBufferPointer { other in
        for (index, mass) in probabilities.enumerated() where mass > 0 {
          let shift = start + index
          let (from, to) = (max(-shift, 0), min(other.count, sums.count - shift))
          if from >= to { continue }
          for step in from..<to { sums[shift + step] += mass * other[step] }
        }
      }
    }
    (first, probabilities) = (least, sums)
  }
}
