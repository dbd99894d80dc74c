import Emissions
import Foundation
import Probability

/// The classes of one component's numbers of which a table has a probability each, and the distribution within a class.
enum ValueClasses: Sendable, Hashable {
  /// So many whole numbers from 0 on. With a tail, the last class holds all larger ones too: its number plus n has the
  /// probability (1 − q) q^n.
  case whole(Int, tail: Double?)
  /// Intervals of real numbers between rising edges, closed above, within which the density is constant; the two outer
  /// ones are open, with exponential densities of these means.
  case intervals(edges: [Double], below: Double, above: Double)

  /// The number of classes.
  var count: Int {
    switch self {
    case .whole(let count, _): count
    case .intervals(let edges, _, _): edges.count + 1
    }
  }

  /// The class of a number; `nil` for a number that is in none. O(log classes).
  func index(_ y: Double) -> Int? {
    switch self {
    case .whole(let count, let tail):
      guard y >= 0, y == y.rounded(), y < .infinity, tail != nil || y < Double(count) else { return nil }
      return y < Double(count - 1) ? Int(y) : count - 1
    case .intervals(let edges, _, _):
      guard y.isFinite else { return nil }
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle] < y { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// log p of a number given its class.
  func logDensity(_ y: Double, in index: Int) -> Double {
    switch self {
    case .whole(let count, let tail):
      guard let tail, index == count - 1 else { return 0 }
      return log1p(-tail) + (y - Double(index)) * log(tail)
    case .intervals(let edges, let below, let above):
      if index == 0 { return (y - edges[0]) / below - log(below) }
      if index == edges.count { return (edges[index - 1] - y) / above - log(above) }
      return -log(edges[index] - edges[index - 1])
    }
  }

  /// P(Y ≤ y | the class of y), of a whole number with P(Y < y | the class).
  func cumulative(_ y: Double, in index: Int) -> (below: Double, upTo: Double) {
    switch self {
    case .whole(let count, let tail):
      guard let tail, index == count - 1 else { return (0, 1) }
      let excess = y - Double(index)
      return (1 - pow(tail, excess), 1 - pow(tail, excess + 1))
    case .intervals(let edges, let below, let above):
      let p: Double
      if index == 0 {
        p = exp((y - edges[0]) / below)
      } else if index == edges.count {
        p = -expm1((edges[index - 1] - y) / above)
      } else {
        p = (y - edges[index - 1]) / (edges[index] - edges[index - 1])
      }
      return (p, p)
    }
  }

  /// A draw from a class.
  func draw(_ index: Int, _ stream: inout RandomStream) -> Double {
    switch self {
    case .whole(let count, let tail):
      guard let tail, index == count - 1 else { return Double(index) }
      return Double(index) + Double(stream.geometric(1 - tail))
    case .intervals(let edges, let below, let above):
      if index == 0 { return edges[0] + below * log(stream.uniform()) }
      if index == edges.count { return edges[index - 1] - above * log(stream.uniform()) }
      return edges[index - 1] + (edges[index] - edges[index - 1]) * stream.uniform()
    }
  }

  /// The mean of a class.
  func mean(_ index: Int) -> Double {
    switch self {
    case .whole(let count, let tail):
      guard let tail, index == count - 1 else { return Double(index) }
      return Double(index) + tail / (1 - tail)
    case .intervals(let edges, let below, let above):
      if index == 0 { return edges[0] - below }
      if index == edges.count { return edges[index - 1] + above }
      return (edges[index - 1] + edges[index]) / 2
    }
  }

  /// Where the density is not smooth, and where the outer intervals end for a quadrature.
  var knots: [Double] {
    guard case .intervals(let edges, let below, let above) = self else { return [] }
    return [edges[0] - 40 * below, edges[0] - 4 * below] + edges
      + [edges[edges.count - 1] + 4 * above, edges[edges.count - 1] + 40 * above]
  }
}

extension ValueClasses {
  /// The largest count with a class of its own is one less.
  static let countClasses = 16

  /// The classes of counts: each below 15 by itself, and all larger ones. q is that of largest likelihood after one
  /// larger count more in two.
  init(counts: [Double]) {
    let last = Double(Self.countClasses - 1)
    var (count, excess) = (0.0, 0.0)
    for y in counts where y >= last { (count, excess) = (count + 1, excess + y - last) }
    self = .whole(Self.countClasses, tail: (excess + 1) / (excess + count + 2))
  }

  /// The smallest width of an interval and mean of an outer one, in standard deviations of the column; of a column that
  /// does not vary, in its own units. That of the emissions' deviations.
  static let smallestWidth = Deviation.floor

  /// Intervals of about the same number of training data each, with edges half-way between neighbours; fewer where
  /// numbers are equal or too near to each other. O(numbers · log numbers).
  init(numbers: [Double], intervals: Int) {
    let sorted = numbers.sorted()
    let n = sorted.count
    let deviation = NormalDistribution.fit(numbers)?.deviation ?? 1
    let least = Self.smallestWidth * max(deviation, 1e-12 * max(abs(sorted.first ?? 0), abs(sorted.last ?? 0)))
    var edges: [Double] = []
    for number in 1..<max(intervals, 2) where n > 0 {
      var index = n * number / intervals
      if index == 0 { continue }
      // Equal numbers are not divided.
      while index < n, sorted[index] == sorted[index - 1] { index += 1 }
      guard index < n else { break }
      let edge = sorted[index - 1] + (sorted[index] - sorted[index - 1]) / 2
      if edge - (edges.last ?? -.infinity) >= least { edges.append(edge) }
    }
    if edges.isEmpty { edges = [sorted.first ?? 0] }
    let (first, last) = (edges[0], edges[edges.count - 1])
    func mean(_ excesses: [Double]) -> Double {
      max(excesses.reduce(0, +) / Double(max(excesses.count, 1)), least)
    }
    self = .intervals(
      edges: edges, below: mean(sorted.prefix { $0 <= first }.map { first - $0 }),
      above: mean(sorted.reversed().prefix { $0 > last }.map { $0 - last }))
  }
}
