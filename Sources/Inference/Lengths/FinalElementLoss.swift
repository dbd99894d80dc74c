import Foundation
import ModelCore
import Sequences
import Support

/// How well a model foresees the last element of a sequence, against the others: its nats given the true past and that
/// there is one more element. Where elements know of the end they may prepare for it; where they do not (`tau:input=none`)
/// sequences end abruptly, and the last one costs more.
public struct FinalElementLoss: Sendable, Hashable, Codable {
  /// Sequences that have an element.
  public let sequences: Int
  /// Mean nats of their last elements.
  public let last: Double
  /// Mean nats of all other elements.
  public let others: Double
  /// The first less the second.
  public let difference: Double
  /// Of the difference, over sequences (the two means taken for independent).
  public let standardError: Double

  /// `nil` where no sequence has two elements, or one is impossible. By the walk, O(symbols).
  public init?<Model: FittedModel>(of model: Model, on set: Sequences<Model.Rows>, threads: Int = 1) {
    let shares: [(last: Double, others: Double)] = parallelMap(set.count, threads: threads, chunk: 64) { index in
      if set.length(index) == 0 { return (0, 0) }
      let steps = model.stepScores(of: set[index], x: set.input(index))
      let first = model.prior == nil ? 0 : 1
      let elements = steps[first..<(first + set.length(index))].map(\.natsElements)
      return (elements[elements.count - 1], elements.dropLast().reduce(0, +))
    }
    let used = (0..<set.count).filter { set.length($0) > 0 }
    let count = Double(used.count)
    let rest = used.reduce(0) { $0 + set.length($1) - 1 }
    guard rest > 0, used.count > 1 else { return nil }
    let last = used.reduce(0) { $0 + shares[$1].last } / count
    let others = used.reduce(0) { $0 + shares[$1].others } / Double(rest)
    guard last.isFinite, others.isFinite else { return nil }
    // The second mean is a ratio of two sums over sequences (Cochran 1977, section 6.3).
    let ofLast = used.reduce(0) { $0 + pow(shares[$1].last - last, 2) } / (count * (count - 1))
    let ofOthers =
      used.reduce(0) { $0 + pow(shares[$1].others - others * Double(set.length($1) - 1), 2) } * count
      / ((count - 1) * Double(rest) * Double(rest))
    sequences = used.count
    self.last = last
    self.others = others
    difference = last - others
    standardError = (ofLast + ofOthers).squareRoot()
  }
}
