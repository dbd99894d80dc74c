import ModelCore
import Sequences

extension AuditSubject {
  /// A sequence's score is the same alone and among others, in any order and on any number of threads; and it is the walk's.
  func invariance() -> [AuditLine] {
    let all = model.scores(of: set(probes))
    func largest(_ others: [SequenceScore]) -> Double {
      guard others.count == all.count else { return .infinity }
      return zip(all, others).reduce(0) { largest, pair in
        max(
          largest, Self.difference(pair.0.natsElements, pair.1.natsElements),
          Self.difference(pair.0.natsLength, pair.1.natsLength))
      }
    }
    let alone = probes.map { model.scores(of: set([$0]))[0] }
    let half = probes.count / 2
    let figure =
      [
        model.scores(of: set(probes)), model.scores(of: set(probes), threads: 2),
        model.scores(of: set(probes), threads: 3),
        model.scores(of: set(probes.reversed())).reversed(), alone,
        model.scores(of: set(Array(probes[..<half]))) + model.scores(of: set(Array(probes[half...])), threads: 2),
      ].map(largest).max() ?? 0
    let invariance = AuditLine(
      .invariance, figure, within: 1e-12,
      "largest difference in \(probes.count) scores: alone, in halves, backwards, by 2 and 3 threads")

    guard model.conditional is any BatchedConditional else {
      return [invariance, AuditLine(.walk, 0, within: roundingTolerance, "the walk is the only way that it has")]
    }
    let walked = probes.map { model.score(of: $0, x: input) }
    let gap = zip(alone, walked).reduce(0.0) { largest, pair in
      max(
        largest, Self.difference(pair.0.nats, pair.1.nats),
        // Of an impossible sequence, whose share it is that is infinite is the family's choice.
        pair.1.nats.isFinite ? Self.difference(pair.0.natsLength, pair.1.natsLength) : 0)
    }
    return [
      invariance,
      AuditLine(.walk, gap, within: roundingTolerance, "largest difference in \(probes.count) scores"),
    ]
  }
}
