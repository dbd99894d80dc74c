import Sequences
import Support

/// The gradient of a minibatch: shards of it side by side on several threads, summed in the order of the shards.
///
/// The shards depend on the number of sequences alone, so the sum has the same bits whatever computes them.
package final class BatchGradient<Scalar: RecurrentScalar> {
  /// The loss and gradient of the last minibatch.
  private var total: LossGradient<Scalar>
  private let layout: RecurrentLayout
  private let cell: any RecurrentCell.Type
  private let threads: Int
  private var workers: [Worker] = []
  /// What the lanes carry from minibatch to minibatch, lanes × `stateSize`; empty where nothing is carried.
  var carried: [Scalar] = []

  /// The gradient of the negative log-likelihood in nats, laid out like the parameters.
  package var sum: [Scalar] { total.gradient }

  /// Into how many shards a minibatch is cut: of at most 32 sequences, and from 32 on into two at least, for two threads.
  package static func shards(_ sequences: Int) -> Int { max((sequences + 31) / 32, min(sequences / 16, 2)) }

  /// What a minibatch is made of besides its sequences.
  package struct Conditions {
    var dropout = Dropout(key: 0, probability: 0)
    var regime = FeedbackSchedule.teacher
    /// The share of the training that is done.
    var progress = 0.0
    /// How vectors are changed.
    var augmentation: Augmentation?

    package init() {}
  }

  /// What all shards of a minibatch have in common.
  private struct Minibatch<Rows: RowStorage> {
    let turns: [Lanes.Turn]
    let set: Sequences<Rows>
    let parameters: [Scalar]
    let conditions: Conditions

    /// The turns of a shard.
    func turns(of shard: Int) -> ArraySlice<Lanes.Turn> {
      let shards = BatchGradient.shards(turns.count)
      return turns[(shard * turns.count / shards)..<((shard + 1) * turns.count / shards)]
    }
  }

  private final class Worker {
    private let pass: RecurrentPass<Scalar>
    private let layout: RecurrentLayout
    private var stateSize: Int { layout.stateSize }
    /// The last shard's.
    var result: LossGradient<Scalar>
    /// What comes in and goes out, segments × `stateSize`, in the batch's order.
    private var states: [Scalar] = []

    init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) {
      pass = RecurrentPass(layout, cell, goesBackwards: true)
      self.layout = layout
      result = LossGradient(count: layout.count)
    }

    /// Leaves a shard's loss and gradient in `result`.
    /// - Parameters:
    ///   - areNew: whether the parameters are other ones than those of the worker's last shard.
    ///   - carried: what the lanes carry; those of other shards are not looked at.
    func run<Rows: RowStorage>(
      _ shard: Int, of minibatch: Minibatch<Rows>, areNew: Bool, carried: UnsafeMutableBufferPointer<Scalar>
    ) {
      let turns = minibatch.turns(of: shard)
      var batch = PackedBatch(
        turns.lazy.map(\.segment), of: minibatch.set, layout, minibatch.conditions.augmentation)
      var dropout = minibatch.conditions.dropout
      dropout.key &+= UInt64(shard) &* 0x9e37_79b9_7f4a_7c15
      let lanes = batch.origins.map { turns[turns.startIndex + $0] }
      if !carried.isEmpty, states.count < lanes.count * stateSize {
        states = Array(repeating: 0, count: lanes.count * stateSize)
      }
      let continues = lanes.contains { $0.continues }
      var nats = 0.0
      states.withUnsafeMutableBufferPointer { states in
        minibatch.parameters.withUnsafeBufferPointer { parameters in
          result.gradient.withUnsafeMutableBufferPointer { gradient in
            guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress else { return }
            clear(gradient, minibatch.parameters.count)
            if continues { gather(lanes, carried, into: states) }
            let initial = continues ? UnsafePointer(states.baseAddress) : nil
            if areNew { pass.load(parameters) }
            let conditions = minibatch.conditions
            if var draws = conditions.regime.draws(batch, progress: conditions.progress, key: dropout.key) {
              pass.forward(&batch, parameters, initial: initial, dropout: dropout, feeding: &draws)
            } else {
              pass.forward(batch, parameters, initial: initial, dropout: dropout)
            }
            nats = -pass.backward(batch, parameters, dropout: dropout, addingTo: gradient)
          }
        }
        // An empty array has an address too, which must not be written to.
        if !carried.isEmpty, let states = states.baseAddress, let carried = carried.baseAddress {
          pass.copyFinalStates(batch, to: states)
          for (index, turn) in lanes.enumerated() {
            (carried + turn.lane * stateSize).update(from: states + index * stateSize, count: stateSize)
          }
        }
      }
      (result.nats, result.events) = (nats, batch.rows)
    }

    private func gather(
      _ lanes: [Lanes.Turn], _ carried: UnsafeMutableBufferPointer<Scalar>,
      into states: UnsafeMutableBufferPointer<Scalar>
    ) {
      guard let states = states.baseAddress, let carried = carried.baseAddress else { return }
      for (index, turn) in lanes.enumerated() {
        let target = states + index * stateSize
        if turn.continues {
          target.update(from: carried + turn.lane * stateSize, count: stateSize)
        } else {
          clear(target, stateSize)
        }
      }
    }
  }

  package init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, threads: Int) {
    self.layout = layout
    self.cell = cell
    self.threads = threads
    total = LossGradient(count: layout.count)
  }

  /// Lets so many lanes carry states, zero at the beginning.
  package func carryStates(ofLanes lanes: Int) { carried = Array(repeating: 0, count: lanes * layout.stateSize) }

  /// Leaves the gradient in `sum`; returns the loss, the number of events and the gradient's norm.
  package func compute<Rows: RowStorage>(
    _ turns: [Lanes.Turn], of set: Sequences<Rows>, _ parameters: [Scalar], _ conditions: Conditions = Conditions()
  ) -> (nats: Double, events: Int, norm: Double) {
    let shards = Self.shards(turns.count)
    let minibatch = Minibatch(turns: turns, set: set, parameters: parameters, conditions: conditions)
    if shards == 0 { total = LossGradient(count: layout.count) }
    // As many shards as there are workers at a time.
    let atOnce = min(max(threads, 1), max(shards, 1))
    for first in stride(from: 0, to: shards, by: atOnce) {
      let group = min(atOnce, shards - first)
      run(first..<first + group, of: minibatch, areNew: first == 0)
      for index in 0..<group {
        if first + index == 0 { swap(&total, &workers[index].result) } else { total.add(workers[index].result) }
      }
    }
    return (total.nats, total.events, Scalar.sumOfSquares(total.gradient.count, total.gradient).squareRoot())
  }

  /// The loss and gradient of one shard of a minibatch, for another process to add. Updates the carried states of
  /// this shard's lanes only.
  package func shard<Rows: RowStorage>(
    _ shard: Int, _ turns: [Lanes.Turn], of set: Sequences<Rows>, _ parameters: [Scalar],
    _ conditions: Conditions = Conditions()
  ) -> LossGradient<Scalar> {
    let minibatch = Minibatch(turns: turns, set: set, parameters: parameters, conditions: conditions)
    run(shard..<shard + 1, of: minibatch, areNew: true)
    return workers[0].result
  }

  /// Lets a worker do each of some shards.
  private func run<Rows: RowStorage>(_ shards: Range<Int>, of minibatch: Minibatch<Rows>, areNew: Bool) {
    while workers.count < shards.count { workers.append(Worker(layout, cell)) }
    carried.withUnsafeMutableBufferPointer { carried in
      nonisolated(unsafe) let carried = carried  // each shard reads and writes its own lanes
      forEachInParallel(shards.count, threads: threads) { index in
        workers[index].run(shards.lowerBound + index, of: minibatch, areNew: areNew, carried: carried)
      }
    }
  }

  /// The loss and gradient of a whole set, without dropout: for checks, and for steps on all the data.
  package func compute<Rows: RowStorage>(
    _ set: Sequences<Rows>, _ parameters: [Scalar]
  ) -> Double {
    compute(turns(of: set), of: set, parameters).nats
  }

  /// A whole set as one minibatch.
  package func turns(of set: Sequences<some RowStorage>) -> [Lanes.Turn] {
    (0..<set.count).map {
      Lanes.Turn(
        lane: $0, segment: Segment(sequence: $0, steps: 0..<layout.shape.steps(length: set.length($0))),
        continues: false)
    }
  }
}
