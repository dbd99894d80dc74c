import BigInt
import ModelCore
import Sequences

/// A conditional that is a table over contexts, with the outcomes' probabilities in each.
package protocol TabledConditional<Element>: Conditional {
  /// The contexts, as long as the model looks back, after which something was decided in the training data.
  var occurringContexts: Int { get }
}

extension SequenceModel {
  /// The free parameters that have a part in the likelihood of the training data: of tables, those of the contexts that
  /// occur there; of networks, all.
  package var occurringParameters: Double {
    guard let table = conditional as? any TabledConditional<Symbol> else {
      return freeParametersAsDouble
    }
    let shape = table.shape
    let prior = specification.length.prior?.freeParameters(longest: facts.longest, inputWidth: shape.inputWidth) ?? 0
    return Double(table.occurringContexts) * Double(shape.freeNumbers) + Double(prior)
  }

  private var freeParametersAsDouble: Double { parameterCount.exact.map { Double($0) } ?? .infinity }
}

extension MarkovConditional: TabledConditional {
  package var occurringContexts: Int { counts.deciding }
}

extension DeepMarkovConditional: TabledConditional {
  package var occurringContexts: Int { tree.counts.deciding }
}

extension ContextTreeConditional: TabledConditional {
  package var occurringContexts: Int { counts.deciding }
}

extension DeepContextTreeConditional: TabledConditional {
  package var occurringContexts: Int { tree.counts.deciding }
}

extension TabularConditional: TabledConditional {
  package var occurringContexts: Int {
    (0..<table.tree.count).count { node in
      if shape.hasLengthInput, node == 0 { return false }
      return shape.stop == .given ? table.visits[node] > table.ends[node] : table.visits[node] > 0
    }
  }
}

extension TableConditional: TabledConditional {
  package var occurringContexts: Int { (0..<counts.tree.count).count { counts.tree.isLeaf($0) } }
}
