import Emissions
import Foundation
import ModelCore
import Sequences

/// A table for each component over the classes of its own last k numbers: a Markov chain for each component by itself.
struct TablePredictor: StepPredictor {
  let order: Int
  let classes: [ValueClasses]
  /// The classes that contexts are numbered by, the same for all components.
  let base: Int
  /// Whether the first k steps have contexts of their own, shorter ones; else what is missing counts as class 0.
  let hasOwnStart: Bool
  /// α of additive smoothing; `nil` for maximum likelihood.
  let added: Double?
  /// By component, context and class: `base` numbers for each context.
  let counts: [Int]
  /// Sequences, and decisions whether one ends.
  let stops: (ends: Int, decisions: Int)
  let endsByDecision: Bool

  /// log P(class | context), where the counts stand.
  private let logProbabilities: [Double]
  private let stopLogit: Double
  let mostRegressors = 0

  init(
    order: Int, _ classes: [ValueClasses], base: Int, hasOwnStart: Bool, added: Double?, counts: [Int],
    stops: (ends: Int, decisions: Int), endsByDecision: Bool
  ) {
    (self.order, self.classes, self.base, self.hasOwnStart) = (order, classes, base, hasOwnStart)
    (self.added, self.counts, self.stops, self.endsByDecision) = (added, counts, stops, endsByDecision)
    let contexts = Self.contexts(base: base, order: order, hasOwnStart: hasOwnStart)
    let smoothing = added ?? 0
    var logs = [Double](repeating: -.infinity, count: counts.count)
    for (component, classes) in classes.enumerated() {
      for context in 0..<contexts {
        let start = (component * contexts + context) * base
        let total = counts[start..<start + classes.count].reduce(0.0) { $0 + Double($1) + smoothing }
        for index in start..<start + classes.count {
          // A context that never occurred has no estimate: any distribution will do, and the uniform one is taken.
          logs[index] =
            total > 0 ? log((Double(counts[index]) + smoothing) / total) : -log(Double(classes.count))
        }
      }
    }
    logProbabilities = logs
    let (ends, others) = (Double(stops.ends) + smoothing, Double(stops.decisions - stops.ends) + smoothing)
    stopLogit = ends + others > 0 ? log(ends) - log(others) : 0
  }

  /// The contexts of a component: of all lengths up to k, or of length k alone.
  static func contexts(base: Int, order: Int, hasOwnStart: Bool) -> Int {
    let longest = power(base, order)
    return hasOwnStart ? (0..<order).reduce(longest) { $0 + power(base, $1) } : longest
  }

  /// base^exponent, or `Int.max` where that is less.
  static func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in
      let (next, overflows) = product.multipliedReportingOverflow(by: base)
      return overflows ? .max : next
    }
  }

  /// The numbers of the tables, and those of the classes.
  var storedParameters: Int {
    counts.count
      + classes.reduce(0) { sum, classes in
        switch classes {
        case .whole(_, let tail): sum + (tail == nil ? 0 : 1)
        case .intervals(let edges, _, _): sum + edges.count + 2
        }
      } + (endsByDecision ? 2 : 0)
  }

  var notes: [String] {
    switch classes.first {
    case .whole(let count, tail: _?):
      ["counts of \(count - 1) or more share one class with a geometric tail"]
    case .intervals:
      ["densities are constant within a bin, and exponential in the two outer ones"]
        + (classes.contains { $0.count < base }
          ? ["equal values: fewer bins than requested"] : [])
    default: []
    }
  }

  func encode(_ y: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>) {
    for (component, classes) in classes.enumerated() { z[component] = Double(classes.index(y[component]) ?? 0) }
  }

  /// Where the numbers of a component's context begin in the tables.
  @inline(__always)
  static func offset(
    component: Int, time: Int, past: UnsafePointer<Double>, width: Int, base: Int, order: Int, hasOwnStart: Bool,
    contexts: Int
  ) -> Int {
    let length = hasOwnStart ? min(time, order) : order
    var (context, shorter, power) = (0, 0, 1)
    for lag in 0..<length {
      context = context * base + Int(past[lag * width + component])
      shorter += power
      power *= base
    }
    return (component * contexts + (hasOwnStart ? shorter : 0) + context) * base
  }

  func predict(
    _ inputs: StepInputs, past: UnsafePointer<Double>, _ room: RegressorRoom, outputs: UnsafeMutablePointer<Double>?
  ) -> Double {
    guard var target = outputs else { return stopLogit }
    let width = classes.count
    let contexts = logProbabilities.count / (width * base)
    logProbabilities.withUnsafeBufferPointer { logs in
      for component in 0..<width {
        let offset = Self.offset(
          component: component, time: inputs.time, past: past, width: width, base: base, order: order,
          hasOwnStart: hasOwnStart, contexts: contexts)
        let count = classes[component].count
        for index in 0..<count { target[index] = logs[offset + index] }
        target += count
      }
    }
    return stopLogit
  }
}
