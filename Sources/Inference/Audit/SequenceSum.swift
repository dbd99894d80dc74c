import Foundation
import ModelCore
import Probability
import Sequences
import Support

extension AuditSubject {
  /// Σ P over all sequences, of vectors the integral: symbols by enumeration where the alphabet is small, all else by weighted
  /// draws.
  func sequenceSum() throws -> AuditLine {
    if let symbols = self as? AuditSubject<SequenceModel> { return symbols.symbolSum() }
    return weightedDraws { vectorWeight(model.process, $0) }
  }
}

extension AuditSubject<SequenceModel> {
  /// The most sequences that are enumerated.
  private static var mostEnumerated: Int { 1 << 15 }
  /// Elements of an enumerated sequence, at most.
  private static var longestEnumerated: Int { 12 }

  /// Σ P(y) over all sequences: those of at most L elements by enumeration, with what begins like one of them and is longer.
  /// Where the alphabet allows only a few elements, by weighted draws.
  fileprivate func symbolSum() -> AuditLine {
    var (longest, count, power) = (-1, 0, 1)
    while count + power <= Self.mostEnumerated, longest <= Self.longestEnumerated {
      count += power
      power *= model.alphabet.size
      longest += 1
    }
    // Of the longest ones only the beginnings count.
    longest -= 1
    return longest >= 4 ? enumeration(longest) : weightedDraws { weight(model.conditional, $0) }
  }

  private func enumeration(_ longest: Int) -> AuditLine {
    var level: [[Symbol]] = [[]]
    var shorter: [[Symbol]] = []
    for _ in 0...longest {
      shorter += level
      level = level.flatMap { sequence in (0..<model.alphabet.size).map { sequence + [$0] } }
    }
    var sum = model.walkScores(of: set(shorter), threads: options.threads).reduce(0.0) { $0 + exp(-$1.nats) }
    let tail: String
    if let law = model.lengthLaw(given: input) {
      sum += law.tail(beyond: longest)
      tail = "P(τ > \(longest))"
    } else {
      sum += level.reduce(0.0) { $0 + exp(model.logLikelihood(ofPrefix: $1, length: $1.count, input)) }
      tail = "what goes on"
    }
    return AuditLine(
      .sequences, abs(sum - 1), within: max(1e-9, 100 * model.conditional.roundingError),
      "|Σ P − 1| over all \(shorter.count) sequences of at most \(longest) elements, and \(tail)")
  }

  private func weight<C: Conditional>(_ conditional: C, _ number: Int) -> Double {
    let shape = conditional.shape
    let k = shape.alphabetSize
    let uniformShare = Self.proposalShare
    var stream = stream("weighted", number)
    let length = model.lengthLaw(given: input)?.sample(&stream) ?? 0
    let steps = min(shape.decidesEnd ? .max : length, Self.longestDrawn)
    guard steps > 0 else { return 1 }
    var prediction = Prediction(shape)
    var walk = conditional.walk(length: length, x: input)
    var log = 0.0
    while true {
      walk.predict(into: &prediction)
      if shape.decidesEnd {
        let (stop, continuing) = walk.logStop()
        let q = (1 - uniformShare) * exp(stop) / (exp(stop) + exp(continuing)) + uniformShare / 2
        if stream.uniform() < q { return exp(log + stop) / q }
        log -= Foundation.log(1 - q)
      }
      let masses = prediction.elements.map { exp($0) }
      let total = masses.reduce(0, +)
      func q(_ element: Int) -> Double {
        (total > 0 ? (1 - uniformShare) * masses[element] / total : 0) + uniformShare / Double(k)
      }
      let element = stream.index(k, total: 1, weight: q)
      log += walk.logContinuing(with: element) - Foundation.log(q(element))
      if walk.time + 1 == steps { break }
      walk.advance(past: element)
    }
    return exp(log)
  }
}

// MARK: - Weighted draws

extension AuditSubject {
  /// Elements of a weighted draw, at most.
  fileprivate static var longestDrawn: Int { 32 }
  /// Outcomes times elements of all weighted draws, at most, and how many draws there are nevertheless.
  private static var mostOutcomes: Int { 400_000_000 }
  private static var leastDraws: Int { 100 }
  /// The weight of the proposal in the mixture Q.
  fileprivate static var proposalShare: Double { 1.0 / 64 }

  /// Importance sampling from Q, a mixture of the model's step distribution (63/64) and a proposal (1/64: `AuditedModel.proposedElement`): the mean weight P/Q estimates Σ P. Sequences are followed for their first elements alone, so that weights lie
  /// between 0 and a bound.
  fileprivate func weightedDraws(_ weight: @Sendable (_ number: Int) -> Double) -> AuditLine {
    let most = Self.mostOutcomes / Self.longestDrawn / model.shape.stepSize
    let count = max(min(options.samples, max(most, Self.leastDraws)), 2)
    let weights = parallelMap(count, threads: options.threads, weight)
    // Each element has Q ≥ (1 − share) P, and so has each decision to stop.
    let factors = Self.longestDrawn * (model.shape.decidesEnd ? 2 : 1)
    let largest = pow(1 - Self.proposalShare, -Double(factors))
    return AuditLine(
      .sequences, weights: weights, atMost: largest, rounding: max(1e-9, 100 * model.process.roundingError)
    ) { "|Σ P − 1| by \(count) weighted draws of at most \(Self.longestDrawn) elements, standard error " + $0 }
  }

  /// The weight of a draw of vectors; it has the mean Σ P where draws of a step follow its density.
  private func vectorWeight<P: SequenceProcess<Element>>(_ process: P, _ number: Int) -> Double {
    let share = Self.proposalShare
    var stream = stream("weighted", number)
    let length = model.lengthLaw(given: input)?.sample(&stream) ?? 0
    let steps = min(process.shape.decidesEnd ? .max : length, Self.longestDrawn)
    guard steps > 0 else { return 1 }
    var distribution = P.Distribution(process.shape)
    var walk = process.walk(length: length, x: input)
    var log = 0.0
    while true {
      walk.predict(into: &distribution)
      let (stop, continuing) = walk.logStop()
      if process.shape.decidesEnd {
        let q = (1 - share) * exp(stop) / (exp(stop) + exp(continuing)) + share / 2
        if stream.uniform() < q { return exp(log + stop) / q }
        log -= Foundation.log(1 - q)
      }
      // Where the model ends for sure, nothing is beyond.
      if continuing == -.infinity { return 0 }
      let isProposed = stream.uniform() < share
      let drawn = distribution.draw(&stream, Truncation(), isEndForbidden: true).decision.element
      let element = isProposed ? model.proposedElement(&stream) : drawn ?? model.proposedElement(&stream)
      let own = distribution.logContinuing(with: element) - continuing + Foundation.log(1 - share)
      let other = model.logProposal(of: element) + Foundation.log(share)
      let largest = max(own, other)
      log += walk.logContinuing(with: element) - largest
      log -= Foundation.log(exp(own - largest) + exp(other - largest))
      if walk.time + 1 == steps { break }
      walk.advance(past: element)
    }
    return exp(log)
  }
}
