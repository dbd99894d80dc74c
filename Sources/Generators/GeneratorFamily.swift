import GraphicalModel
import ModelCore
import Sequences

/// A generator as a family of models: its word says everything, so that its file holds no tensors and nothing is fitted.
package struct GeneratorFamily<Process: Generator>: KnownFamily {
  package static var name: String { Process.name }
  package static var leadingOption: String? { Process.leadingOption }
  package static var examples: [String] { Process.examples }
  package static var summary: String { "\(Process.summary); not fitted, see chainrule simulate; only /halt" }

  let generator: Process

  package init(generator: Process) { self.generator = generator }

  package init(_ options: inout ModelOptions, registry: Registry) throws { generator = try Process(&options) }

  package func word(complete: Bool) -> String { modelWord(Self.name, generator.options, complete: complete) }

  package func template(_ shape: OutputShape) -> DirectedTemplate {
    let clock = generator.parents.contains(OutputShape.clockParent) ? [shape.clockNode(.each, features: 1)] : []
    return DirectedTemplate(clock + shape.knownOutputs(parents: generator.parents))
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] { [:] }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    let size = try generator.alphabet().size
    guard size == shape.alphabetSize else {
      throw ModelFileError.inconsistent(
        "\(word(complete: false)) has \(size) symbols, and chainrule.alphabet has \(shape.alphabetSize)")
    }
    return GeneratorConditional(generator: generator, shape: shape)
  }
}

extension OutputShape {
  /// y(t) and e(t) with numbers that are known: none of them is a free parameter.
  func knownOutputs(parents: [DirectedTemplate.Parent]) -> [DirectedTemplate.Node] {
    outputNodes(parents: parents, isTable: true).map { node in
      var known = node
      known.conditional = .none
      return known
    }
  }
}
