import Automata
import ModelCore
import Sequences

/// A model as a deterministic automaton, with the way in which its length is decided: what exact distances need. A symbol
/// leads from a state to one other, so that P(next symbol | state) is P(next symbol | past).
struct ListedModel: Sendable {
  let process: any FiniteStateProcess
  /// P(τ), where the length is drawn first.
  let law: (any LengthLaw)?

  /// Whether steps look at the length: they are then given τ.
  var readsLength: Bool { process.shape.hasLengthInput }

  /// `nil` where the states cannot be listed, where a symbol leads to several of them, and where steps look at inputs x.
  init?(_ model: SequenceModel) {
    guard model.inputWidth == 0, let process = model.finiteStates, process is BackoffAutomaton else { return nil }
    self.process = process
    law = model.lengthLaw()
  }
}

/// What runs beside a listed model and is in one state at a time: another model, or the last m symbols.
protocol Companion {
  /// The state before the first element.
  mutating func start(_ step: StepInputs) -> Int
  /// The state that follows by a symbol of the listed model; `nil` where there is none.
  mutating func next(_ state: Int, by symbol: Symbol, _ step: StepInputs) -> Int?
  /// What a step after `time` elements of a sequence of `length` is told.
  func inputs(time: Int, length: Int) -> StepInputs
  /// The t from which on a step does not depend on t.
  var homogeneousFrom: Int { get }
}

/// How much an exact computation may take: beyond it the answer is estimated by samples.
public struct ExactLimits: Sendable {
  /// Transitions that are held in memory, of 16 bytes each.
  public var transitions = 1 << 24
  /// Transitions that are followed in all steps together.
  public var work = 3_000_000_000
  /// Lengths τ of models whose steps look at it, each of which takes a forward pass.
  public var lengths = 400

  /// The default limits: some 300 MB, and some ten seconds.
  public init() {}
}
