import Foundation
import ModelCore
import Sequences
import Support

/// A tree of contexts with a smoother's distributions: what is asked of the contexts of a history, whatever their labels
/// are. These are given from the empty one outwards, as far as they occurred.
protocol SmoothedContexts: Sendable {
  var shape: OutputShape { get }
  var counts: ContextCounts { get }
  var elements: ContextProbabilities { get }
  var stops: StopProbabilities { get }
}

extension SmoothedContexts {
  /// All outcomes' probabilities, and those of the end. O(outcomes · contexts).
  @inline(__always)
  func predict(after contexts: [Int32], into prediction: inout Prediction) {
    let uniform = -log(Double(shape.outcomes))
    for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] = uniform }
    for node in contexts.lazy.map(Int.init) {
      let weight = elements.logWeight[node]
      if weight != 0 {
        for outcome in prediction.logProbabilities.indices { prediction.logProbabilities[outcome] += weight }
      }
      for entry in counts.entries(of: node) {
        prediction.logProbabilities[Int(counts.outcomes[entry])] = elements.logProbability[entry]
      }
    }
    (prediction.logStop, prediction.logContinue) = logStop(after: contexts)
  }

  /// log P of an outcome in nats. O(contexts · log entries).
  @inline(__always)
  func logProbability(of outcome: Symbol, after contexts: [Int32]) -> Double {
    var weight = 0.0
    for node in contexts.reversed().lazy.map(Int.init) {
      if let entry = counts.rows.entry(of: node, outcome) { return weight + elements.logProbability[entry] }
      weight += elements.logWeight[node]
    }
    return weight - log(Double(shape.outcomes))
  }

  /// log P(stop) and log(1 − P(stop)) in nats.
  @inline(__always)
  func logStop(after contexts: [Int32]) -> (stop: Double, continuing: Double) {
    switch shape.stop {
    case .given: return (-.infinity, 0)
    case .outcome:
      let stop = logProbability(of: shape.alphabetSize, after: contexts)
      return (stop, logComplement(stop))
    case .variable:
      let node = Int(contexts.last ?? 0)
      return (stops.logStop[node], stops.logContinue[node])
    }
  }
}
