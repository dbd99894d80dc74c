import GraphicalModel
import Lengths
import ModelCore
import Sequences

/// `automaton:n`: a probabilistic automaton of n states with known probabilities, which lie in the model's file.
package struct AutomatonFamily: KnownFamily {
  package static let name = "automaton"
  package static let leadingOption: String? = "states"
  package static let examples = ["automaton:3"]
  package static let summary =
    "a probabilistic automaton of n states, such as a hidden Markov chain; not fitted, see chainrule simulate; only /halt"

  /// n.
  let states: Int

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let states = try options.integer("states", in: 1...ProbabilisticAutomaton.mostStates) else {
      throw SpecificationError.malformed("automaton needs its number of states, as in automaton:12")
    }
    self.states = states
  }

  package func word(complete: Bool) -> String {
    complete ? modelWord(Self.name, [("states", String(states), false)], complete: true) : "\(Self.name):\(states)"
  }

  /// z(t), the state before y(t), depends on the state and the symbol before; y(t) and the stop decision on z(t).
  package func template(_ shape: OutputShape) -> DirectedTemplate {
    let state = DirectedTemplate.Node(
      "z", .random, span: shape.spanOfState, domain: .values(Size("n", states)),
      parents: [.init("z", lags: [1]), .init("y", lags: [1])])
    return DirectedTemplate([state] + shape.knownOutputs(parents: [.init("z", lags: [0])]))
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    // A product that is too large is refused when the file is read.
    let rows = states.multipliedReportingOverflow(by: shape.alphabetSize)
    return [
      "automaton.initial": states, "automaton.stop": states,
      "automaton.first": rows.overflow ? nil : rows.partialValue + 1, "automaton.next": nil,
      "automaton.probabilities": nil,
    ]
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    try AutomatonConditional(from: file, states: states, shape)
  }
}

extension ProbabilisticAutomaton {
  /// The model that the automaton is.
  /// - Parameter seed: that of the automaton, where it was drawn.
  func model(_ alphabet: Alphabet, seed: UInt64) throws -> SequenceModel {
    SequenceModel(
      specification: try ModelSpecification(
        "\(AutomatonFamily.name):\(stateCount)/\(Halting.name)", registry: .generator(AutomatonFamily.self)),
      alphabet: alphabet, conditional: AutomatonConditional(automaton: self), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: seed))
  }
}
