import Emissions
import Foundation
import ModelCore
import Sequences

/// A table for each component over the classes of its own last k numbers: a Markov chain for each component by itself, or one
/// that looks at the lower components of the step as well.
struct TablePredictor: StepPredictor {
  let layout: TableLayout
  let classes: [ValueClasses]
  /// α of additive smoothing; `nil` for maximum likelihood.
  let added: Double?
  /// In the places that the layout gives them.
  let counts: [Int]
  /// Sequences, and decisions whether one ends.
  let stops: (ends: Int, decisions: Int)
  let endsByDecision: Bool

  /// log P(class | context), where the counts stand.
  private let logProbabilities: [Double]
  private let stopLogit: Double
  let mostRegressors = 0
  var order: Int { layout.order }

  init(
    _ layout: TableLayout, _ classes: [ValueClasses], added: Double?, counts: [Int], stops: (ends: Int, decisions: Int),
    endsByDecision: Bool
  ) {
    (self.layout, self.classes) = (layout, classes)
    (self.added, self.counts, self.stops, self.endsByDecision) = (added, counts, stops, endsByDecision)
    let smoothing = added ?? 0
    var logs = [Double](repeating: -.infinity, count: counts.count)
    for (component, classes) in classes.enumerated() {
      for start in stride(
        from: layout.starts[component], to: layout.starts[component + 1], by: layout.bases[component])
      {
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
        + (classes.contains { $0.count < layout.bases[0] }
          ? ["equal values: fewer bins than requested"] : [])
    default: []
    }
  }

  func encode(_ y: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>) {
    for (component, classes) in classes.enumerated() { z[component] = Double(classes.index(y[component]) ?? 0) }
  }

  func predict(
    _ inputs: StepInputs, past: UnsafePointer<Double>, _ room: RegressorRoom, outputs: UnsafeMutablePointer<Double>?
  ) -> Double {
    guard var target = outputs else { return stopLogit }
    logProbabilities.withUnsafeBufferPointer { logs in
      for component in 0..<classes.count {
        let (count, base) = (classes[component].count, layout.bases[component])
        var offset = layout.offset(component, time: inputs.time, past: past)
        for _ in 0..<layout.lowerCombinations[component] {
          for index in 0..<count { target[index] = logs[offset + index] }
          target += count
          offset += base
        }
      }
    }
    return stopLogit
  }
}
