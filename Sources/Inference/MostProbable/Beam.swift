import Foundation
import ModelCore
import Sequences
import Support

/// A beam search: of all beginnings of one length the most probable ones are continued by every element. What it drops has
/// a probability below a bound that is known.
struct Beam {
  private let model: SequenceModel
  private let length: Int?
  private let prefix: [Symbol]
  private let width: Int
  private let longest: Int
  private let threads: Int

  /// - Parameters:
  ///   - length: that of all sequences; any if `nil`.
  ///   - width: beginnings that are continued.
  ///   - longest: elements beyond which nothing is looked for.
  init(_ model: SequenceModel, length: Int?, _ prefix: [Symbol], width: Int, longest: Int, threads: Int) {
    self.model = model
    self.length = length
    self.prefix = prefix
    self.width = width
    self.longest = longest
    self.threads = threads
  }

  /// - Parameter start: the logarithm of what the whole begins with: that of P(τ).
  func run(_ start: Double, _ best: inout BestSequences, _ progress: (FittingProgress) -> Void) {
    run(model.conditional, start, &best, progress)
  }

  private struct Beginning<Process: Conditional> {
    var walk: Walk<Process>
    var sequence: [Symbol]
    var logProbability: Double
  }

  private func run<C: Conditional>(
    _ conditional: C, _ start: Double, _ best: inout BestSequences, _ progress: (FittingProgress) -> Void
  ) {
    let shape = conditional.shape
    var first = Beginning(
      walk: conditional.walk(length: length ?? 0), sequence: prefix,
      logProbability: start + model.logLikelihood(ofPrefix: prefix, length: length ?? 0, nil))
    for element in prefix { first.walk.advance(past: element) }
    guard first.logProbability > -.infinity, prefix.count <= longest else { return }
    var row = [first]
    for time in prefix.count...longest {
      var following = Following(width: width)
      // So many predictions at once, side by side.
      let atOnce = max(min((1 << 22) / shape.outcomes, 256), 1)
      for first in stride(from: 0, to: row.count, by: atOnce) {
        let here = row[first..<min(first + atOnce, row.count)]
        let predictions = predictions(here.map(\.walk))
        for (index, (beginning, prediction)) in zip(first..., zip(here, predictions)) {
          let stop = shape.decidesEnd ? prediction.logStop : 0
          if length == nil || time == length { best.add(beginning.sequence, beginning.logProbability + stop) }
          if time == length { continue }
          // What cannot be among the best is not continued, and is not missed either.
          let least = best.isFull ? best.least : -.infinity
          for element in 0..<shape.alphabetSize {
            let logProbability = beginning.logProbability + prediction.logContinuing(with: element)
            if logProbability > least { following.add(index, element, logProbability) }
          }
        }
        progress(
          FittingProgress(
            fraction: 0, text: "element \(time + 1): \(first + here.count) of \(row.count) beginnings"))
      }
      following.cut(to: width)
      let kept = following.entries
      if kept.isEmpty { return }
      if time == longest {
        best.miss(kept[0].logProbability)
        return
      }
      best.miss(following.dropped)
      row = kept.map { follower in
        var beginning = row[follower.from]
        beginning.walk.advance(past: follower.element)
        beginning.sequence.append(follower.element)
        beginning.logProbability = follower.logProbability
        return beginning
      }
    }
  }

  private func predictions<C: Conditional>(_ walks: [Walk<C>]) -> [Prediction] {
    var predictions = [Prediction](repeating: Prediction(model.conditional.shape), count: walks.count)
    predictions.withUnsafeMutableBufferPointer { predictions in
      nonisolated(unsafe) let predictions = predictions  // each index writes its own element
      forEachInParallel(walks.count, threads: threads) { walks[$0].predict(into: &predictions[$0]) }
    }
    return predictions
  }
}

/// The most probable continuations so far, in memory of a few times their number.
private struct Following {
  private let most: Int
  private(set) var entries: [(from: Int, element: Symbol, logProbability: Double)] = []
  /// The largest logarithm of probability that was left out.
  private(set) var dropped = -Double.infinity
  /// What has no more is left out: as many as are wanted have it.
  private var least = -Double.infinity

  init(width: Int) { most = width }

  mutating func add(_ from: Int, _ element: Symbol, _ logProbability: Double) {
    // Of equals the first ones stay.
    guard logProbability > least else {
      dropped = max(dropped, logProbability)
      return
    }
    entries.append((from, element, logProbability))
    if entries.count / 4 - 1024 >= most { cut(to: most) }
  }

  /// Leaves the most probable ones, in order.
  mutating func cut(to count: Int) {
    entries.sort { ($0.logProbability, $1.from, $1.element) > ($1.logProbability, $0.from, $0.element) }
    guard entries.count >= count, count > 0 else { return }
    if entries.count > count { dropped = max(dropped, entries[count].logProbability) }
    entries.removeLast(entries.count - count)
    least = entries[count - 1].logProbability
  }
}
