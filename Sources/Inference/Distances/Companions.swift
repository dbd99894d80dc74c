import ModelCore
import Sequences

/// Another listed model beside the first: it follows the first one's symbols.
struct FollowingModel: Companion {
  let model: ListedModel
  /// The other model's symbol for each of the first one's; `nil` where it has none.
  let symbols: [Symbol?]

  var homogeneousFrom: Int { model.process.homogeneousFrom }

  func inputs(time: Int, length: Int) -> StepInputs { model.process.shape.inputs(time: time, length: length) }

  func start(_ step: StepInputs) -> Int { model.process.start(step)[0].state }

  func next(_ state: Int, by symbol: Symbol, _ step: StepInputs) -> Int? { way(state, symbol, step)?.state }

  /// P(the sequence continues with the first model's symbol | state) and the next state; `nil` where that is 0.
  func way(_ state: Int, _ symbol: Symbol, _ step: StepInputs) -> StateProbability? {
    symbols[symbol].flatMap { model.process.successors(of: state, by: $0, step).first }
  }
}

/// Nothing beside the model: what is asked of the model alone.
struct NoCompanion: Companion {
  var homogeneousFrom: Int { 0 }
  func inputs(time: Int, length: Int) -> StepInputs { StepInputs(time: time) }
  func start(_ step: StepInputs) -> Int { 0 }
  func next(_ state: Int, by symbol: Symbol, _ step: StepInputs) -> Int? { 0 }
}

/// The last m symbols beside a model: the context of a Markov model of order m. Contexts of the first m steps are shorter, with
/// start marks in front, and are told from all others.
struct LastSymbols: Companion {
  private let order: Int
  private let alphabetSize: Int
  /// The contexts that were reached, the oldest symbol first.
  private(set) var contexts: [[Symbol]] = []
  private var numbers: [[Symbol]: Int] = [:]
  /// The context that follows each by each symbol; −1 where that has not been asked for.
  private var following: [Int32] = []

  var homogeneousFrom: Int { 0 }

  init(order: Int, alphabetSize: Int) { (self.order, self.alphabetSize) = (order, alphabetSize) }

  func inputs(time: Int, length: Int) -> StepInputs { StepInputs(time: time) }

  mutating func start(_ step: StepInputs) -> Int { number([]) }

  mutating func next(_ state: Int, by symbol: Symbol, _ step: StepInputs) -> Int? {
    if order == 0 { return state }
    let known = following[state * alphabetSize + symbol]
    if known >= 0 { return Int(known) }
    let next = number(contexts[state].suffix(order - 1) + [symbol])
    following[state * alphabetSize + symbol] = Int32(truncatingIfNeeded: next)
    return next
  }

  private mutating func number(_ context: [Symbol]) -> Int {
    if let number = numbers[context] { return number }
    numbers[context] = contexts.count
    contexts.append(context)
    following += repeatElement(-1, count: alphabetSize)
    return contexts.count - 1
  }
}
