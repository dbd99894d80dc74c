/// The buffers of one worker, and a batch's way through the network with them, forwards and backwards. Grows to the
/// largest batch it has seen and allocates nothing after that.
final class RecurrentPass<Scalar: RecurrentScalar> {
  private let layout: RecurrentLayout
  private let cell: any RecurrentCell.Type

  /// rows × h: h(t), and h(t−1) of the same row.
  private let states = Buffer<Scalar>()
  private let previous = Buffer<Scalar>()
  private let gates = Buffer<Scalar>()
  private let auxiliary = Buffer<Scalar>()
  private let scratch = Buffer<Scalar>()
  /// rows × h: the states that the outputs see, after dropout.
  private let dropped = Buffer<Scalar>()
  /// rows × h: ∂L/∂h(t).
  private let derivatives = Buffer<Scalar>()
  /// rows × m.
  private let logits = Buffer<Scalar>()
  /// (k + 1) × g: b + U y for each y, and b alone for the first step.
  private let inputTable = Buffer<Scalar>()

  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) {
    self.layout = layout
    self.cell = cell
  }

  /// Prepares for parameters that have changed.
  func load(_ parameters: UnsafePointer<Scalar>) {
    let (k, g) = (layout.shape.alphabetSize, layout.gateRows)
    let table = inputTable.room(for: (k + 1) * g)
    for row in 0...k {
      let target = table + row * g
      target.update(from: parameters + layout.gateBias, count: g)
      if row < k { Scalar.add(g, parameters + layout.inputWeights + row * g, to: target) }
    }
  }

  /// Computes h(t) and the logits of each row.
  /// - Parameters:
  ///   - initial: h before the first step, segments × h; `nil` for zero. Receives nothing.
  ///   - dropout: a key and the probability with which a unit is hidden from the outputs.
  func forward(
    _ batch: PackedBatch, _ parameters: UnsafePointer<Scalar>, initial: UnsafePointer<Scalar>? = nil,
    dropout: (key: UInt64, probability: Double)? = nil
  ) {
    let (h, g, m, rows) = (layout.units, layout.gateRows, layout.outputs, batch.rows)
    guard rows > 0 else { return }
    let states = states.room(for: rows * h)
    let previous = previous.room(for: rows * h)
    let gates = gates.room(for: rows * g)
    _ = auxiliary.room(for: rows * h)
    _ = scratch.room(for: batch.alive[0] * g)

    let table = inputTable.base
    for row in 0..<rows {
      let symbol = Int(batch.inputs[row])
      (gates + row * g).update(from: table + (symbol < 0 ? layout.shape.alphabetSize : symbol) * g, count: g)
    }
    if layout.shape.hasLengthInput {
      let weights = parameters + layout.lengthWeights
      for row in 0..<rows {
        LengthFeatures.forEach(of: batch.lengths[row]) { knot, share in
          Scalar.add(g, Scalar(share), times: weights + knot * g, to: gates + row * g)
        }
      }
    }
    for (step, alive) in batch.alive.enumerated() {
      let row = batch.rowStart[step]
      if step > 0 {
        (previous + row * h).update(from: states + batch.rowStart[step - 1] * h, count: alive * h)
      } else if let initial {
        previous.update(from: initial, count: alive * h)
      } else {
        previous.update(repeating: 0, count: alive * h)
      }
      cell.forward(self.step(batch, step, parameters, startsFromZero: initial == nil))
    }

    var visible = UnsafePointer(states)
    if let dropout, dropout.probability > 0 {
      let target = dropped.room(for: rows * h)
      Scalar.dropout(rows * h, key: dropout.key, drop: dropout.probability, states, into: target)
      visible = UnsafePointer(target)
    }
    let logits = logits.room(for: rows * m)
    for row in 0..<rows { (logits + row * m).update(from: parameters + layout.outputBias, count: m) }
    Scalar.multiply(  // o(t) = c + V h(t)
      rows: rows, columns: m, inner: h, visible, strideA: h, transposedA: false, parameters + layout.outputWeights,
      strideB: h, transposedB: true, beta: 1, logits, strideC: m)
  }

  /// After `forward`: log P of each row's target, and log s and log(1 − s) of its stop decision, in nats.
  func logProbabilities(_ batch: PackedBatch, _ result: inout RowLogProbabilities) {
    result.resize(batch.rows)
    guard batch.rows > 0 else { return }
    Scalar.logProbabilities(
      rows: batch.rows, columns: layout.outputs, outcomes: layout.shape.outcomes, stopColumn: layout.stopColumn,
      logits: logits.base, targets: batch.targets, target: &result.target, stop: &result.stop, goOn: &result.goOn)
  }

  /// After `forward` from a zero state, and in place of `logProbabilities`: the batch's log-likelihood in nats; the
  /// gradient of its negative is added to `gradient`, which is laid out like the parameters.
  func backward(
    _ batch: PackedBatch, _ parameters: UnsafePointer<Scalar>, dropout: (key: UInt64, probability: Double)? = nil,
    addingTo gradient: UnsafeMutablePointer<Scalar>
  ) -> Double {
    let (h, g, m, rows) = (layout.units, layout.gateRows, layout.outputs, batch.rows)
    guard rows > 0 else { return 0 }
    let isDropping = (dropout?.probability ?? 0) > 0
    let visible = isDropping ? dropped.base : states.base
    let logits = logits.base

    // ∂L/∂o(t) = ŷ(t) − 1[y(t)]                                        (10.18)
    let logLikelihood = Scalar.lossGradient(
      rows: rows, columns: m, outcomes: layout.shape.outcomes, logits: logits, targets: batch.targets)
    // ∂L/∂c = Σ ∂L/∂o(t),  ∂L/∂V = Σ ∂L/∂o(t) h(t)ᵀ                      (10.22, 10.24)
    Scalar.addColumns(rows: rows, columns: m, logits, to: gradient + layout.outputBias)
    Scalar.multiply(
      rows: m, columns: h, inner: rows, logits, strideA: m, transposedA: true, visible, strideB: h,
      transposedB: false, beta: 1, gradient + layout.outputWeights, strideC: h)
    // ∂L/∂h(t) = Vᵀ ∂L/∂o(t) + what comes back from t + 1               (10.19, 10.20)
    let derivatives = derivatives.room(for: rows * h)
    Scalar.multiply(
      rows: rows, columns: h, inner: m, logits, strideA: m, transposedA: false, parameters + layout.outputWeights,
      strideB: h, transposedB: false, beta: 0, derivatives, strideC: h)
    if isDropping, let dropout {
      Scalar.dropout(rows * h, key: dropout.key, drop: dropout.probability, derivatives, into: derivatives)
    }
    for step in batch.alive.indices.reversed() {
      let d = derivatives + batch.rowStart[step] * h
      cell.backward(self.step(batch, step, parameters, startsFromZero: true), d: d)
      if step > 0 {
        Scalar.add(batch.alive[step] * h, d, to: derivatives + batch.rowStart[step - 1] * h)
      }
    }
    // The rows whose h(t−1) is zero add nothing to ∂L/∂W.
    let first = batch.alive[0]
    if rows > first {
      cell.addWeightGradient(
        rows: rows - first, units: h, gates: gates.base + first * g, auxiliary: auxiliary.base + first * h,
        previous: previous.base + first * h, to: gradient + layout.recurrentWeights)
    }
    addInputGradient(batch, to: gradient)
    return logLikelihood
  }

  /// ∂L/∂b = Σ ∂L/∂a(t);  ∂L/∂U = Σ ∂L/∂a(t) x(t)ᵀ, x being one-hot           (10.22, 10.28)
  private func addInputGradient(_ batch: PackedBatch, to gradient: UnsafeMutablePointer<Scalar>) {
    let g = layout.gateRows
    let gates = gates.base
    Scalar.addColumns(rows: batch.rows, columns: g, gates, to: gradient + layout.gateBias)
    for row in 0..<batch.rows where batch.inputs[row] >= 0 {
      Scalar.add(g, gates + row * g, to: gradient + layout.inputWeights + Int(batch.inputs[row]) * g)
    }
    guard layout.shape.hasLengthInput else { return }
    let weights = gradient + layout.lengthWeights
    for row in 0..<batch.rows {
      LengthFeatures.forEach(of: batch.lengths[row]) { knot, share in
        Scalar.add(g, Scalar(share), times: gates + row * g, to: weights + knot * g)
      }
    }
  }

  /// h after the last step of each segment, segments × h.
  func copyFinalStates(_ batch: PackedBatch, to target: UnsafeMutablePointer<Scalar>) {
    let h = layout.units
    for (index, segment) in batch.segments.enumerated() {
      let row = batch.rowStart[segment.steps.count - 1] + index
      (target + index * h).update(from: states.base + row * h, count: h)
    }
  }

  private func step(
    _ batch: PackedBatch, _ step: Int, _ parameters: UnsafePointer<Scalar>, startsFromZero: Bool
  ) -> CellStep<Scalar> {
    let row = batch.rowStart[step]
    return CellStep(
      rows: batch.alive[step], units: layout.units, weights: parameters + layout.recurrentWeights,
      gates: gates.base + row * layout.gateRows, auxiliary: auxiliary.base + row * layout.units,
      scratch: scratch.base, previous: previous.base + row * layout.units,
      previousIsZero: startsFromZero && step == 0, state: states.base + row * layout.units)
  }
}
