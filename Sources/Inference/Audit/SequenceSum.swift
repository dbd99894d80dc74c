import Foundation
import Models
import Probability
import Sequences

extension AuditSubject {
  /// The most sequences that are enumerated.
  private static var mostEnumerated: Int { 1 << 15 }
  /// Elements of an enumerated sequence, and of a weighted draw, at most.
  private static var longestEnumerated: Int { 12 }
  private static var longestDrawn: Int { 32 }

  /// Σ P(y) over all sequences: those of at most L elements by enumeration, with what begins like one of them and is longer.
  /// Where the alphabet allows only a few elements, by weighted draws.
  func sequenceSum() -> AuditLine {
    var (longest, count, power) = (-1, 0, 1)
    while count + power <= Self.mostEnumerated, longest <= Self.longestEnumerated {
      count += power
      power *= alphabetSize
      longest += 1
    }
    // Of the longest ones only the beginnings count.
    longest -= 1
    return longest >= 4 ? enumeration(longest) : weightedDraws()
  }

  private func enumeration(_ longest: Int) -> AuditLine {
    var level: [[Symbol]] = [[]]
    var shorter: [[Symbol]] = []
    for _ in 0...longest {
      shorter += level
      level = level.flatMap { sequence in (0..<alphabetSize).map { sequence + [$0] } }
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

  // MARK: Weighted draws

  /// Draws from Q, which goes along the model's distributions with a share of the uniform one, weighted by P/Q: their mean
  /// is Σ P over what Q can reach, which is everything (importance sampling). Sequences are followed for their first
  /// elements alone, so that weights are bounded.
  private func weightedDraws() -> AuditLine {
    let count = max(options.samples, 2)
    var weights = [Double](repeating: 0, count: count)
    weights.withUnsafeMutableBufferPointer { weights in
      nonisolated(unsafe) let weights = weights  // each draw writes its own element
      forEachInParallel(count, threads: options.threads) { weights[$0] = weight(model.conditional, $0) }
    }
    let mean = weights.reduce(0, +) / Double(count)
    let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    let error = (variance / Double(count)).squareRoot()
    return AuditLine(
      .sequences, abs(mean - 1), within: max(5 * error, 1e-9, 100 * model.conditional.roundingError),
      "|Σ P − 1| by \(count) weighted draws of at most \(Self.longestDrawn) elements, standard error "
        + String(format: "%.1g", error))
  }

  private func weight<C: Conditional<Symbol>>(_ conditional: C, _ number: Int) -> Double {
    let shape = conditional.shape
    let uniformShare = 1.0 / 64
    var stream = stream("weighted", number)
    let length = model.lengthLaw(given: input)?.sample(&stream) ?? 0
    let steps = min(shape.stop == .given ? length : .max, Self.longestDrawn)
    guard steps > 0 else { return 1 }
    var prediction = Prediction(shape)
    var inputs = model.inputs(time: 0, length: length, x: input)
    var state = conditional.start(inputs)
    var log = 0.0
    for time in 0..<steps {
      conditional.predict(state, inputs, into: &prediction)
      if shape.stop == .variable {
        let (stop, goOn) = conditional.logStop(state, inputs)
        let q = (1 - uniformShare) * exp(stop) / (exp(stop) + exp(goOn)) + uniformShare / 2
        if stream.uniform() < q { return exp(log + stop) / q }
        log += goOn - Foundation.log(1 - q)
      }
      let masses = prediction.logProbabilities.map { exp($0) }
      let total = masses.reduce(0, +)
      func q(_ outcome: Int) -> Double {
        (total > 0 ? (1 - uniformShare) * masses[outcome] / total : 0) + uniformShare / Double(shape.outcomes)
      }
      var rest = stream.uniform()
      var outcome = 0
      while outcome < shape.outcomes - 1 {
        rest -= q(outcome)
        if rest < 0 { break }
        outcome += 1
      }
      log += conditional.logProbability(of: outcome, state, inputs) - Foundation.log(q(outcome))
      if outcome == shape.alphabetSize { break }
      if time + 1 < steps {
        inputs = model.inputs(time: time + 1, length: length, x: input)
        conditional.advance(&state, past: outcome, inputs)
      }
    }
    return exp(log)
  }
}
