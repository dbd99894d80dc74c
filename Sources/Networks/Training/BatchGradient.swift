import Sequences
import Support

/// The gradient of a minibatch: shards of it side by side on several threads, summed in the order of the shards.
package final class BatchGradient<Scalar: RecurrentScalar> {
  /// The gradient of the negative log-likelihood in nats, laid out like the parameters.
  package private(set) var sum: [Scalar]
  private let layout: RecurrentLayout
  private let cell: any RecurrentCell.Type
  private let threads: Int
  private var workers: [Worker] = []
  /// What the lanes carry from minibatch to minibatch, lanes × `stateSize`; empty where nothing is carried.
  var carried: [Scalar] = []

  /// Into how many shards a minibatch is cut: of at most 32 sequences, and from 32 on into two at least, for two threads.
  private static func shards(_ sequences: Int) -> Int { max((sequences + 31) / 32, min(sequences / 16, 2)) }

  /// What a minibatch is made of besides its sequences.
  package struct Conditions {
    var dropout = Dropout(key: 0, probability: 0)
    var regime = FeedbackSchedule.teacher
    /// The share of the training that is done.
    var progress = 0.0

    package init() {}
  }

  private final class Worker {
    let pass: RecurrentPass<Scalar>
    let stateSize: Int
    /// Where a shard's gradient is left that is not the minibatch's first.
    let gradient = Buffer<Scalar>()
    var nats = 0.0
    var events = 0
    /// What comes in and goes out, segments × `stateSize`, in the batch's order.
    var states: [Scalar] = []

    init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) {
      pass = RecurrentPass(layout, cell, goesBackwards: true)
      stateSize = layout.stateSize
    }

    /// - Parameters:
    ///   - areNew: whether the parameters are other ones than those of the worker's last shard.
    ///   - gradient: receives the shard's, `count` numbers.
    func run(
      _ turns: ArraySlice<Lanes.Turn>, _ batch: inout PackedBatch, _ parameters: UnsafePointer<Scalar>, areNew: Bool,
      _ conditions: Conditions, carried: UnsafeMutableBufferPointer<Scalar>,
      into gradient: UnsafeMutablePointer<Scalar>, count: Int
    ) {
      events = batch.rows
      let dropout = conditions.dropout
      let lanes = batch.origins.map { turns[turns.startIndex + $0] }
      if !carried.isEmpty, states.count < lanes.count * stateSize {
        states = Array(repeating: 0, count: lanes.count * stateSize)
      }
      let continues = lanes.contains { $0.continues }
      clear(gradient, count)
      states.withUnsafeMutableBufferPointer { states in
        if continues { gather(lanes, carried, into: states) }
        let initial = continues ? UnsafePointer(states.baseAddress) : nil
        if areNew { pass.load(parameters) }
        if var draws = conditions.regime.draws(batch, progress: conditions.progress, key: dropout.key) {
          pass.forward(&batch, parameters, initial: initial, dropout: dropout, feeding: &draws)
        } else {
          pass.forward(batch, parameters, initial: initial, dropout: dropout)
        }
        nats = -pass.backward(batch, parameters, dropout: dropout, addingTo: gradient)
        // An empty array has an address too, which must not be written to.
        if !carried.isEmpty, let states = states.baseAddress, let carried = carried.baseAddress {
          pass.copyFinalStates(batch, to: states)
          for (index, turn) in lanes.enumerated() {
            (carried + turn.lane * stateSize).update(from: states + index * stateSize, count: stateSize)
          }
        }
      }
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
    sum = Array(repeating: 0, count: layout.count)
  }

  /// Lets so many lanes carry states, zero at the beginning.
  package func carryStates(ofLanes lanes: Int) { carried = Array(repeating: 0, count: lanes * layout.stateSize) }

  /// Leaves the gradient in `sum`; returns the loss, the number of events and the gradient's norm.
  package func compute(
    _ turns: [Lanes.Turn], of set: SequenceSet, _ parameters: [Scalar], _ conditions: Conditions = Conditions()
  ) -> (nats: Double, events: Int, norm: Double) {
    let shards = Self.shards(turns.count)
    let atOnce = min(max(threads, 1), shards)
    while workers.count < atOnce { workers.append(Worker(layout, cell)) }
    if shards == 0 { clear(&sum, sum.count) }
    var nats = 0.0
    var events = 0
    let count = sum.count
    sum.withUnsafeMutableBufferPointer { sum in
      carried.withUnsafeMutableBufferPointer { carried in
        parameters.withUnsafeBufferPointer { parameters in
          guard let parameters = parameters.baseAddress, let sum = sum.baseAddress else { return }
          nonisolated(unsafe) let (whole, carried) = (sum, carried)  // each shard reads and writes its own part
          // As many shards as there are workers at a time; their sums are added to the first one's in their order.
          for first in stride(from: 0, to: shards, by: max(atOnce, 1)) {
            let group = min(atOnce, shards - first)
            forEachInParallel(group, threads: threads) { index in
              let (shard, worker) = (first + index, workers[index])
              let members = turns[(shard * turns.count / shards)..<((shard + 1) * turns.count / shards)]
              var batch = PackedBatch(members.lazy.map(\.segment), of: set, layout)
              var conditions = conditions
              conditions.dropout.key &+= UInt64(shard) &* 0x9e37_79b9_7f4a_7c15
              worker.run(
                members, &batch, parameters, areNew: first == 0, conditions, carried: carried,
                into: shard == 0 ? whole : worker.gradient.room(for: count), count: count)
            }
            for index in 0..<group {
              nats += workers[index].nats
              events += workers[index].events
              if first + index > 0 { Scalar.add(count, workers[index].gradient.base, to: sum) }
            }
          }
        }
      }
    }
    return (nats, events, Scalar.sumOfSquares(sum.count, sum).squareRoot())
  }

  /// The loss and gradient of a whole set, without dropout: for checks, and for steps on all the data.
  package func compute(_ set: SequenceSet, _ parameters: [Scalar]) -> Double {
    let turns = (0..<set.count).map {
      Lanes.Turn(
        lane: $0, segment: Segment(sequence: $0, steps: 0..<layout.shape.steps(length: set.length($0))),
        continues: false)
    }
    return compute(turns, of: set, parameters).nats
  }
}
