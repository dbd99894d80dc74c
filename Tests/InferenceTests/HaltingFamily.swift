import Foundation
import GraphicalModel
import Models
import Sequences

/// A family that can do nothing but halt: each symbol has the same probability, and a half is that of the end.
struct HaltingFamily: ModelFamily {
  static let name = "halting"
  static let leadingOption: String? = nil
  static let examples = ["halting"]
  static let summary = "for tests"

  init(_ options: inout ModelOptions, registry: Registry) throws {}

  func word(complete: Bool) -> String { Self.name }
  func refusal(_ shape: OutputShape) -> String? {
    shape.stop == .variable ? nil : "it has a stop variable: use /halt"
  }
  var isUnsmoothed: Bool { false }
  var usesValidation: Bool { false }
  func template(_ shape: OutputShape) -> DirectedTemplate {
    DirectedTemplate([.init("y", .random, domain: .values(Size("k", shape.alphabetSize)))])
  }
  func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) -> any Conditional {
    HaltingConditional(shape: shape, sequences: data.train.count)
  }
  func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ["halting.sequences": 1] }
  func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    HaltingConditional(shape: shape, sequences: try file.counts("halting.sequences", count: 1)[0])
  }
}

private struct HaltingConditional: Conditional {
  let shape: OutputShape
  /// For the file alone, so that there is something in it.
  let sequences: Int

  func start(_ inputs: StepInputs) {}
  func advance(_ state: inout Void, past element: Symbol, _ inputs: StepInputs) {}
  func logStop(_ state: Void, _ inputs: StepInputs) -> (stop: Double, continuing: Double) { (log(0.5), log(0.5)) }
  func logProbability(of outcome: Symbol, _ state: Void, _ inputs: StepInputs) -> Double {
    -log(Double(shape.alphabetSize))
  }
  func predict(_ state: Void, _ inputs: StepInputs, into prediction: inout Prediction) {
    for outcome in 0..<shape.outcomes { prediction.logProbabilities[outcome] = -log(Double(shape.alphabetSize)) }
    (prediction.logStop, prediction.logContinue) = (log(0.5), log(0.5))
  }
  var storedParameters: Int { 1 }
  var notes: [String] { [] }
  func agrees(with facts: TrainingFacts) -> Bool { facts.sequences == sequences }
  func write(to file: inout TensorFile) { file.set("halting.sequences", counts: [sequences]) }
}
