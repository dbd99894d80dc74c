import Foundation
import ModelCore
import Probability
import Sequences

extension MappedMarkovConditional: DrawingConditional {
  package func prepareDrawing(_ count: Int) {}

  package func draw(_ draw: inout SequenceDraw<Symbol>, _ preparation: Void, next: (inout SequenceDraw<Symbol>) -> Bool)
  {
    while next(&draw) {
      var walk = draw.walk(self)
      while draw.take(draw.forced.map { walk.decision($0) } ?? decision(walk, &draw.stream)) {
        walk.advance(past: draw.last)
      }
    }
  }

  private func decision(_ walk: Walk<Self>, _ stream: inout RandomStream) -> Decision<Symbol> {
    let (stop, continuing) = walk.logStop()
    if shape.stop == .variable, stream.uniform() < exp(stop) {
      return Decision(nil, outcome: 0, stop: stop, continuing: continuing, .variable)
    }
    let levels = levels(walk.state)
    let longest = walk.state.count - 1
    let outcome = levels.search(stream.uniform(), longest) ?? levels.drawUnlisted(longest, &stream)
    let logProbability = log(levels.probability(outcome, longest))
    let isEnd = outcome == shape.alphabetSize
    return Decision(
      isEnd ? nil : outcome, outcome: logProbability, stop: isEnd ? logProbability : stop, continuing: continuing,
      shape.stop)
  }
}

/// The contexts of one history, from the empty one outwards, each with its whole distribution.
struct RecordLevels: BackoffDistribution {
  struct Level {
    /// Rising.
    var outcomes: [Int]
    var probabilities: [Double]
    var weight: Double
  }

  let outcomeCount: Int
  let levels: [Level]

  func shorter(_ context: Int) -> Int? { context > 0 ? context - 1 : nil }
  func listed(by context: Int) -> Int { levels[context].outcomes.count }
  func hasRest(_ context: Int) -> Bool { levels[context].weight > 0 }
  func lists(_ outcome: Int, _ context: Int) -> Bool { levels[context].outcomes.contains(outcome) }

  func search(_ target: Double, _ context: Int) -> Int? {
    var sum = 0.0
    return levels[context].outcomes.first { outcome in
      sum += levels[context].probabilities[outcome]
      return sum > target
    }
  }

  func last(_ context: Int) -> Int {
    levels[context].outcomes.last { levels[context].probabilities[$0] > 0 } ?? levels[context].outcomes.first ?? 0
  }

  func probability(_ outcome: Int, _ context: Int) -> Double { levels[context].probabilities[outcome] }
}

extension PackedNGramTable {
  /// What each context of a history says. O(depth · outcomes).
  func levels(_ chain: [Int]) -> RecordLevels {
    var probabilities = [Double](repeating: 1 / Double(shape.outcomes), count: shape.outcomes)
    let levels = chain.enumerated().map { depth, place in
      let record = record(at: place, depth: depth)
      let share = rules.shares[record.rule]
      for outcome in probabilities.indices { probabilities[outcome] *= share.weight }
      var outcomes: [Int] = []
      for entry in 0..<record.count {
        let outcome = Int(words[record.first + entry])
        guard probabilities.indices.contains(outcome) else { continue }
        outcomes.append(outcome)
        probabilities[outcome] += mass(entry, of: record, share)
      }
      return RecordLevels.Level(outcomes: outcomes, probabilities: probabilities, weight: share.weight)
    }
    return RecordLevels(outcomeCount: shape.outcomes, levels: levels)
  }
}
