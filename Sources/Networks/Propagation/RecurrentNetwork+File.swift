import ModelCore
import Sequences

/// PyTorch's names, shapes and gate order, so that `torch.nn.RNN`, `GRU` and `LSTM` compute the same from the file. The
/// columns of the first layer's inputs are the one-hot symbols (none without feedback), then the features: those of the
/// length input, of t, and x, as far as the model has them, and of vectors whether the step is the first one and the element before.
extension RecurrentNetwork {
  package func write(to file: inout TensorFile) {
    let (g, h, m) = (layout.gateRows, layout.units, layout.outputs)
    let outcomes = layout.elementOutputs
    let values = parameters.map { Float($0) }
    let columns = layout.symbolRows + layout.features
    // U and S stand here as a row for each input, in the file as a column.
    var inputs = [Float](repeating: 0, count: g * columns)
    for column in 0..<columns {
      for row in 0..<g { inputs[row * columns + column] = values[layout.inputWeights + column * g + row] }
    }
    for layer in 0..<layout.layers {
      let (bias, recurrent) = (layout.gateBias(layer), layout.recurrentWeights(layer))
      if layer == 0 {
        file.set("rnn.weight_ih_l0", inputs, shape: [g, columns])
      } else {
        file.set("rnn.weight_ih_l\(layer)", Array(values[layout.layerWeights(layer)..<bias]), shape: [g, h])
      }
      file.set("rnn.weight_hh_l\(layer)", Array(values[recurrent..<(recurrent + g * h)]), shape: [g, h])
      file.set("rnn.bias_ih_l\(layer)", Array(values[bias..<recurrent]), shape: [g])
      file.set("rnn.bias_hh_l\(layer)", [Float](repeating: 0, count: g), shape: [g])
    }
    let output = layout.outputWeights
    file.set("output.weight", Array(values[output..<(output + outcomes * h)]), shape: [outcomes, h])
    file.set("output.bias", Array(values[layout.outputBias..<(layout.outputBias + outcomes)]), shape: [outcomes])
    if let longest = layout.longestLabel { file.set("length.longest", counts: [longest]) }
    if m > outcomes {
      file.set("halting.weight", Array(values[(output + outcomes * h)..<layout.outputBias]), shape: [1, h])
      file.set("halting.bias", [values[layout.outputBias + outcomes]], shape: [1])
    }
    let shared = layout.emissionWeightCount
    if shared > 0 { file.set("emission.weight", Array(values[layout.emissionWeights...]), shape: [shared]) }
    if let coding = layout.coding { coding.write(to: &file) }
  }
}

extension RecurrentConditional {
  package func write(to file: inout TensorFile) { network.write(to: &file) }
}

extension RecurrentVectorProcess {
  package func write(to file: inout TensorFile) { network.write(to: &file) }
}

extension RecurrentNetwork where Scalar == Float {
  /// - Throws: `ModelFileError`.
  package init(from file: TensorFile, _ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) throws {
    let (g, h, outcomes) = (layout.gateRows, layout.units, layout.elementOutputs)
    let columns = layout.symbolRows + layout.features
    var layout = layout
    // Older files have none.
    if layout.shape.hasLengthInput, file.elementSize("length.longest") != nil {
      layout.longestLabel = try file.counts("length.longest", count: 1)[0]
    }
    // The tensors' sizes are held against the file before anything is allocated by them.
    let inputs = try file.floats("rnn.weight_ih_l0", shape: [g, columns])
    var parameters: [Float] = []
    for column in 0..<columns {
      for row in 0..<g { parameters.append(inputs[row * columns + column]) }
    }
    for layer in 0..<layout.layers {
      if layer > 0 { parameters += try file.floats("rnn.weight_ih_l\(layer)", shape: [g, h]) }
      parameters += try file.floats("rnn.bias_ih_l\(layer)", shape: [g])
      parameters += try file.floats("rnn.weight_hh_l\(layer)", shape: [g, h])
      guard try file.floats("rnn.bias_hh_l\(layer)", shape: [g]).allSatisfy({ $0 == 0 }) else {
        throw ModelFileError.inconsistent(
          "rnn.bias_hh_l\(layer) must be zero: cells here have one bias, rnn.bias_ih_l\(layer)")
      }
    }
    var weights = try file.floats("output.weight", shape: [outcomes, h])
    var outputBias = try file.floats("output.bias", shape: [outcomes])
    if layout.outputs > outcomes {
      weights += try file.floats("halting.weight", shape: [1, h])
      outputBias += try file.floats("halting.bias", shape: [1])
    }
    if layout.emissionWeightCount > 0 {
      outputBias += try file.floats("emission.weight", shape: [layout.emissionWeightCount])
    }
    if layout.emission != nil {
      layout.coding = try VectorCoding(from: file, layout.shape)
    }
    self.init(layout: layout, cell: cell, parameters: parameters + weights + outputBias)
  }
}
