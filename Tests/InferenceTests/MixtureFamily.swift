import Foundation
import GraphicalModel
import Models
import Sequences

/// `mixture(a;b;…)`: at each step the mean of the components' distributions, of the elements and of the end. For tests of what
/// nests.
struct MixtureFamily: ModelFamily {
  static let name = "mixture"
  static let leadingOption: String? = nil
  static let examples = ["mixture(markov:1;rnn:hidden=2,epochs=2)"]
  static let summary = "for tests"

  let components: [any ModelFamily]

  init(_ options: inout ModelOptions, registry: Registry) throws {
    components = try options.families(registry: registry)
    guard components.count > 1 else {
      throw SpecificationError.malformed("mixture needs models in brackets, as in mixture(markov:5;gru:64)")
    }
  }

  func word(complete: Bool) -> String { word(of: components, [], complete: complete) }

  var isUnsmoothed: Bool { components.allSatisfy(\.isUnsmoothed) }
  var usesValidation: Bool { components.contains(where: \.usesValidation) }
  var fittingRefusal: String? { components.lazy.compactMap(\.fittingRefusal).first }
  func refusal(_ shape: OutputShape) -> String? { components.lazy.compactMap { $0.refusal(shape) }.first }

  /// The first component's: a node has one conditional.
  func template(_ shape: OutputShape) -> DirectedTemplate { components[0].template(shape) }

  func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any Conditional {
    MixtureConditional(shape: shape, components: try components.map { try $0.fit(data, shape, context.ofComponent) })
  }

  func tensorSizes(_ shape: OutputShape) -> [String: Int?] { tensorSizes(of: components, shape) }

  func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    MixtureConditional(
      shape: shape,
      components: try components.enumerated().map { try $1.conditional(from: file.scoped("\($0)."), shape) })
  }
}

private struct MixtureConditional: Conditional {
  let shape: OutputShape
  let components: [any Conditional]

  func start(_ inputs: StepInputs) -> [any ComponentWalk] { components.map { Self.start($0, inputs) } }

  private static func start(_ component: some Conditional, _ inputs: StepInputs) -> any ComponentWalk {
    StateOfOne(component: component, state: component.start(inputs))
  }

  func advance(_ state: inout [any ComponentWalk], past element: Symbol, _ inputs: StepInputs) {
    for index in state.indices { state[index].advance(past: element, inputs) }
  }

  func logStop(_ state: [any ComponentWalk], _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    let stops = state.map { $0.logStop(inputs) }
    return (logMean(stops.map(\.stop)), logMean(stops.map(\.continuing)))
  }

  /// Of an element and that the sequence continues, where that is a variable of its own.
  func logProbability(of outcome: Symbol, _ state: [any ComponentWalk], _ inputs: StepInputs) -> Double {
    guard shape.stop == .variable else { return logMean(state.map { $0.logProbability(of: outcome, inputs) }) }
    let joint = logMean(state.map { $0.logProbability(of: outcome, inputs) + $0.logStop(inputs).continuing })
    let continuing = logStop(state, inputs).continuing
    return joint == -.infinity ? joint : joint - continuing
  }

  func predict(_ state: [any ComponentWalk], _ inputs: StepInputs, into prediction: inout Prediction) {
    for outcome in 0..<shape.outcomes {
      prediction.logProbabilities[outcome] = logProbability(of: outcome, state, inputs)
    }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  var roundingError: Double { components.map(\.roundingError).max() ?? 0 }
  var storedParameters: Int { components.reduce(0) { $0 + $1.storedParameters } }
  var notes: [String] { components.flatMap(\.notes) }
  func agrees(with facts: TrainingFacts) -> Bool { components.allSatisfy { $0.agrees(with: facts) } }

  func write(to file: inout TensorFile) {
    for (number, component) in components.enumerated() {
      file.scoped("\(number).") { component.write(to: &$0) }
    }
  }
}

/// A component's walk, whatever its state is.
private protocol ComponentWalk: Sendable {
  func logStop(_ inputs: StepInputs) -> (stop: Double, continuing: Double)
  func logProbability(of outcome: Symbol, _ inputs: StepInputs) -> Double
  mutating func advance(past element: Symbol, _ inputs: StepInputs)
}

private struct StateOfOne<Component: Conditional>: ComponentWalk {
  let component: Component
  var state: Component.State

  func logStop(_ inputs: StepInputs) -> (stop: Double, continuing: Double) { component.logStop(state, inputs) }
  func logProbability(of outcome: Symbol, _ inputs: StepInputs) -> Double {
    component.logProbability(of: outcome, state, inputs)
  }
  mutating func advance(past element: Symbol, _ inputs: StepInputs) {
    component.advance(&state, past: element, inputs)
  }
}

private func logMean(_ logs: [Double]) -> Double {
  let largest = logs.max() ?? -.infinity
  if largest == -.infinity { return largest }
  return largest + log(logs.reduce(0) { $0 + exp($1 - largest) } / Double(logs.count))
}
