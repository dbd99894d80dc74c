import Foundation
import ModelCore
import Sequences

extension AuditSubject {
  /// Elements to which draws are followed that were cut, and how many of them are.
  private static var longestWalk: Int { 4096 }
  private static var mostFollowed: Int { 64 }

  /// Additions that the exact law of a chain may cost.
  private static var mostWork: Int { 2_000_000_000 }

  /// The mass on endless sequences. With a length that is drawn first there is none, where P(τ) sums to one; with
  /// finitely many states it is known exactly, unless that takes too long. Else by draws: the share that a limit cut,
  /// times the probability that none of these ever stops, extrapolated from how their rates of stopping fall off.
  ///
  /// Let H be Σ −log(1 − s) over the last half of a walk's steps, and r the ratio of H to that over the quarter
  /// before. Where r < 1, each doubling of the walk adds r times what the last one did: in all H r / (1 − r), so that
  /// a share e^(−H r / (1 − r)) goes on forever. Where r ≥ 1, as for rates that do not fall to 0 (r = 2) or fall as
  /// 1/t (r = 1), the sum diverges and all ends.
  func tightness() throws -> AuditLine {
    if let law = model.lengthLaw(given: input) {
      let most = 200
      let sum = (0...most).reduce(law.tail(beyond: most)) { $0 + exp(law.logProbability($1)) }
      return AuditLine(.tightness, abs(sum - 1), within: 1e-9, "|Σ P(τ) − 1|: the length is drawn first, and is finite")
    }
    if let line = exactTightness() { return line }
    let draws = max(options.samples / 2, 1)
    let seed = seed("tightness")
    let cut = try model.samples(draws, seed: seed, sampling(limit: Self.longestDraw), threads: options.threads)
      .enumerated().filter { !$0.element.isComplete }.map(\.offset)
    if cut.isEmpty {
      // The rule of three.
      return AuditLine(
        .tightness, 0, within: 1e-3,
        "share of endless draws: all \(draws) ended within \(Self.longestDraw) elements (95 %: below "
          + String(format: "%.1g)", 3 / Double(draws)))
    }
    // A draw's number is all that it depends on, so that those that were cut go on as they began.
    let followed = cut.prefix(Self.mostFollowed)
    let continuing = try followed.flatMap { number in
      try model.samples(number..<(number + 1), seed: seed, sampling(limit: Self.longestWalk)).filter { !$0.isComplete }
    }
    // A few walks are enough to see how their rates fall off.
    let sums = continuing.prefix(20).map { stopping(model.conditional, $0.sequence) }
    let (earlier, later) = sums.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    var survival = 0.0
    if later < earlier || later == 0 {
      let ratio = earlier > 0 ? later / earlier : 0
      survival = exp(-later / Double(max(sums.count, 1)) * ratio / (1 - ratio))
    }
    let share = Double(cut.count) / Double(draws) * Double(continuing.count) / Double(followed.count)
    let fate =
      continuing.isEmpty
      ? "" : survival == 0 ? "; their stopping does not fade" : String(format: "; %.3g of these never stop", survival)
    return AuditLine(
      .tightness, share * survival, within: 1e-3,
      "share of endless draws: of \(draws) \(cut.count) went past \(Self.longestDraw) elements, "
        + "\(continuing.count) of \(followed.count) of these past \(Self.longestWalk)\(fate)")
  }

  /// By the chain's graph, and where an end cannot be reached from all states by the law of length; `nil` for models
  /// without states that can be listed, and for laws that are too long.
  private func exactTightness() -> AuditLine? {
    guard let states = model.finiteStates else { return nil }
    guard let endless = states.endlessStates() else {
      return AuditLine(
        .tightness, 0, within: 1e-9,
        "mass on endless sequences: from each of \(states.stateCount) states an end can be reached")
    }
    let law = states.lengthDistribution(work: Self.mostWork)
    guard law.isExact else { return nil }
    return AuditLine(
      .tightness, law.endless, within: 1e-9,
      "mass on endless sequences, exactly: from \(endless.count { $0 }) of \(states.stateCount) states no end can be reached"
    )
  }

  /// Σ −log(1 − s) over the second quarter of a walk, and over its last half.
  private func stopping<C: Conditional>(_ conditional: C, _ sequence: [Symbol]) -> (Double, Double) {
    var walk = conditional.walk(x: input)
    var sums = (0.0, 0.0)
    for element in sequence {
      let continuing = -walk.logStop().continuing
      if walk.time >= sequence.count / 2 {
        sums.1 += continuing
      } else if walk.time >= sequence.count / 4 {
        sums.0 += continuing
      }
      walk.advance(past: element)
    }
    return sums
  }
}
