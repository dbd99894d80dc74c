import Foundation
import ModelCore
import Sequences

/// An upper bound on the probability of any continuation from a state, its end included: for a homogeneous process of any
/// length.
struct BestEnds {
  let logMost: [Double]

  /// max(P(stop | s), most(s)), by iteration of the max-product step until nothing changes. O(longest best way · step).
  init(_ process: any FiniteStateProcess) {
    let step = StepInputs(time: 0)
    let stop = (0..<process.stateCount).map { process.stopProbability($0, step) }
    var most = stop
    var isSettled = false
    for _ in 0..<100_000 {
      isSettled = true
      for (state, best) in process.bestContinuation(most, step).enumerated() {
        // Roundings must not go round for ever.
        if best > max(most[state], stop[state]) * (1 + 1e-14) {
          most[state] = best
          isSettled = false
        }
      }
      if isSettled { break }
    }
    logMost = isSettled ? most.map { log($0) + 1e-11 } : Array(repeating: 0, count: most.count)
  }
}

/// The same for a given length: for each time from a first one on.
struct BestBridges {
  let logMost: [[Double]]

  /// Numbers in the table, one a state and time.
  private static let mostNumbers = 1 << 27

  /// The longest length that a table is made for.
  static func longest(_ process: any FiniteStateProcess) -> Int { mostNumbers / max(process.stateCount, 1) - 1 }

  init(_ process: any FiniteStateProcess, length: Int, from first: Int, _ inputs: (Int) -> StepInputs) {
    let end = inputs(length)
    var last = (0..<process.stateCount).map {
      process.shape.decidesEnd ? process.stopProbability($0, end) : 1
    }
    // Each row divided by its largest number, whose logarithms are added up.
    var shift = 0.0
    var rows: [[Double]] = [last.map { log($0) + 1e-11 }]
    for time in stride(from: length - 1, through: first, by: -1) {
      last = process.bestContinuation(last, inputs(time))
      let largest = last.max() ?? 0
      if largest > 0 {
        shift += log(largest)
        for state in last.indices { last[state] /= largest }
      }
      rows.append(last.map { log($0) + shift + 1e-11 })
    }
    logMost = rows.reversed()
  }
}

extension SequenceModel {
  /// Whether one search finds sequences of all lengths, and not one for each length.
  func hasOneSearch(_ process: any FiniteStateProcess) -> Bool { prior == nil && process.homogeneousFrom == 0 }
}

extension BestFirstSearch {
  /// A search for sequences of any length; `nil` where none begins with the prefix.
  init?(_ model: SequenceModel, _ process: any FiniteStateProcess, _ prefix: [Symbol], above least: Double) {
    guard let states = process.states(after: prefix) else { return nil }
    let bounds = BestEnds(process)
    self.init(
      process: process, start: model.logLikelihood(ofPrefix: prefix, length: 0, nil), prefix: prefix, states: states,
      above: least, bound: { _, state in bounds.logMost[state] })
  }

  /// A search for sequences of one length, P(τ) included; `nil` where none begins with the prefix.
  init?(
    _ model: SequenceModel, _ process: any FiniteStateProcess, _ prefix: [Symbol], length: Int, above least: Double
  ) {
    let inputs: @Sendable (Int) -> StepInputs = { model.inputs(time: $0, length: length) }
    guard let states = process.states(after: prefix, inputs) else { return nil }
    let bounds = BestBridges(process, length: length, from: prefix.count, inputs)
    let start =
      (model.lengthLaw()?.logProbability(length) ?? 0) + model.logLikelihood(ofPrefix: prefix, length: length, nil)
    self.init(
      process: process, start: start, prefix: prefix, states: states, length: length, above: least, inputs: inputs,
      bound: { time, state in bounds.logMost[time - prefix.count][state] })
  }
}
