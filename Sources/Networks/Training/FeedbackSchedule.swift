import Foundation
import ModelCore
import Probability

/// What a network is fed while it is trained: the true past (teacher forcing, which maximises the likelihood), or some
/// elements of its own drawing. The likelihood that is reported is always the teacher-forced one.
package enum FeedbackSchedule: Sendable, Hashable {
  case teacher
  /// Each element that is fed back is the true one with probability ε, else the model's own draw; ε falls from 1 to 0
  /// along a curve over the training (scheduled sampling: Bengio, Vinyals, Jaitly and Shazeer 2015).
  case scheduled(Curve)
  /// Half of the sequences have a stretch of n steps, beginning anywhere, in which the model's own draws are fed back
  /// and the true elements are to be predicted.
  case free(Int)

  package enum Curve: String, Sendable, CaseIterable {
    case linear, exponential
    case inverseSigmoid = "inverse-sigmoid"

    /// ε after a share of the training, from 0 to 1.
    package func truth(at progress: Double) -> Double {
      switch self {
      case .linear: 1 - progress
      case .exponential: pow(0.01, progress)
      case .inverseSigmoid: 1 / (1 + exp(12 * (progress - 0.5)))
      }
    }
  }

  static let help =
    "regime=teacher, scheduled:linear (or exponential, inverse-sigmoid) or free:n (n steps of its own output fed back)"

  init(_ text: String, owner: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("teacher", 1): self = .teacher
    case ("scheduled", 2):
      guard let curve = Curve(rawValue: parts[1]) else {
        throw SpecificationError.unknown(
          what: "\(owner): curve of scheduled sampling", word: parts[1], known: Curve.allCases.map(\.rawValue))
      }
      self = .scheduled(curve)
    case ("free", 2):
      guard let steps = Int(parts[1]), (1...100_000).contains(steps) else {
        throw SpecificationError.malformed("\(owner): regime=\(text) needs a number of steps, as in free:3")
      }
      self = .free(steps)
    case ("scheduled", _), ("free", _):
      throw SpecificationError.malformed("\(owner): regime=\(text) is not complete; it takes \(Self.help)")
    default:
      throw SpecificationError.unknown(
        what: "\(owner): regime", word: text,
        known: ["teacher"] + Curve.allCases.map { "scheduled:\($0.rawValue)" } + ["free:3"])
    }
  }

  var word: String {
    switch self {
    case .teacher: "teacher"
    case .scheduled(let curve): "scheduled:\(curve.rawValue)"
    case .free(let steps): "free:\(steps)"
    }
  }

  /// The draws of one shard of a minibatch; `nil` under teacher forcing.
  /// - Parameter progress: the share of the training that is done.
  func draws(_ batch: PackedBatch, progress: Double, key: UInt64) -> ModelFeedback? {
    var stream = RandomStream(seed: key, purpose: "own draws")
    switch self {
    case .teacher: return nil
    case .scheduled(let curve): return ModelFeedback(stream: stream, choice: .each(1 - curve.truth(at: progress)))
    case .free(let count):
      let stretches = batch.segments.map { segment in
        let start = 1 + Int(stream.uniform() * Double(max(segment.steps.count - 1, 1)))
        return stream.uniform() < 0.5 ? start..<(start + count) : 0..<0
      }
      return ModelFeedback(stream: stream, choice: .stretches(stretches))
    }
  }
}

/// Which elements fed back are the model's own, and what they are.
struct ModelFeedback {
  enum Choice {
    /// Each with this probability.
    case each(Double)
    /// Those that come into these steps of each segment.
    case stretches([Range<Int>])
  }

  var stream: RandomStream
  let choice: Choice

  mutating func replaces(_ step: Int, of segment: Int) -> Bool {
    switch choice {
    case .each(let probability): stream.uniform() < probability
    case .stretches(let ranges): ranges[segment].contains(step)
    }
  }

  /// A draw from the softmax of the first `count` logits: of an element, given that the sequence goes on.
  mutating func draw<Scalar: RecurrentScalar>(_ logits: UnsafePointer<Scalar>, of count: Int) -> Int {
    var largest = logits[0]
    for index in 1..<max(count, 1) { largest = max(largest, logits[index]) }
    var total = 0.0
    for index in 0..<count { total += exp(Double(logits[index] - largest)) }
    return stream.index(count, total: total) { exp(Double(logits[$0] - largest)) }
  }
}
