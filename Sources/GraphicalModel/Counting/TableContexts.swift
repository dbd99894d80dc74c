import BigInt
import Foundation

/// The contexts of a table: the assignments of the parents that are there, in each situation in which they can be. A
/// situation is which parents there are – few at the start, where lags reach before the first step – and which t the table
/// tells apart. What follows T elements is certain and has no context.
struct TableContexts {
  /// Parents that are there at each step.
  private(set) var always: [Size] = []
  /// Parents that are there once so many elements are, rising.
  private(set) var later: [(lag: Int, size: Size)] = []
  /// One more of each with each step.
  private(set) var growing: [Size] = []
  private(set) var clock: DirectedTemplate.Clock?
  private(set) var lengths: DirectedTemplate.LengthLabels?

  init(_ node: DirectedTemplate.Node, in template: DirectedTemplate) {
    for parent in node.parents {
      guard let domain = template[parent.name]?.domain else { continue }
      switch domain {
      case .length(let labels, _): lengths = labels
      case .clock(let clock, _): self.clock = clock
      case .values(let size):
        switch parent.reach {
        case .untimed, .firstStep: always.append(size)
        case .everyEarlier: growing.append(size)
        case .lags(let lags):
          always += lags.filter { $0 == 0 }.map { _ in size }
          later += lags.filter { $0 > 0 }.map { ($0, size) }
        }
      }
    }
    later.sort { $0.lag < $1.lag }
  }

  var needsLongest: Bool { lengths != nil || clock == .each || !growing.isEmpty }

  /// Whether each t is a situation of its own.
  var tellsStepsApart: Bool { clock == .each || !growing.isEmpty }

  /// The t at which the situation changes, rising from 0; with each t by itself, those from which on parents are there, or
  /// the number of lengths is another.
  private func situations(longest: Int) -> [Int] {
    var starts: Set<Int> = [0]
    starts.formUnion(later.map(\.lag))
    if case .starts(let own) = clock { starts.formUnion(own) }
    if tellsStepsApart, let lengths { starts.formUnion(lengths.changes(longest: longest).filter { $0 > 0 }) }
    return starts.sorted()
  }

  /// About how many decimal digits their number has.
  func digits(longest: Int) -> Double {
    func digits(_ sizes: [Size]) -> Double { sizes.reduce(0) { $0 + log10(Double(max($1.number, 1))) } }
    return digits(always) + digits(later.map(\.size)) + digits(growing) * Double(longest)
  }

  /// Steps with the same parents: from `first` until `end` where the table tells steps apart, otherwise one situation.
  private struct Situation {
    var first: Int
    var end: Int
    /// The parents that are there, but for those of which there is one more with each step.
    var parents: [Size]
  }

  private func list(longest: Int) -> [Situation] {
    let starts = situations(longest: longest)
    var list: [Situation] = []
    var parents = always
    var rest = later[...]
    for (place, first) in starts.enumerated() {
      while let parent = rest.first, parent.lag <= first {
        parents.append(parent.size)
        rest.removeFirst()
      }
      guard !needsLongest || first < longest else { break }
      list.append(
        Situation(
          first: first, end: place + 1 < starts.count ? min(starts[place + 1], longest) : longest, parents: parents))
    }
    return list
  }

  /// Their number. O(situations) operations on big integers.
  /// - Parameter longest: T.
  func count(longest: Int) -> BigInt {
    let ratio = growing.reduce(BigInt(1)) { $0 * BigInt($1.number) }
    return list(longest: longest).reduce(BigInt(0)) { sum, situation in
      let assignments = situation.parents.reduce(BigInt(1)) { $0 * BigInt($1.number) }
      let (first, end) = (situation.first, situation.end)
      guard tellsStepsApart else {
        // The earliest t leaves the most lengths.
        return sum + assignments * BigInt(lengths?.count(after: first, longest: longest) ?? 1)
      }
      let steps = end - first
      // Σ over t from `first` of ratio^t, times the number of lengths.
      let here = ratio.powerSum(below: steps)
      let weighted =
        switch lengths {
        case nil: here
        case .each: ratio.fallingPowerSum(below: steps) + here * BigInt(longest - end)
        case .stretches: here * BigInt(lengths?.count(after: first, longest: longest) ?? 1)
        }
      return sum + assignments * ratio.power(first) * weighted
    }
  }

  /// The natural logarithm of their number, to the precision of a Double. O(situations).
  /// - Parameter longest: T.
  func logCount(longest: Int) -> Double {
    let logRatio = growing.reduce(0) { $0 + log(Double($1.number)) }
    return list(longest: longest).reduce(-.infinity) { sum, situation in
      let assignments = situation.parents.reduce(0) { $0 + log(Double($1.number)) }
      let (first, end) = (situation.first, situation.end)
      let count = log(Double(lengths?.count(after: first, longest: longest) ?? 1))
      guard tellsStepsApart else { return logSum(sum, assignments + count) }
      let steps = Double(end - first)
      let here: Double
      var weighted: Double
      if logRatio == 0 {
        here = log(steps)
        weighted = here + log((steps + 1) / 2)
      } else {
        // (r^n − 1) / (r − 1), and (r · that − n) / (r − 1).
        let divisor = logRatio + log1p(-exp(-logRatio))
        here = steps * logRatio + log1p(-exp(-steps * logRatio)) - divisor
        weighted = logRatio + here + log1p(-steps * exp(-logRatio - here)) - divisor
      }
      if case .each = lengths {
        weighted = logSum(weighted, here + log(Double(longest - end)))
      } else {
        weighted = here + count
      }
      return logSum(sum, assignments + Double(first) * logRatio + weighted)
    }
  }
}

/// log(e^a + e^b).
func logSum(_ a: Double, _ b: Double) -> Double {
  let larger = max(a, b)
  return larger == -.infinity ? larger : larger + log1p(exp(min(a, b) - larger))
}
