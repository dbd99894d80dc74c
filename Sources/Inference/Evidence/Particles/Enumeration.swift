import Foundation
import ModelCore
import Patterns
import Sequences

/// All sequences that agree with evidence, where they are few: depth first, by copies of the walk.
struct Enumeration {
  private let lookahead: Lookahead
  private var population: Population

  /// - Parameter lookahead: one without a twist.
  init(_ lookahead: Lookahead, _ automaton: any SymbolAutomaton) {
    self.lookahead = lookahead
    population = Population(CompletionTree(automaton))
  }

  private struct Beginning<C: Conditional> {
    var walk: Walk<C>
    var position: Lookahead.Position
    var leaf: Int32
    var logProbability: Double
  }

  /// O(beginnings · step of the model).
  mutating func run<C: Conditional>(_ conditional: C) -> Population {
    var prediction = Prediction(conditional.shape)
    var workspace = Workspace()
    var continuations: [Lookahead.Continuation] = []
    for start in lookahead.starts {
      var waiting = [
        Beginning(
          walk: conditional.walk(length: start.length), position: start.position, leaf: CompletionTree.root,
          logProbability: start.logProbability)
      ]
      while let here = waiting.popLast() {
        let (time, end) = (here.walk.time, lookahead.end(here.position))
        if end == .given {
          add(here.leaf, time, here.logProbability)
          continue
        }
        here.walk.predict(into: &prediction)
        if end == .decided { add(here.leaf, time, here.logProbability + prediction.logStop) }
        continuations.removeAll(keepingCapacity: true)
        lookahead.addContinuations(of: here.position, to: &continuations, &workspace)
        for next in continuations.reversed() {
          let logProbability = here.logProbability + prediction.logContinuing(with: next.symbol)
          if logProbability == -.infinity { continue }
          var child = here
          (child.position, child.logProbability) = (next.position, logProbability)
          child.leaf = population.tree.add(next.symbol, to: here.leaf, at: time)
          // What is over by now is not asked for another step.
          if lookahead.end(next.position) == .given {
            add(child.leaf, time + 1, logProbability)
            continue
          }
          child.walk.advance(past: next.symbol)
          waiting.append(child)
        }
      }
    }
    population.logEstimate = logSum(population.completions.map(\.logWeight))
    return population
  }

  private mutating func add(_ leaf: Int32, _ length: Int, _ logProbability: Double) {
    if logProbability == -.infinity { return }
    population.completions.append(
      Population.Completion(leaf: leaf, length: Int32(length), logWeight: logProbability))
  }
}
