/// One step of several sequences at once, forwards, with what each carries held by the caller: for walking and sampling.
struct RecurrentStep<Scalar: RecurrentScalar> {
  private let layout: RecurrentLayout
  private let cell: any RecurrentCell.Type
  private let parameters: UnsafePointer<Scalar>
  private let weights: PackedNetwork<Scalar>

  init(
    _ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, _ parameters: UnsafePointer<Scalar>,
    _ weights: PackedNetwork<Scalar>
  ) {
    self.layout = layout
    self.cell = cell
    self.parameters = parameters
    self.weights = weights
  }

  /// - Parameters:
  ///   - carried: rows × `stateSize`; goes on by one step.
  ///   - symbols: the symbol that comes into each row; −1 before the first.
  ///   - features: rows × f.
  ///   - logits: rows × m, receives o(t).
  func advance(
    rows: Int, _ carried: UnsafeMutablePointer<Scalar>, symbols: UnsafePointer<Int32>,
    features: UnsafePointer<Float>, logits: UnsafeMutablePointer<Scalar>
  ) {
    let (h, g, m, size) = (layout.units, layout.gateRows, layout.outputs, layout.stateSize)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: rows * (2 * g + 5 * h)) { memory in
      guard let gates = memory.baseAddress else { return }
      let scratch = gates + rows * g
      let auxiliary = scratch + rows * g
      let (previous, previousMemory) = (auxiliary + rows * h, auxiliary + 2 * rows * h)
      let (state, below) = (auxiliary + 3 * rows * h, auxiliary + 4 * rows * h)
      for layer in 0..<layout.layers {
        for row in 0..<rows {
          (gates + row * g).update(from: parameters + layout.gateBias(layer), count: g)
        }
        if layer == 0 {
          addInputs(rows, symbols, features, to: gates)
        } else {
          weights.input[layer - 1].add(rows: rows, below, to: gates)
        }
        for row in 0..<rows {
          let source = carried + row * size + layer * layout.carried * h
          (previous + row * h).update(from: source, count: h)
          if cell.hasMemory { (previousMemory + row * h).update(from: source + h, count: h) }
        }
        cell.forward(
          CellStep(
            rows: rows, units: h, weights: weights.recurrent[layer], gates: gates, auxiliary: auxiliary,
            scratch: scratch, previous: previous, previousMemory: previousMemory, previousIsZero: false, state: state))
        for row in 0..<rows {
          let target = carried + row * size + layer * layout.carried * h
          target.update(from: state + row * h, count: h)
          if cell.hasMemory { (target + h).update(from: auxiliary + row * h, count: h) }
        }
        below.update(from: state, count: rows * h)
      }
      for row in 0..<rows { (logits + row * m).update(from: parameters + layout.outputBias, count: m) }
      weights.output?.add(rows: rows, below, to: logits)
    }
  }

  private func addInputs(
    _ rows: Int, _ symbols: UnsafePointer<Int32>, _ features: UnsafePointer<Float>,
    to gates: UnsafeMutablePointer<Scalar>
  ) {
    let (g, f) = (layout.gateRows, layout.features)
    for row in 0..<rows {
      if symbols[row] >= 0, layout.symbolRows > 0 {
        Scalar.add(g, parameters + layout.inputWeights + Int(symbols[row]) * g, to: gates + row * g)
      }
      for feature in 0..<f {
        let share = features[row * f + feature]
        if share != 0 {
          Scalar.add(g, Scalar(share), times: parameters + layout.featureWeights + feature * g, to: gates + row * g)
        }
      }
    }
  }
}
