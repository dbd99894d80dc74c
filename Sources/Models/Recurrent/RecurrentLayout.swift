/// Where each matrix of a recurrent network stands in its one flat array of parameters. With k symbols, h units, g rows
/// of gates (h for a tanh cell, 3h for a gated one) and m outputs:
///
///     U  k × g   a row for each symbol that can come in     S  16 × g  for the length input, if there is one
///     b  g       bias of the gates                          W  g × h   recurrent
///     V  m × h   outputs                                    c  m       their bias
///
/// The outputs are the outcomes, and the halting logit as the last where the shape has a stop variable.
public struct RecurrentLayout: Sendable, Hashable {
  public let shape: OutputShape
  public let units: Int
  public let gateRows: Int

  public init(shape: OutputShape, units: Int, gates: Int) {
    self.shape = shape
    self.units = units
    gateRows = gates * units
  }

  var lengthRows: Int { shape.hasLengthInput ? LengthFeatures.count : 0 }
  var outputs: Int { shape.outcomes + (shape.stop == .variable ? 1 : 0) }
  /// Where the stop decision stands among the outputs, if there is one.
  var stopColumn: Int? { shape.stop == .given ? nil : shape.alphabetSize }

  var inputWeights: Int { 0 }
  var lengthWeights: Int { shape.alphabetSize * gateRows }
  var gateBias: Int { lengthWeights + lengthRows * gateRows }
  var recurrentWeights: Int { gateBias + gateRows }
  var outputWeights: Int { recurrentWeights + gateRows * units }
  var outputBias: Int { outputWeights + outputs * units }
  public var count: Int { outputBias + outputs }

  /// The matrices by name, for checks that name what is wrong.
  public var parts: [(name: String, range: Range<Int>)] {
    [
      ("U", inputWeights..<lengthWeights), ("S", lengthWeights..<gateBias), ("b", gateBias..<recurrentWeights),
      ("W", recurrentWeights..<outputWeights), ("V", outputWeights..<outputBias), ("c", outputBias..<count),
    ].filter { !$0.range.isEmpty }
  }
}
