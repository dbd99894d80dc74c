import Automata
import Foundation
import ModelCore
import Sequences

/// A state is what the parents can reach of the past: the last elements, as many as the largest lag, or all of fewer.
/// Histories of t elements stand behind those of t − 1, each at the number that its elements are in base k.
extension TableConditional: FiniteStateConditional {
  /// States times outcomes that are listed at most: some 200 MB of them.
  private static let mostListed = 1 << 22

  /// `nil` where k to the power of the largest lag is too large, and for tables that look at inputs x or at a length.
  package func finiteStates() -> (any FiniteStateProcess)? {
    guard !parents.readsInputs, !shape.hasLengthInput else { return nil }
    let (k, outcomes) = (shape.alphabetSize, shape.outcomes)
    let longest = parents.elementLags.max() ?? 0
    let most = Self.mostListed / outcomes
    var sizes = [1]
    for time in 0..<longest {
      guard sizes[time] <= most / k else { return nil }
      sizes.append(sizes[time] * k)
    }
    let first = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let count = first[longest + 1]
    guard count <= most else { return nil }

    var prediction = Prediction(shape)
    var (values, next): ([Double], [Int32]) = ([], [])
    var (stop, continuing): ([Double], [Double]) = ([], [])
    values.reserveCapacity(count * outcomes)
    next.reserveCapacity(count * outcomes)
    for time in 0...longest {
      let following = min(time + 1, longest)
      for place in 0..<sizes[time] {
        var history = TableHistory(time: time, elements: Array(repeating: 0, count: time))
        var rest = place
        for index in history.elements.indices.reversed() {
          history.elements[index] = Int32(truncatingIfNeeded: rest % k)
          rest /= k
        }
        predict(history, StepInputs(time: time), into: &prediction)
        for outcome in 0..<outcomes {
          values.append(exp(prediction.logProbabilities[outcome]))
          // The oldest element is forgotten where there are as many as a parent reaches.
          let successor = first[following] + (place * k + outcome) % sizes[following]
          next.append(outcome == k ? -1 : Int32(truncatingIfNeeded: successor))
        }
        if shape.stop == .variable {
          stop.append(exp(prediction.logStop))
          continuing.append(exp(prediction.logContinue))
        }
      }
    }
    return BackoffAutomaton(
      whole: shape, firstEntry: (0...count).map { $0 * outcomes },
      outcomes: (0..<count * outcomes).map { Int32(truncatingIfNeeded: $0 % outcomes) }, values: values, next: next,
      stop: stop, continuing: continuing, start: { _ in 0 })
  }
}
