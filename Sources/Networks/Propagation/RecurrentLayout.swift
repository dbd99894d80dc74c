import Emissions
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
///     E          the emission's weights, of vectors
///
/// The outputs are the outcomes, or of vectors what the emission makes a distribution of, and the halting logit as the last
/// where the shape has a stop variable. Vectors come in as features: whether the step is the first one, and the element before.
package struct RecurrentLayout: Sendable {
  package let shape: OutputShape
  package let architecture: RecurrentArchitecture
  /// The distribution of vectors; `nil` for symbols.
  package let emission: (any Emission)?
  package let gateRows: Int
  /// The vectors of h numbers that a layer carries from step to step: 1, or 2 with a memory c(t).
  package let carried: Int
  /// The largest number of the length in training: beyond it the weights would be what they began with, so larger ones are
  /// seen as this one. `nil` for no such number.
  var longestLabel: Int?
  /// How vectors become numbers that the network sees and predicts; learned on the training data. `nil` for symbols.
  package var coding: VectorCoding?
  /// The outputs that the distribution of an element is made of.
  let elementOutputs: Int
  /// The number of the emission's weights.
  let emissionWeightCount: Int

  package init(
    shape: OutputShape, _ architecture: RecurrentArchitecture, _ cell: any RecurrentCell.Type,
    emission: (any Emission)? = nil
  ) {
    self.shape = shape
    self.architecture = architecture
    self.emission = emission
    elementOutputs = emission?.outputs(width: shape.vectorWidth) ?? shape.outcomes
    emissionWeightCount = emission?.weights(width: shape.vectorWidth) ?? 0
    gateRows = cell.gates * architecture.units
    carried = cell.carried
  }

  package var units: Int { architecture.units }
  package var layers: Int { architecture.layers }
  var symbolRows: Int { architecture.hasFeedback ? shape.alphabetSize : 0 }
  var lengthRows: Int { shape.lengthInput?.form.width ?? 0 }
  /// What comes in of vectors: whether the step is the first one, and where there is feedback the element before, of categories
  /// the one-hot of all columns.
  var vectorRows: Int { emission == nil ? 0 : 1 + (architecture.hasFeedback ? shape.encodedWidth : 0) }
  /// f: the length's, then t's, then x, then those of vectors.
  var features: Int { lengthRows + architecture.time.width + shape.inputWidth + vectorRows }
  var outputs: Int { elementOutputs + (shape.stop == .variable ? 1 : 0) }
  /// Where the stop decision stands among the outputs, if there is one.
  var stopColumn: Int? {
    switch shape.stop {
    case .given: nil
    case .outcome: shape.alphabetSize
    case .variable: elementOutputs
    }
  }
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
  /// E.
  var emissionWeights: Int { outputBias + outputs }
  package var count: Int { emissionWeights + emissionWeightCount }

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
    parts += [
      ("V", outputWeights..<outputBias), ("c", outputBias..<emissionWeights), ("E", emissionWeights..<count),
    ]
    return parts.filter { !$0.1.isEmpty }
  }

  /// Writes the features of a step; those of vectors come behind them.
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

extension RecurrentLayout: Equatable {
  /// Whether networks of both have the same sizes; what was learned on data is not looked at.
  package static func == (one: RecurrentLayout, other: RecurrentLayout) -> Bool {
    one.shape == other.shape && one.architecture == other.architecture && one.gateRows == other.gateRows
      && one.carried == other.carried && one.emission?.word == other.emission?.word
  }
}
