import Foundation
import GraphicalModel
import ModelCore
import Sequences

/// What a model says comes after a context.
public struct NextDistribution: Sendable {
  /// The elements from the beginning of the sequence on.
  public var context: [Symbol]
  /// P(symbol | context, the sequence continues), one for each symbol; zeros where it cannot continue.
  public var ifContinuing: [Double]
  /// P(the sequence ends here | context): the end symbol's or the stop variable's probability, or P(τ = n | τ ≥ n) after n
  /// elements where the length is drawn first.
  public var end: Double
  /// τ, where the symbols' probabilities are given a length.
  public var length: Int?

  /// P(the sequence continues with symbol | context); given τ, where that is known.
  public var probabilities: [Double] { length == nil ? ifContinuing.map { $0 * (1 - end) } : ifContinuing }
}

extension SequenceModel {
  /// The distribution of what follows the beginning of a sequence, by the walk that every family has; inputs x are zeros.
  /// - Parameter length: τ, for models whose elements depend on it; the most probable one that is longer than the context
  ///   if `nil`.
  /// - Throws: `SpecificationError.refused` where the sequence is over by then.
  public func next(after context: [Symbol], length: Int? = nil) throws -> NextDistribution {
    let shape = conditional.shape
    var given: Int?
    if shape.hasLengthInput {
      given = length ?? mostProbableLength(beyond: context.count)
      guard let given, given > context.count else {
        throw SpecificationError.refused(
          model: specification.shortWord,
          reason: "after \(context.count) elements of a sequence of length \(given ?? 0) nothing comes")
      }
    }
    let prediction = predict(conditional, after: context, length: given ?? context.count + 1)
    // Divided by their own sum, which has not lost digits near 0.
    let weights = prediction.elements.map { exp($0) }
    let sum = weights.reduce(0, +)
    var next = NextDistribution(
      context: context, ifContinuing: weights.map { sum > 0 ? $0 / sum : 0 }, end: exp(prediction.logStop),
      length: given)
    if let law = lengthLaw() {
      let atLeast = law.tail(beyond: context.count - 1)
      next.end = atLeast > 0 ? min(exp(law.logProbability(context.count)) / atLeast, 1) : 1
    }
    return next
  }

  private func predict<C: Conditional>(_ conditional: C, after context: [Symbol], length: Int) -> Prediction {
    var prediction = Prediction(conditional.shape)
    var walk = conditional.walk(length: length)
    for element in context { walk.advance(past: element) }
    walk.predict(into: &prediction)
    return prediction
  }

  /// The most probable length above n; `nil` where there is none.
  private func mostProbableLength(beyond n: Int) -> Int? {
    guard let law = lengthLaw() else { return nil }
    var best: (length: Int, p: Double)?
    for length in n + 1..<n + 1_000_000 {
      let p = exp(law.logProbability(length))
      if p > best?.p ?? 0 { best = (length, p) }
      if law.tail(beyond: length) <= best?.p ?? 0 { break }
    }
    return best?.length
  }
}

extension SequenceModel {
  /// Whether the next symbol depends on the last one alone, so that its distributions are a matrix.
  public var hasTransitionMatrix: Bool {
    let template = specification.template(alphabetSize: alphabet.size, inputWidth: inputWidth)
    guard let element = template["y"], element.kind == .random, element.parents.count == 1 else { return false }
    return element.parents[0].name == "y" && element.parents[0].reach == .lags([1])
  }
}
