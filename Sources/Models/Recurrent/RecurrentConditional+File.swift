import Sequences

/// PyTorch's names, shapes and gate order, so that `torch.nn.RNN` and `torch.nn.GRU` compute the same from the file:
/// inputs are one-hot symbols, then the 16 features of the length input if there is one.
extension RecurrentConditional {
  package func write(to file: inout TensorFile) {
    let (k, g, h, m) = (shape.alphabetSize, layout.gateRows, layout.units, layout.outputs)
    let outcomes = shape.outcomes
    let values = parameters.map { Float($0) }
    let columns = k + layout.lengthRows
    // U and S stand here as a row for each input, in the file as a column.
    var inputs = [Float](repeating: 0, count: g * columns)
    for column in 0..<columns {
      for row in 0..<g { inputs[row * columns + column] = values[layout.inputWeights + column * g + row] }
    }
    let output = layout.outputWeights
    file.set("rnn.weight_ih_l0", inputs, shape: [g, columns])
    file.set("rnn.weight_hh_l0", Array(values[layout.recurrentWeights..<output]), shape: [g, h])
    file.set("rnn.bias_ih_l0", Array(values[layout.gateBias..<layout.recurrentWeights]), shape: [g])
    file.set("rnn.bias_hh_l0", [Float](repeating: 0, count: g), shape: [g])
    file.set("output.weight", Array(values[output..<(output + outcomes * h)]), shape: [outcomes, h])
    file.set("output.bias", Array(values[layout.outputBias..<(layout.outputBias + outcomes)]), shape: [outcomes])
    if m > outcomes {
      file.set("halting.weight", Array(values[(output + outcomes * h)..<layout.outputBias]), shape: [1, h])
      file.set("halting.bias", [values[layout.outputBias + outcomes]], shape: [1])
    }
  }
}

extension RecurrentConditional where Scalar == Float {
  /// - Throws: `ModelFileError`.
  package init(from file: TensorFile, _ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) throws {
    let (g, h, outcomes) = (layout.gateRows, layout.units, layout.shape.outcomes)
    let columns = layout.shape.alphabetSize + layout.lengthRows
    // The tensors' sizes are held against the file before anything is allocated by them.
    let inputs = try file.floats("rnn.weight_ih_l0", shape: [g, columns])
    let recurrent = try file.floats("rnn.weight_hh_l0", shape: [g, h])
    let bias = try file.floats("rnn.bias_ih_l0", shape: [g])
    guard try file.floats("rnn.bias_hh_l0", shape: [g]).allSatisfy({ $0 == 0 }) else {
      throw ModelFileError.inconsistent("rnn.bias_hh_l0 must be zero: cells here have one bias, rnn.bias_ih_l0")
    }
    var weights = try file.floats("output.weight", shape: [outcomes, h])
    var outputBias = try file.floats("output.bias", shape: [outcomes])
    if layout.outputs > outcomes {
      weights += try file.floats("halting.weight", shape: [1, h])
      outputBias += try file.floats("halting.bias", shape: [1])
    }
    var transposed: [Float] = []
    transposed.reserveCapacity(inputs.count)
    for column in 0..<columns {
      for row in 0..<g { transposed.append(inputs[row * columns + column]) }
    }
    self.init(layout: layout, cell: cell, parameters: transposed + bias + recurrent + weights + outputBias)
  }
}
