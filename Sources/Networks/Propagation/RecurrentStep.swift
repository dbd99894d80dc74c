/// One step of several sequences at once, forwards, with what each carries held by the caller: for walking and sampling.
/// What becomes of a row is the same to the bit however many there are.
struct RecurrentStep<Scalar: RecurrentScalar> {
  typealias Pointer = UnsafeMutablePointer<Scalar>

  let network: InferenceNetwork<Scalar>
  /// From one layer's states to the next one's: `stride` × `carried` × h, for at most `stride` rows. A layer's are h of
  /// all rows and, for a cell with a memory, c of all rows.
  let stride: Int

  /// The numbers of `advance`'s workspace.
  static func workspace(_ layout: RecurrentLayout, rows: Int) -> Int { rows * (layout.gateRows + layout.units) }

  /// - Parameters:
  ///   - states: what is carried, as `stride` says.
  ///   - next: receives what is carried on; another place than `states`.
  ///   - symbols: the symbol that comes into each row; negative before the first.
  ///   - features: rows × f.
  ///   - logits: rows × m, receives o(t).
  // Generic code would ask for its types' metadata in each step: one sequence at a time is drawn a sixth faster so.
  @_specialize(where Scalar == Float)
  func advance(
    rows: Int, _ states: UnsafePointer<Scalar>, into next: Pointer, symbols: UnsafePointer<Int32>,
    features: UnsafePointer<Float>, workspace gates: Pointer, logits: Pointer
  ) {
    let layout = network.layout
    let (h, g) = (layout.units, layout.gateRows)
    let parameters = network.parameters
    let auxiliary = gates + rows * g
    let memory = stride * h
    for layer in 0..<layout.layers {
      let offset = layer * layout.carried * stride * h
      if layer == 0 {
        Scalar.inputRows(
          rows: rows, columns: g, bias: parameters + layout.gateBias(0), table: parameters + layout.inputWeights,
          choice: layout.symbolRows > 0 ? symbols : nil, into: gates)
        if layout.features > 0 {
          Scalar.addFeatures(
            rows: rows, columns: g, features: layout.features, features, table: parameters + layout.featureWeights,
            to: gates)
        }
      } else {
        network.below[layer - 1].multiply(
          rows, next + offset - layout.carried * stride * h, plus: parameters + layout.gateBias(layer), plusStride: 0,
          into: gates)
      }
      network.cell.forward(
        CellStep(
          rows: rows, units: h, weights: network.recurrent[layer], gates: gates,
          auxiliary: layout.carried > 1 ? next + offset + memory : auxiliary, previous: states + offset,
          previousMemory: states + offset + (layout.carried > 1 ? memory : 0),
          previousIsZero: false, state: next + offset))
    }
    // o(t) = c + V h(t)                                                              (10.10)
    network.output.multiply(
      rows, next + (layout.layers - 1) * layout.carried * stride * h, plus: parameters + layout.outputBias,
      plusStride: 0, into: logits)
  }
}
