/// A batch's way through a network, forwards and backwards, with the buffers of one worker. Grows to the largest batch
/// it has seen and allocates nothing after that.
final class RecurrentPass<Scalar: RecurrentScalar> {
  typealias Pointer = UnsafeMutablePointer<Scalar>

  private let layout: RecurrentLayout
  private let layers: [LayerPass<Scalar>]
  /// rows × m.
  private let logits = Buffer<Scalar>()
  /// rows × f.
  private let features = Buffer<Scalar>()
  private let weights: PackedWeights<Scalar>
  /// What a product over all rows needs packed.
  private let packedRows = Buffer<Scalar>()
  /// The densities of vectors; `nil` for symbols.
  private let emission: EmissionPass<Scalar>?
  /// Whether the last batch began from zero states.
  private var startsFromZero = true

  /// - Parameter goesBackwards: whether `backward` will be called.
  init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, goesBackwards: Bool) {
    self.layout = layout
    weights = PackedWeights(layout, cell, goesBackwards: goesBackwards)
    layers = (0..<layout.layers).map { _ in LayerPass(layout, cell) }
    emission = layout.emission.map { EmissionPass(layout, $0) }
  }

  /// Prepares for parameters that have changed.
  func load(_ parameters: UnsafePointer<Scalar>) {
    weights.load(parameters)
    emission?.load(parameters)
  }

  // MARK: Forwards

  /// Computes h(t) and the logits of each row.
  /// - Parameter initial: what each segment carries from earlier steps, segments × `stateSize`; `nil` for zero.
  func forward(
    _ batch: PackedBatch, _ parameters: UnsafePointer<Scalar>, initial: UnsafePointer<Scalar>? = nil,
    dropout: Dropout? = nil
  ) {
    guard begin(batch, initial) else { return }
    run(batch, batch.alive.indices, parameters, dropout)
  }

  /// The same where the network is fed elements of its own drawing in the place of some true ones; they are left in
  /// `batch.inputs`, and through the draws no derivative goes.
  func forward(
    _ batch: inout PackedBatch, _ parameters: UnsafePointer<Scalar>, initial: UnsafePointer<Scalar>? = nil,
    dropout: Dropout? = nil, feeding draws: inout ModelFeedback
  ) {
    precondition(layout.symbolRows > 0, "nothing is fed back")
    guard begin(batch, initial) else { return }
    for step in batch.alive.indices {
      if step > 0 {
        for index in 0..<batch.alive[step] where draws.replaces(step, of: index) {
          let past = logits.base + (batch.rowStart[step - 1] + index) * layout.outputs
          batch.inputs[batch.rowStart[step] + index] = Int32(draws.draw(past, of: layout.shape.alphabetSize))
        }
      }
      run(batch, step..<(step + 1), parameters, dropout)
    }
  }

  /// Makes room; false where there is nothing to do.
  private func begin(_ batch: PackedBatch, _ initial: UnsafePointer<Scalar>?) -> Bool {
    guard batch.rows > 0 else { return false }
    startsFromZero = initial == nil
    for (number, layer) in layers.enumerated() {
      layer.begin(batch, initial: initial.map { $0 + number * layout.carried * layout.units }, stride: layout.stateSize)
    }
    _ = logits.room(for: batch.rows * layout.outputs)
    if layout.features > 0 {
      let target = features.room(for: batch.features.count)
      for index in batch.features.indices { target[index] = Scalar(batch.features[index]) }
    }
    return true
  }

  private func run(
    _ batch: PackedBatch, _ steps: Range<Int>, _ parameters: UnsafePointer<Scalar>, _ dropout: Dropout?
  ) {
    let (h, g, m) = (layout.units, layout.gateRows, layout.outputs)
    let rows = batch.rows(of: steps)
    fillInputs(batch, rows, parameters)
    for (number, layer) in layers.enumerated() {
      if number > 0 {  // b + U h(t) of the layer below
        weights.input[number - 1].multiply(
          rows.count, layers[number - 1].visible + rows.lowerBound * h, plus: parameters + layout.gateBias(number),
          plusStride: 0, into: layer.gates + rows.lowerBound * g)
      }
      layer.forward(
        batch, steps, weights.recurrent[number], startsFromZero: startsFromZero, dropout: dropout?.layer(number))
    }
    // o(t) = c + V h(t)                                                              (10.10)
    weights.output?.multiply(
      rows.count, layers[layers.count - 1].visible + rows.lowerBound * h, plus: parameters + layout.outputBias,
      plusStride: 0, into: logits.base + rows.lowerBound * m)
  }

  /// b + U x(t): the rows of U that the symbols choose, and the features' product.
  private func fillInputs(_ batch: PackedBatch, _ rows: Range<Int>, _ parameters: UnsafePointer<Scalar>) {
    let (g, f) = (layout.gateRows, layout.features)
    let gates = layers[0].gates + rows.lowerBound * g
    batch.inputs.withUnsafeBufferPointer { inputs in
      Scalar.inputRows(
        rows: rows.count, columns: g, bias: parameters + layout.gateBias(0), table: parameters + layout.inputWeights,
        choice: inputs.baseAddress.map { $0 + rows.lowerBound }, into: gates)
    }
    weights.features?.multiply(rows.count, features.base + rows.lowerBound * f, plus: gates, plusStride: g, into: gates)
  }

  /// After `forward`: log P of each row's target, and log s and log(1 − s) of its stop decision, in nats.
  func logProbabilities(_ batch: PackedBatch, _ result: inout RowLogProbabilities) {
    result.resize(batch.rows)
    guard batch.rows > 0 else { return }
    if let emission { return emission.logProbabilities(batch, logits.base, &result) }
    Scalar.logProbabilities(
      rows: batch.rows, columns: layout.outputs, outcomes: layout.shape.outcomes, stopColumn: layout.stopColumn,
      logits: logits.base, targets: batch.targets, target: &result.target, stop: &result.stop,
      continuing: &result.continuing)
  }

  /// What each segment carries after its last step, segments × `stateSize`.
  func copyFinalStates(_ batch: PackedBatch, to target: Pointer) {
    for (number, layer) in layers.enumerated() {
      layer.copyFinalStates(batch, to: target + number * layout.carried * layout.units, stride: layout.stateSize)
    }
  }

  // MARK: Backwards

  /// After `forward`, and in place of `logProbabilities`: the batch's log-likelihood in nats; the gradient of its
  /// negative is added to `gradient`, which is laid out like the parameters. Nothing goes back into `initial`: that is
  /// where back-propagation through time is truncated.
  /// - Parameters:
  ///   - isCounted: the rows whose loss counts; `nil` for all.
  ///   - observe: is shown ∂L/∂h(t) of each step of each layer, the highest first and the last step first: a row for
  ///     each segment alive.
  func backward(
    _ batch: PackedBatch, _ parameters: UnsafePointer<Scalar>, dropout: Dropout? = nil, addingTo gradient: Pointer,
    isCounted: ((_ row: Int) -> Bool)? = nil,
    observe: ((_ layer: Int, _ step: Int, _ derivatives: UnsafePointer<Scalar>) -> Void)? = nil
  ) -> Double {
    let (g, m, rows) = (layout.gateRows, layout.outputs, batch.rows)
    guard rows > 0 else { return 0 }
    let logits = logits.base
    let top = layers[layers.count - 1]

    // ∂L/∂o(t) = ŷ(t) − 1[y(t)]                                        (10.18)
    let logLikelihood: Double
    if let emission {
      logLikelihood = emission.lossGradient(batch, logits, addingTo: gradient, isCounted: isCounted)
    } else {
      logLikelihood = Scalar.lossGradient(
        rows: rows, columns: m, outcomes: layout.shape.outcomes, logits: logits, targets: batch.targets)
      if let isCounted {
        for row in 0..<rows where !isCounted(row) { clear(logits + row * m, m) }
      }
    }
    // ∂L/∂c = Σ ∂L/∂o(t),  ∂L/∂V = Σ ∂L/∂o(t) h(t)ᵀ                      (10.22, 10.24)
    Scalar.addColumns(rows: rows, columns: m, logits, to: gradient + layout.outputBias)
    addProduct(rows, logits, m, top.visible, to: gradient + layout.outputWeights)
    // ∂L/∂h(t) = Vᵀ ∂L/∂o(t) + what comes back from t + 1               (10.19, 10.20)
    top.beginBackward(batch)
    weights.output?.multiplyTransposed(rows, logits, stride: m, plus: nil, into: top.derivatives)
    for (number, layer) in layers.enumerated().reversed() {
      layer.backward(
        batch, weights.recurrent[number], startsFromZero: startsFromZero,
        dropout: dropout?.layer(number), addingTo: gradient + layout.recurrentWeights(number),
        observe: observe.map { observe in { observe(number, $0, $1) } })
      // ∂L/∂b = Σ ∂L/∂a(t)                                                          (10.22)
      Scalar.addColumns(rows: rows, columns: g, layer.gates, to: gradient + layout.gateBias(number))
      guard number > 0 else { break }
      // The layer below is this one's input: ∂L/∂U = Σ ∂L/∂a(t) h(t)ᵀ, and Uᵀ ∂L/∂a(t) goes down.
      let below = layers[number - 1]
      addProduct(rows, layer.gates, g, below.visible, to: gradient + layout.layerWeights(number))
      below.beginBackward(batch)
      weights.input[number - 1].multiplyTransposed(rows, layer.gates, stride: g, plus: nil, into: below.derivatives)
    }
    addInputGradient(batch, to: gradient)
    return logLikelihood
  }

  /// gradient (columns × h) += aᵀ · states, a being rows × columns.
  private func addProduct(
    _ rows: Int, _ a: UnsafePointer<Scalar>, _ columns: Int, _ states: UnsafePointer<Scalar>, to gradient: Pointer
  ) {
    let h = layout.units
    let packed = packedRows.room(for: Scalar.packedCount(inner: rows, columns: h))
    Scalar.pack(inner: rows, columns: h, states, innerStride: h, columnStride: 1, of: rows, into: packed)
    Scalar.addOuterProducts(rows: rows, a, n: columns, stride: columns, packed, columns: h, to: gradient)
  }

  /// ∂L/∂U = Σ ∂L/∂a(t) x(t)ᵀ, x being one-hot for symbols                                (10.28)
  private func addInputGradient(_ batch: PackedBatch, to gradient: Pointer) {
    let (g, f) = (layout.gateRows, layout.features)
    let gates = layers[0].gates
    for row in 0..<batch.rows where batch.inputs[row] >= 0 {
      Scalar.add(g, gates + row * g, to: gradient + layout.inputWeights + Int(batch.inputs[row]) * g)
    }
    guard f > 0 else { return }
    let packed = packedRows.room(for: Scalar.packedCount(inner: batch.rows, columns: g))
    Scalar.pack(inner: batch.rows, columns: g, gates, innerStride: g, columnStride: 1, of: batch.rows, into: packed)
    Scalar.addOuterProducts(
      rows: batch.rows, features.base, n: f, stride: f, packed, columns: g, to: gradient + layout.featureWeights)
  }
}
