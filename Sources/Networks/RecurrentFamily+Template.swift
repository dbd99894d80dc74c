import GraphicalModel
import ModelCore

extension RecurrentFamily {
  /// h(t) is a function of h(t−1), y(t−1), x(t), and of the length and t where they are inputs; a further layer one of
  /// the layer below and of itself a step before; y(t) depends on the last layer alone, and so does the stop decision.
  package func template(_ shape: OutputShape) -> DirectedTemplate {
    typealias Node = DirectedTemplate.Node
    typealias Parent = DirectedTemplate.Parent
    let units = Size("h", architecture.units)
    var nodes = shape.lengthNodes()
    var inputs: [Parent] = architecture.hasFeedback ? [Parent("y", lags: [1])] : []
    if shape.inputWidth > 0 || !architecture.hasFeedback {
      nodes.append(Node("x", .input, domain: .values(Size("d", shape.inputWidth))))
      inputs.append(Parent("x", lags: [0]))
    }
    // Of vectors a network also sees whether the step is the first one.
    let marksFirst = shape.vectorWidth > 0
    if architecture.time != .none || marksFirst {
      nodes.append(
        shape.clockNode(
          architecture.time == .none ? .starts([0, 1]) : .each, features: architecture.time.width + (marksFirst ? 1 : 0)
        ))
      inputs.append(OutputShape.clockParent)
    }
    inputs += shape.lengthParents

    var top = ""
    for layer in 1...architecture.layers {
      let number = architecture.layers == 1 ? "" : String(layer)
      let state = "h" + number
      let below = layer == 1 ? inputs : [Parent(top, lags: [0])]
      let parents = below + [Parent(state, lags: [1])]
      func function(_ name: String, gates: Int, _ parents: [Parent]) -> Node {
        Node(
          name, .deterministic, span: shape.spanOfState, domain: .values(units), parents: parents,
          conditional: .affine(rows: gates * units))
      }
      if Self.cell.hasMemory {
        // c(t) = f ∘ c(t−1) + i ∘ g and h(t) = o ∘ tanh c(t): three gates and one, all of them from the same inputs.
        let memory = "c" + number
        nodes.append(
          function(memory, gates: Self.cell.gates - 1, parents + [Parent(memory, lags: [1], hasWeights: false)]))
        nodes.append(function(state, gates: 1, parents + [Parent(memory, lags: [0], hasWeights: false)]))
      } else {
        nodes.append(function(state, gates: Self.cell.gates, parents))
      }
      top = state
    }
    let parents = [Parent(top, lags: [0])]
    guard let emission = layout(shape).emission else {
      return DirectedTemplate(nodes + shape.outputNodes(parents: parents, isTable: false))
    }
    let width = shape.vectorWidth
    return DirectedTemplate(
      nodes
        + shape.vectorNodes(
          parents: parents, rows: emission.outputs(width: width), own: emission.weights(width: width),
          past: emission.pastFrames))
  }
}
