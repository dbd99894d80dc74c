import Sequences

/// The gradient of a minibatch: shards of it side by side on several threads, summed in the order of the shards.
package final class BatchGradient<Scalar: RecurrentScalar> {
  /// The gradient of the negative log-likelihood in nats, laid out like the parameters.
  package private(set) var sum: [Scalar]
  private let layout: RecurrentLayout
  private let cell: any RecurrentCell.Type
  private let threads: Int
  private var workers: [Worker] = []

  /// Sequences in a shard: few enough for two shards in a usual minibatch, enough for fast products.
  private static var shardSize: Int { 32 }

  private final class Worker {
    let pass: RecurrentPass<Scalar>
    var gradient: [Scalar]
    var nats = 0.0
    var events = 0

    init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) {
      pass = RecurrentPass(layout, cell)
      gradient = Array(repeating: 0, count: layout.count)
    }

    func run(
      _ batch: PackedBatch, _ parameters: UnsafePointer<Scalar>, dropout: (key: UInt64, probability: Double)
    ) {
      events = batch.rows
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let base = gradient.baseAddress else { return }
        gradient.update(repeating: 0)
        pass.load(parameters)
        pass.forward(batch, parameters, dropout: dropout)
        nats = -pass.backward(batch, parameters, dropout: dropout, addingTo: base)
      }
    }
  }

  package init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, threads: Int) {
    self.layout = layout
    self.cell = cell
    self.threads = threads
    sum = Array(repeating: 0, count: layout.count)
  }

  /// Leaves the gradient in `sum`; returns the loss, the number of events and the gradient's norm.
  func compute(
    _ segments: [Segment], of set: SequenceSet, _ parameters: [Scalar],
    lengthInput: (_ time: Int, _ length: Int) -> Int?, dropout: (key: UInt64, probability: Double)
  ) -> (nats: Double, events: Int, norm: Double) {
    let shards = (segments.count + Self.shardSize - 1) / Self.shardSize
    let atOnce = min(max(threads, 1), shards)
    while workers.count < atOnce { workers.append(Worker(layout, cell)) }
    sum.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    var nats = 0.0
    var events = 0
    // As many shards as there are workers at a time; their sums are added in the order of the shards.
    for first in stride(from: 0, to: shards, by: max(atOnce, 1)) {
      let group = min(atOnce, shards - first)
      parameters.withUnsafeBufferPointer { parameters in
        guard let parameters = parameters.baseAddress else { return }
        forEachInParallel(group, threads: threads) { index in
          let shard = first + index
          let members = segments[(shard * segments.count / shards)..<((shard + 1) * segments.count / shards)]
          let batch = PackedBatch(members, of: set, layout.shape, lengthInput: lengthInput)
          let key = dropout.key &+ UInt64(shard) &* 0x9e37_79b9_7f4a_7c15
          workers[index].run(batch, parameters, dropout: (key: key, probability: dropout.probability))
        }
      }
      for worker in workers[..<group] {
        nats += worker.nats
        events += worker.events
        Scalar.add(sum.count, worker.gradient, to: &sum)
      }
    }
    return (nats, events, Scalar.sumOfSquares(sum.count, sum).squareRoot())
  }

  /// The loss and gradient of a whole set, without dropout: for checks.
  package func compute(
    _ set: SequenceSet, _ parameters: [Scalar], lengthInput: (_ time: Int, _ length: Int) -> Int?
  ) -> Double {
    let segments = (0..<set.count).map { Segment(sequence: $0, steps: 0..<layout.shape.steps(length: set.length($0))) }
    return compute(segments, of: set, parameters, lengthInput: lengthInput, dropout: (key: 0, probability: 0)).nats
  }
}
