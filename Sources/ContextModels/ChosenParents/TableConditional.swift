import Foundation
import ModelCore
import Sequences

/// P(y(t) | parents) from a table. A context's distribution is what the smoother leaves of its counts, and for the rest
/// that of the context without its last parent; without any parent, the uniform distribution.
struct TableConditional: Conditional {
  let shape: OutputShape
  let parents: TableParents
  let counts: TableCounts
  let notes: [String]
  /// Whether contexts without the last parents count; else a context that never occurred is uniform.
  private let usesShorter: Bool
  /// What each entry keeps, the sum of those that are no end, and the weight of the shorter context.
  private let mass: [Double]
  private let elementMass: [Double]
  private let weight: [Double]
  /// The same for "stop" and "go on".
  private let stopMass: [Double]
  private let goOnMass: [Double]
  private let stopWeight: [Double]

  init(_ shape: OutputShape, _ parents: TableParents, _ counts: TableCounts, _ smoother: any Smoother) {
    self.shape = shape
    self.parents = parents
    self.counts = counts
    usesShorter = smoother.usesLowerOrders
    let estimates = counts.tree.levels.map { level in
      smoother.parameters(
        of: OrderCounts(
          counts.counts[counts.firstEntry[level.lowerBound]..<counts.firstEntry[level.upperBound]].map(Double.init)))
    }
    notes = estimates.enumerated().compactMap { depth, estimate in
      estimate.fallback.map { "contexts of \(depth) parents: \($0)" }
    }
    let nodes = counts.tree.count
    var mass = [Double](repeating: 0, count: counts.counts.count)
    var elementMass = [Double](repeating: 0, count: nodes)
    var weight = [Double](repeating: 1, count: nodes)
    var (stopMass, goOnMass, stopWeight) = (elementMass, elementMass, weight)
    // Discounts made for many outcomes mean nothing on two.
    let ofTwo: any Smoother = smoother.usesLowerOrders ? WittenBell(factor: 4) : smoother
    for (depth, level) in counts.tree.levels.enumerated() {
      for node in level {
        var statistics = ContextStatistics()
        for entry in counts.entries(of: node) { statistics.add(Double(counts.counts[entry])) }
        if statistics.total > 0 {
          let rule = smoother.rule(estimates[depth].values, statistics, outcomes: shape.outcomes)
          weight[node] = rule.weight(statistics)
          for entry in counts.entries(of: node) {
            mass[entry] = rule.mass(Double(counts.counts[entry]), statistics)
            if counts.outcomes[entry] < shape.alphabetSize { elementMass[node] += mass[entry] }
          }
        }
        if counts.decisions[node] > 0 {
          let (stops, goesOn) = (counts.stops[node], counts.decisions[node] - counts.stops[node])
          var statistics = ContextStatistics()
          for count in [stops, goesOn] where count > 0 { statistics.add(Double(count)) }
          let rule = ofTwo.rule(ofTwo.parameters(of: OrderCounts([])).values, statistics, outcomes: 2)
          stopMass[node] = rule.mass(Double(stops), statistics)
          goOnMass[node] = rule.mass(Double(goesOn), statistics)
          stopWeight[node] = rule.weight(statistics)
        }
      }
    }
    self.mass = mass
    self.elementMass = elementMass
    self.weight = weight
    self.stopMass = stopMass
    self.goOnMass = goOnMass
    self.stopWeight = stopWeight
  }

  func start(_ inputs: StepInputs) -> TableHistory { parents.start(inputs, shape) }

  func advance(_ state: inout TableHistory, past element: Symbol, _ inputs: StepInputs) {
    parents.advance(&state, past: element, inputs, shape)
  }

  /// The contexts that count here, the shortest first.
  private func contexts(_ state: TableHistory, _ inputs: StepInputs) -> [Int] {
    var nodes = [0]
    for label in parents.labels(state, inputs, shape) {
      guard let child = counts.tree.child(of: nodes[nodes.count - 1], along: label) else {
        return usesShorter ? nodes : []
      }
      nodes.append(child)
    }
    return usesShorter ? nodes : nodes.suffix(1)
  }

  func predict(_ state: TableHistory, _ inputs: StepInputs, into prediction: inout Prediction) {
    let contexts = contexts(state, inputs)
    (prediction.logStop, prediction.logContinue) = logStop(contexts)
    let outcomes = shape.outcomes
    for outcome in 0..<outcomes { prediction.logProbabilities[outcome] = 1 / Double(outcomes) }
    for node in contexts {
      for outcome in 0..<outcomes { prediction.logProbabilities[outcome] *= weight[node] }
      for entry in counts.entries(of: node) { prediction.logProbabilities[Int(counts.outcomes[entry])] += mass[entry] }
    }
    for outcome in 0..<outcomes { prediction.logProbabilities[outcome] = log(prediction.logProbabilities[outcome]) }
  }

  func logProbability(of outcome: Symbol, _ state: TableHistory, _ inputs: StepInputs) -> Double {
    log(probability(of: outcome, contexts(state, inputs)))
  }

  private func probability(of outcome: Int, _ contexts: [Int]) -> Double {
    contexts.reduce(1 / Double(shape.outcomes)) { shorter, node in
      (counts.entry(of: outcome, in: node).map { mass[$0] } ?? 0) + weight[node] * shorter
    }
  }

  func logStop(_ state: TableHistory, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    logStop(contexts(state, inputs))
  }

  private func logStop(_ contexts: [Int]) -> (stop: Double, continuing: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let k = Double(shape.alphabetSize)
      let continuing = contexts.reduce(k / (k + 1)) { elementMass[$1] + weight[$1] * $0 }
      return (log(probability(of: shape.alphabetSize, contexts)), log(continuing))
    case .variable:
      let (stop, continuing) = contexts.reduce((0.5, 0.5)) { shorter, node in
        (
          stopMass[node] + stopWeight[node] * shorter.0, goOnMass[node] + stopWeight[node] * shorter.1
        )
      }
      return (log(stop), log(continuing))
    }
  }

  /// The counts of full contexts.
  var storedParameters: Int {
    counts.leaves.reduce(0) { $0 + counts.entries(of: $1).count + (counts.decisions[$1] > 0 ? 1 : 0) }
  }

  func write(to file: inout TensorFile) { counts.write(to: &file) }
}
