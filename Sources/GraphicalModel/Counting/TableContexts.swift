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

  /// Their number. O(situations) operations on big integers.
  /// - Parameter longest: T.
  func count(longest: Int) -> BigInt {
    let starts = situations(longest: longest)
    let ratio = growing.reduce(BigInt(1)) { $0 * BigInt($1.number) }
    var assignments = always.reduce(BigInt(1)) { $0 * BigInt($1.number) }
    var rest = later[...]
    var sum = BigInt(0)
    for (place, first) in starts.enumerated() {
      while let parent = rest.first, parent.lag <= first {
        assignments *= BigInt(parent.size.number)
        rest.removeFirst()
      }
      guard !needsLongest || first < longest else { break }
      guard tellsStepsApart else {
        // The earliest t leaves the most lengths.
        sum += assignments * BigInt(lengths?.count(after: first, longest: longest) ?? 1)
        continue
      }
      let end = place + 1 < starts.count ? min(starts[place + 1], longest) : longest
      let steps = end - first
      // Σ over t from `first` of ratio^t, times the number of lengths.
      let here = ratio.powerSum(below: steps)
      let weighted =
        switch lengths {
        case nil: here
        case .each: ratio.fallingPowerSum(below: steps) + here * BigInt(longest - end)
        case .stretches: here * BigInt(lengths?.count(after: first, longest: longest) ?? 1)
        }
      sum += assignments * ratio.power(first) * weighted
    }
    return sum
  }
}
