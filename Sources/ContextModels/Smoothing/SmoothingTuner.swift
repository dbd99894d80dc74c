import Foundation
import ModelCore
import Probability

/// What a smoother's parameters are tuned on.
package enum Tuning: String, Sendable, CaseIterable {
  /// Nothing: they have closed forms.
  case none
  /// The validation part, which is not counted.
  case valid
  /// The training part, each event left out of the counts that predict it (Ney, Essen and Kneser 1994).
  case leaveOneOut = "leave-one-out"
}

/// Finds a smoother's parameters as those that give held-out events the largest likelihood: order by order from the
/// longest contexts, since an order's parameters touch nothing but its own step of the interpolation; one parameter by
/// Brent's method, several by the simplex method.
struct SmoothingTuner {
  let smoother: any Smoother
  let events: HeldOutEvents
  let outcomes: Int
  /// Rounds over all orders, and the part of the nats that another one must gain.
  private static let rounds = 6
  private static let gain = 1e-6

  /// - Parameter start: a row an order.
  /// - Throws: `GSLError`, `FittingError.interrupted`.
  func tune(from start: [[Double]], isInterrupted: () -> Bool) throws -> [[Double]] {
    var rows = start
    guard !events.times.isEmpty, smoother.ranges.contains(where: { $0 != nil }) else { return rows }
    if smoother.sharesParameters {
      let row = try tune(rows[0], isFirst: true) { row in
        nats(self.steps(Array(repeating: row, count: rows.count)))
      }
      return Array(repeating: row, count: rows.count)
    }
    var last = nats(steps(rows))
    for round in 0..<Self.rounds {
      // Of higher orders no event knows anything.
      for level in events.levels.indices.reversed() {
        if isInterrupted() { throw FittingError.interrupted }
        let steps = steps(rows)
        let below = probabilities(steps.prefix(level))
        // What longer contexts make of this one's answer P: mass + weight · P.
        var mass = [Double](repeating: 0, count: below.count)
        var weight = [Double](repeating: 1, count: below.count)
        for step in steps.dropFirst(level + 1) {
          for event in below.indices {
            mass[event] = step[event].mass + step[event].weight * mass[event]
            weight[event] *= step[event].weight
          }
        }
        rows[level] = try tune(rows[level], isFirst: round == 0) { row in
          var nats = 0.0
          for event in below.indices {
            let step = self.step(events.levels[level][event], row)
            let probability = mass[event] + weight[event] * (step.mass + step.weight * below[event])
            nats -= events.times[event] * log(probability)
          }
          return nats
        }
      }
      let before = last
      last = nats(steps(rows))
      if before - last <= Self.gain * before { break }
    }
    return rows
  }

  private typealias Share = (mass: Double, weight: Double)

  private func nats(_ steps: [[Share]]) -> Double {
    zip(probabilities(steps[...]), events.times).reduce(0) { $0 - $1.1 * log($1.0) }
  }

  /// P of each event by the orders given.
  private func probabilities(_ steps: ArraySlice<[Share]>) -> [Double] {
    var probabilities = [Double](repeating: 1 / Double(outcomes), count: events.times.count)
    for step in steps {
      for event in probabilities.indices {
        probabilities[event] = step[event].mass + step[event].weight * probabilities[event]
      }
    }
    return probabilities
  }

  private func steps(_ rows: [[Double]]) -> [[Share]] {
    zip(events.levels, rows).map { level, row in level.map { step($0, row) } }
  }

  @inline(__always)
  private func step(_ step: HeldOutEvents.Step, _ row: [Double]) -> Share {
    guard step.context.total > 0 else { return (0, 1) }
    let rule = smoother.rule(row, step.context, outcomes: outcomes)
    return (step.count > 0 ? rule.mass(step.count, step.context) : 0, rule.weight(step.context))
  }

  /// One row, the parameters that are tuned; kept where nothing better is found.
  private func tune(_ row: [Double], isFirst: Bool, _ nats: @escaping ([Double]) -> Double) throws -> [Double] {
    let tuned = smoother.ranges.enumerated().compactMap { index, range in range.map { (index: index, range: $0) } }
    func values(_ coordinates: [Double]) -> [Double] {
      var values = row
      for ((index, range), coordinate) in zip(tuned, coordinates) { values[index] = range.value(coordinate) }
      return values
    }
    let found: [Double]
    if tuned.count == 1 {
      found = [try Brent.minimise(in: -14...14, points: 29, tolerance: 1e-4) { nats(values([$0])) }.variable]
    } else {
      let start = tuned.map { $0.range.coordinate(row[$0.index]) }
      found = try Simplex.minimise(
        from: start, step: isFirst ? 0.5 : 0.2, tolerance: 0.01, iterations: isFirst ? 200 : 100
      ) { nats(values($0)) }.variables
    }
    return nats(values(found)) < nats(row) ? values(found) : row
  }
}
