import ModelCore

/// Where each matrix of a recurrent network stands in its one flat array of parameters. With k symbols, f features
/// (of the length, of t, and x), h units, g rows of gates (h for a tanh cell, 3h for a gated one, 4h for a long
/// short-term memory) and m outputs:
///
///     U  k × g   a row for each symbol that can come in; none without feedback
///     S  f × g   a row for each feature
///     b  g       bias of the gates                          W  g × h   recurrent
///     and for each further layer U (g × h, of the layer below), b, W
///     V  m × h   outputs                                    c  m       their bias
///
/// The outputs are the outcomes, and the halting logit as the last where the shape has a stop variable.
package struct RecurrentLayout: Sendable, Hashable {
  package let shape: OutputShape
  package let architecture: RecurrentArchitecture
  package let gateRows: Int
  /// The vectors of h numbers that a layer carries from step to step: 1, or 2 with a memory c(t).
  package let carried: Int
  /// The largest number of the length in training: beyond it the weights would be what they began with, so larger ones are
  /// seen as this one. `nil` for no such number.
  var longestLabel: Int?

  package init(shape: OutputShape, _ architecture: RecurrentArchitecture, _ cell: any RecurrentCell.Type) {
    self.shape = shape
    self.architecture = architecture
    gateRows = cell.gates * architecture.units
    carried = cell.carried
  }

  package var units: Int { architecture.units }
  package var layers: Int { architecture.layers }
  var symbolRows: Int { architecture.hasFeedback ? shape.alphabetSize : 0 }
  var lengthRows: Int { shape.lengthInput?.form.width ?? 0 }
  /// f: the length's, then t's, then x.
  var features: Int { lengthRows + architecture.time.width + shape.inputWidth }
  var outputs: Int { shape.outcomes + (shape.stop == .variable ? 1 : 0) }
  /// Where the stop decision stands among the outputs, if there is one.
  var stopColumn: Int? { shape.stop == .given ? nil : shape.alphabetSize }
  /// The numbers that a sequence carries from step to step: for each layer h(t), and c(t) where there is one.
  var stateSize: Int { layers * carried * units }

  /// U of the first layer.
  var inputWeights: Int { 0 }
  /// S.
  var featureWeights: Int { symbolRows * gateRows }
  /// b of a layer.
  func gateBias(_ layer: Int) -> Int {
    let first = featureWeights + features * gateRows
    return layer == 0 ? first : first + gateRows * (1 + units) + (layer - 1) * laterLayer + gateRows * units
  }
  /// U of a layer above the first, g × h.
  func layerWeights(_ layer: Int) -> Int { gateBias(layer) - gateRows * units }
  /// W of a layer.
  func recurrentWeights(_ layer: Int) -> Int { gateBias(layer) + gateRows }
  private var laterLayer: Int { gateRows * (2 * units + 1) }
  var outputWeights: Int { recurrentWeights(layers - 1) + gateRows * units }
  var outputBias: Int { outputWeights + outputs * units }
  package var count: Int { outputBias + outputs }

  /// The matrices by name, in their order; those of further layers carry their number, as in W1.
  package var parts: [(name: String, range: Range<Int>)] {
    var parts = [("U", inputWeights..<featureWeights), ("S", featureWeights..<gateBias(0))]
    for layer in 0..<layers {
      let number = layer == 0 ? "" : String(layer)
      let (bias, recurrent) = (gateBias(layer), recurrentWeights(layer))
      if layer > 0 { parts.append(("U" + number, layerWeights(layer)..<bias)) }
      parts.append(("b" + number, bias..<recurrent))
      parts.append(("W" + number, recurrent..<(recurrent + gateRows * units)))
    }
    parts += [("V", outputWeights..<outputBias), ("c", outputBias..<count)]
    return parts.filter { !$0.1.isEmpty }
  }

  /// Writes the f features of a step.
  func writeFeatures(_ inputs: StepInputs, to target: UnsafeMutablePointer<Float>) {
    var target = target
    if let length = shape.lengthInput {
      length.form.write(min(inputs.length ?? 0, longestLabel ?? .max), to: target)
      target += lengthRows
    }
    architecture.time.write(architecture.time.label(inputs.time), to: target)
    target += architecture.time.width
    for (index, number) in inputs.x.prefix(shape.inputWidth).enumerated() { target[index] = number }
    let missing = max(shape.inputWidth - inputs.x.count, 0)
    (target + shape.inputWidth - missing).update(repeating: 0, count: missing)
  }
}
