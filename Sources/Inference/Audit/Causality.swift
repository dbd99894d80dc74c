import ModelCore
import Sequences

extension AuditSubject {
  private static var mostElements: Int { 12 }

  /// What a prefix's elements cost does not depend on what follows them: on later elements, on later inputs, or on how many
  /// follow where the length is not drawn first. Batched scores give a prefix's share as what is left without the walk's
  /// share of the rest.
  func causality() -> AuditLine {
    var stream = stream("continuations")
    let batched = isBatched
    var (largest, count) = (0.0, 0)
    for probe in probes where !probe.isEmpty {
      let prefix = Array(probe.prefix(Self.mostElements))
      let tail = (0..<1 + count % 4).map { _ in model.proposedElement(&stream) }
      var continuations = [
        tail,
        tail.map { element in
          let others = (0..<64).lazy.map { _ in model.proposedElement(&stream) }
          return others.first { $0 != element } ?? element
        },
      ]
      // Of another length; of none.
      if model.shape.decidesEnd { continuations += [tail + tail, []] }
      let walks = continuations.enumerated().map { number, tail in
        let set = set(prefix + tail, changingInputsFrom: number == 0 ? .max : prefix.count)
        return (set: set, steps: model.stepScores(of: set[0], x: set.input(0)).dropFirst(model.prior == nil ? 0 : 1))
      }
      for other in walks.dropFirst() {
        for (a, b) in zip(walks[0].steps, other.steps).prefix(prefix.count) {
          largest = max(
            largest, Self.difference(a.natsElements, b.natsElements), Self.difference(a.natsLength, b.natsLength))
        }
      }
      if batched {
        let shares = walks.prefix(2).map { walk in
          model.scores(of: walk.set)[0].natsElements
            - walk.steps.dropFirst(prefix.count).reduce(0) { $0 + $1.natsElements }
        }
        // Impossible sequences say nothing here.
        if shares.allSatisfy(\.isFinite) { largest = max(largest, Self.difference(shares[0], shares[1])) }
      }
      count += 1
    }
    return AuditLine(
      .causality, largest, within: roundingTolerance,
      "largest difference in what \(count) prefixes cost when their future is changed"
        + (batched ? ", batched scores too" : ""))
  }
}
