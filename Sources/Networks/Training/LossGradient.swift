import ModelCore
import Sequences

/// The negative log-likelihood of a part of a minibatch, in nats, and its gradient: a sum over the part's events.
///
/// Floating-point sums are rounded: the shards of a minibatch are added one by one in their order.
package struct LossGradient<Scalar: RecurrentScalar>: Summary {
  /// The gradient, laid out like the parameters.
  package internal(set) var gradient: [Scalar]
  package internal(set) var nats = 0.0
  package internal(set) var events = 0

  /// A zero loss and gradient.
  /// - Parameter count: the number of parameters.
  package init(count: Int) { gradient = Array(repeating: 0, count: count) }

  /// Adds the next shard's loss and gradient. O(parameters).
  /// - Precondition: of as many parameters.
  package mutating func add(_ next: LossGradient) {
    precondition(next.gradient.count == gradient.count, "gradients of different numbers of parameters")
    next.gradient.withUnsafeBufferPointer { next in
      gradient.withUnsafeMutableBufferPointer { sum in
        guard let next = next.baseAddress, let target = sum.baseAddress else { return }
        Scalar.add(sum.count, next, to: target)
      }
    }
    nats += next.nats
    events += next.events
  }

  package func write(to file: inout TensorFile) {
    file.set("loss.gradient", FlatArray(gradient))
    file.set("loss.nats", [nats], shape: [1])
    file.set("loss.events", counts: [events])
  }

  /// Reads what `write` has written; numbers need not be finite, as those of a training that diverges are not.
  /// - Throws: `ModelFileError`.
  package init(from file: TensorFile, count: Int) throws {
    gradient = try file.vector("loss.gradient", count: count)
    nats = try file.doubles("loss.nats", count: 1)[0]
    events = try file.counts("loss.events", count: 1)[0]
    guard events < 1 << 48 else { throw ModelFileError.inconsistent("loss.events is absurd") }
  }
}
