import Foundation
import ModelCore
import Sequences

extension AuditSubject {
  /// Elements of a step that are asked for one by one, at most.
  private static var elementsAsked: Int { 32 }

  /// After each prefix of each probe the distribution sums to one, an element alone has the probability that it has among
  /// all, and stopping and continuing make one.
  func stepSums() -> AuditLine {
    let (gap, steps) = largestGap(model.process)
    let isIntegrated = model.shape.vectorWidth <= 1
    return AuditLine(
      .steps, gap, within: max(1e-10, 100 * model.process.roundingError),
      "max |Σ P − 1| at \(steps) steps, to stop and to continue, and elements alone against all"
        + (isIntegrated ? "" : "; densities of vectors are not integrated"))
  }

  private func largestGap<P: SequenceProcess<Element>>(_ process: P) -> (gap: Double, steps: Int) {
    let shape = process.shape
    var distribution = P.Distribution(shape)
    var stream = stream("outcomes")
    var (gap, count) = (0.0, 0)
    func hold(_ a: Double, _ b: Double) { gap = max(gap, (a - b).isNaN ? .infinity : abs(a - b)) }
    for probe in probes {
      process.forEachDecision(of: probe, x: input) { walk, _ in
        count += 1
        walk.predict(into: &distribution)
        hold(distribution.largestGap(&stream), 0)
        hold(walk.endGap(), 0)
        for element in model.elementsToAsk(Self.elementsAsked, &stream) {
          hold(exp(walk.logContinuing(with: element)), exp(distribution.logContinuing(with: element)))
        }
        let (stop, continuing) = walk.logStop()
        hold(exp(stop) + exp(continuing), 1)
        hold(exp(stop), exp(distribution.logStop))
        hold(exp(continuing), exp(distribution.logContinue))
        if !shape.decidesEnd { hold(exp(stop), 0) }
      }
    }
    return (gap, count)
  }
}
