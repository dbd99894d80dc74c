import ModelCore
import Probability
import Sequences

/// A recurrent network with its parameters, of any elements: what training makes, and what the processes of symbols and of
/// vectors walk along with. In single precision as trained, in double for checks.
package struct RecurrentNetwork<Scalar: RecurrentScalar>: Sendable {
  package let layout: RecurrentLayout
  package let cell: any RecurrentCell.Type
  package let parameters: [Scalar]
  private let packed = LazyWalkingNetwork<Scalar>()

  package var shape: OutputShape { layout.shape }

  package init(layout: RecurrentLayout, cell: any RecurrentCell.Type, parameters: [Scalar]) {
    precondition(parameters.count == layout.count)
    self.layout = layout
    self.cell = cell
    self.parameters = parameters
  }

  /// Weights drawn uniformly from ±1/√h; biases zero, but for a gate that begins open.
  package init(layout: RecurrentLayout, cell: any RecurrentCell.Type, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: "weights")
    let bound = 1 / Double(layout.units).squareRoot()
    var parameters = (0..<layout.count).map { _ in Scalar((2 * stream.uniform() - 1) * bound) }
    for index in layout.outputBias..<layout.count { parameters[index] = 0 }
    for layer in 0..<layout.layers {
      let bias = layout.gateBias(layer)
      for index in 0..<layout.gateRows {
        parameters[bias + index] = index / layout.units == cell.openGate ? 1 : 0
      }
    }
    self.init(layout: layout, cell: cell, parameters: parameters)
  }

  /// The same with the emission's outputs and weights at their beginning: near the distribution of a set without its order.
  package func startingNear(_ set: VectorSequences, seed: UInt64) -> RecurrentNetwork {
    guard let emission = layout.emission, let coding = layout.coding else { return self }
    var parameters = parameters
    let (width, count) = (layout.shape.vectorWidth, Double(max(set.rows.count, 1)))
    let coded: [Double]
    if set.rows.valueKind == .categories {
      // Frequencies, as if each level had occurred half a time more.
      coded = set.levelCounts().flatMap { counts in
        counts.map { (Double($0) + 0.5) / (count + Double(counts.count) / 2) }
      }
    } else {
      var means = [Double](repeating: 0, count: width)
      for (index, value) in set.rows.values.enumerated() { means[index % width] += value / count }
      coded = means.indices.map { (means[$0] - coding.elements.means[$0]) / coding.elements.scales[$0] }
    }
    for (index, output) in emission.initialOutputs(means: coded).enumerated() {
      parameters[layout.outputBias + index] = Scalar(output)
    }
    var stream = RandomStream(seed: seed, purpose: "emission")
    for (index, weight) in emission.initialWeights(width: width, &stream).enumerated() {
      parameters[layout.emissionWeights + index] = Scalar(weight)
    }
    return replacingParameters(parameters)
  }

  func replacingParameters(_ parameters: [Scalar]) -> RecurrentNetwork {
    RecurrentNetwork(layout: layout, cell: cell, parameters: parameters)
  }

  /// The network for walking and sampling.
  var walking: InferenceNetwork<Scalar> { packed.get { InferenceNetwork(layout, cell, parameters) } }

  /// The process of its elements.
  var process: any SequenceProcess {
    layout.emission == nil ? RecurrentConditional(self) : RecurrentVectorProcess(self)
  }
}
