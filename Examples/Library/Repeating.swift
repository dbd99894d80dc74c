import Chainrule
import Foundation

/// `repeating[:share]`, a family of one's own: with probability ρ an element is the one before again, else any of the k symbols,
/// and a sequence ends at each step with the same probability s.
///
///     P(y(t) = a | y(t−1) = b) = ρ [a = b] + (1 − ρ)/k
struct Repeating: ModelFamily {
  static let name = "repeating"
  static let leadingOption: String? = "share"
  static let examples = ["repeating", "repeating:0.25"]
  static let summary = "an element is the one before again, or any; share=ρ, or the share that does so in training"

  /// ρ; `nil` for what the training data say.
  let share: Double?

  init(_ options: inout ModelOptions, registry: Registry) throws {
    share = try options.number("share", in: 0...1)
  }

  func word(complete: Bool) -> String {
    word([("share", share.map { "\($0)" } ?? "auto", share == nil)].filter { !$0.2 }, complete: complete)
  }

  /// With a length that is drawn first nothing would be left of s.
  func refusal(_ shape: OutputShape) -> String? {
    shape.stop == .given ? "it decides at each step whether to end: use /eos or /halt" : nil
  }

  var isUnsmoothed: Bool { false }
  var usesValidation: Bool { false }

  /// Drawn, and counted, as the Markov chain of order 1 of which it is a special case.
  func template(_ shape: OutputShape) -> DirectedTemplate { shape.tableTemplate(past: .last(1)) }

  func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) throws -> any Conditional {
    let set = data.train
    var (repeats, pairs) = (0, 0)
    for index in 0..<set.count where !context.isInterrupted() {
      let sequence = Array(set[index])
      pairs += max(sequence.count - 1, 0)
      repeats += zip(sequence, sequence.dropFirst()).count { $0 == $1 }
      if index % 10_000 == 0 {
        context.progress(FittingProgress(fraction: Double(index) / Double(set.count), text: "counting repetitions"))
      }
    }
    // Add one, so that nothing is impossible.
    return RepeatingConditional(
      shape: shape, share: share ?? (Double(repeats) + 1) / (Double(pairs) + 2),
      end: (Double(set.count) + 1) / (Double(set.count + set.symbolCount) + 2))
  }

  func tensorSizes(_ shape: OutputShape) -> [String: Int?] { ["repeating.probabilities": 2] }

  func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    let numbers = try file.doubles("repeating.probabilities", count: 2)
    guard numbers.allSatisfy({ (0...1).contains($0) }) else {
      throw ModelFileError.inconsistent("repeating.probabilities holds a number that is no probability")
    }
    return RepeatingConditional(shape: shape, share: numbers[0], end: numbers[1])
  }
}

struct RepeatingConditional: Conditional {
  let shape: OutputShape
  /// ρ and s.
  let share: Double
  let end: Double

  /// The element before, if there is one.
  func start(_ inputs: StepInputs) -> Symbol? { nil }
  func advance(_ state: inout Symbol?, past element: Symbol, _ inputs: StepInputs) { state = element }

  func logStop(_ state: Symbol?, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    (log(end), log(1 - end))
  }

  /// An end symbol is an outcome beside the elements, which then have 1 − s of all.
  func logProbability(of outcome: Symbol, _ state: Symbol?, _ inputs: StepInputs) -> Double {
    if outcome == shape.alphabetSize { return log(end) }
    let uniform = 1 / Double(shape.alphabetSize)
    let probability = state.map { (outcome == $0 ? share : 0) + (1 - share) * uniform } ?? uniform
    return log(probability) + (shape.stop == .outcome ? log(1 - end) : 0)
  }

  func predict(_ state: Symbol?, _ inputs: StepInputs, into prediction: inout Prediction) {
    for outcome in 0..<shape.outcomes {
      prediction.logProbabilities[outcome] = logProbability(of: outcome, state, inputs)
    }
    (prediction.logStop, prediction.logContinue) = logStop(state, inputs)
  }

  var storedParameters: Int { 2 }
  var notes: [String] { [] }
  func write(to file: inout TensorFile) { file.set("repeating.probabilities", [share, end], shape: [2]) }
}
