import Chainrule
import Foundation

/// The end along a walk: who decides it.
enum WalkEnd: Sendable {
  /// The process, at each step.
  case decided
  /// It comes after so many symbols, and probabilities are given that.
  case given(length: Int)
  /// P(τ), of which the symbols know nothing: after t symbols the sequence ends with P(τ = t | τ ≥ t).
  case drawn(any LengthLaw)
}

/// A walk of a family's process.
struct ConditionalWalk<Process: Conditional>: SymbolWalk {
  private var walk: Walk<Process>
  private var prediction: Prediction
  private let end: WalkEnd
  /// The number of symbols so far.
  private var time = 0

  init(_ process: Process, _ end: WalkEnd) {
    if case .given(let length) = end { walk = process.walk(length: length) } else { walk = process.walk() }
    prediction = Prediction(process.shape)
    self.end = end
  }

  var alphabetSize: Int { walk.process.shape.alphabetSize }

  /// O(outcomes), and what the family needs for a step.
  mutating func next(into logProbabilities: UnsafeMutablePointer<Double>) {
    let k = alphabetSize
    if case .given(let length) = end, time == length {
      for symbol in 0..<k { logProbabilities[symbol] = -.infinity }
      logProbabilities[k] = 0
      return
    }
    walk.predict(into: &prediction)
    let (stop, continuing) = logStop()
    // An end symbol is an outcome beside the others: they are joint with continuing already.
    let isJoint = walk.process.shape.stop == .outcome
    for symbol in 0..<k {
      logProbabilities[symbol] = prediction.logProbabilities[symbol] + (isJoint ? 0 : continuing)
    }
    logProbabilities[k] = stop
  }

  /// log s and log(1 − s) of the step, the prediction being made.
  private func logStop() -> (stop: Double, continuing: Double) {
    switch end {
    case .decided: return (prediction.logStop, prediction.logContinue)
    case .given: return (-.infinity, 0)
    case .drawn(let law):
      // P(τ ≥ t) as their sum, so that the two add up to 1 however small it is.
      let (here, beyond) = (exp(law.logProbability(time)), law.tail(beyond: time))
      // No sequence has come so far.
      guard here + beyond > 0 else { return (0, -.infinity) }
      return (log(here / (here + beyond)), log(beyond / (here + beyond)))
    }
  }

  mutating func advance(past symbol: Symbol) throws {
    if case .given(let length) = end {
      guard time < length else { throw InterfaceError.walkIsOver(length: length) }
      // After the last symbol nothing is asked of the process, and there is no step to advance to.
      if time + 1 < length { walk.advance(past: symbol) }
    } else {
      walk.advance(past: symbol)
    }
    time += 1
  }
}

extension SequenceModel {
  /// A walk before the first symbol.
  /// - Parameter length: τ, for models that draw their length first; −1 for others, and where the symbols do not depend on it.
  /// - Throws: `InterfaceError`.
  func walkHandle(length: Int64) throws -> WalkHandle {
    guard inputWidth == 0 else { throw InterfaceError.needsInputs(specification.shortWord) }
    let end: WalkEnd
    if let law = lengthLaw() {
      if length == -1 {
        guard !shape.hasLengthInput else { throw InterfaceError.needsLength(specification.shortWord) }
        end = .drawn(law)
      } else {
        guard let length = Int32(exactly: length), length >= 0 else { throw InterfaceError.impossibleLength(length) }
        end = .given(length: Int(length))
      }
    } else {
      guard length == -1 else { throw InterfaceError.lengthIsDecided(specification.shortWord) }
      end = .decided
    }
    func walk(_ conditional: some Conditional) -> any SymbolWalk { ConditionalWalk(conditional, end) }
    return WalkHandle(walk(conditional))
  }
}
