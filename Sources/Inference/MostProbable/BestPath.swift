import Foundation
import ModelCore
import Sequences

/// The most probable states and symbols of sequences that agree with evidence, by the max-product recursion (Viterbi 1967;
/// Rabiner 1989, section III.B).
///
///     let path = BestPath(process, [.symbol(0), .anything, .symbol(1), .end])
///     path?.states         // before each element, and after the last one
///
/// Where a symbol leads to one state, the symbols are the most probable sequence; where it leads to several, to look for that
/// takes a sum over their ways (`MostProbable`).
public struct BestPath: Sendable, Hashable {
  /// The symbols along the path.
  public let symbols: [Symbol]
  /// The states before each symbol and after the last: one more than symbols.
  public let states: [Int]
  /// log P(states, symbols, and the end where the evidence says so), in nats.
  public let logProbability: Double

  /// `nil` where nothing agrees with the evidence, as an end where the length is given. O(steps · ways).
  /// - Parameter inputs: those of a step after so many elements.
  public init?(
    _ process: some FiniteStateProcess, _ evidence: [Evidence],
    _ inputs: (Int) -> StepInputs = { StepInputs(time: $0) }
  ) {
    let ends = evidence.last == .end
    let elements = evidence.dropLast(ends ? 1 : 0)
    // Nothing follows an end.
    if elements.contains(.end) { return nil }
    var best: [[Int: Best]] = [[:]]
    for start in process.start(inputs(0)) where start.probability > 0 {
      best[0][start.state] = Best(logProbability: log(start.probability))
    }
    var workspace = Workspace()
    for (time, seen) in elements.enumerated() {
      var next: [Int: Best] = [:]
      // By rising states, so that of equals it is the same one in every run.
      for (state, here) in best[time].sorted(by: { $0.key < $1.key }) {
        for way in process.ways(from: state, inputs(time), &workspace) where seen.agrees(with: way.symbol) {
          let logProbability = here.logProbability + log(way.probability)
          if logProbability > next[way.state]?.logProbability ?? -.infinity {
            next[way.state] = Best(logProbability: logProbability, symbol: way.symbol, from: state)
          }
        }
      }
      best.append(next)
    }
    let finals = best[elements.count].map { state, here in
      let stop = ends ? log(process.stopProbability(state, inputs(elements.count))) : 0
      return (logProbability: here.logProbability + stop, state: state)
    }
    guard let final = finals.max(by: { ($0.logProbability, $1.state) < ($1.logProbability, $0.state) }),
      final.logProbability > -.infinity
    else { return nil }
    var (states, symbols) = ([final.state], [Symbol]())
    for time in stride(from: elements.count, to: 0, by: -1) {
      guard let here = best[time][states[states.count - 1]] else { return nil }
      symbols.append(here.symbol)
      states.append(here.from)
    }
    (self.symbols, self.states) = (symbols.reversed(), states.reversed())
    logProbability = final.logProbability
  }
}

/// The best way to a state, and its last step.
private struct Best {
  var logProbability: Double
  var symbol: Symbol = -1
  var from = -1
}
