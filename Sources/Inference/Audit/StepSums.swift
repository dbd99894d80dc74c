import Foundation
import ModelCore
import Sequences

extension AuditSubject {
  /// Elements of a step that are asked for one by one.
  private static var elementsAsked: Int { 32 }

  /// After each prefix of each probe the distribution sums to one, an element alone has the probability that it has among
  /// all, and stopping and continuing make one.
  func stepSums() throws -> AuditLine {
    let (gap, steps) = try largestGap(model.process)
    return AuditLine(
      .steps, gap, within: max(1e-10, 100 * model.process.roundingError),
      "max |Σ P − 1| at \(steps) steps, to stop and to continue, and elements alone against all")
  }

  private func largestGap<P: SequenceProcess<Element>>(_ process: P) throws -> (gap: Double, steps: Int) {
    let shape = process.shape
    var distribution = P.Distribution(shape)
    var stream = stream("outcomes")
    var (gap, count) = (0.0, 0)
    func hold(_ a: Double, _ b: Double) { gap = max(gap, (a - b).isNaN ? .infinity : abs(a - b)) }
    var failure: (any Error)?
    for probe in probes {
      process.forEachDecision(of: probe, x: input) { walk, _ in
        count += 1
        walk.predict(into: &distribution)
        do { hold(try distribution.largestGap(&stream), 0) } catch { failure = error }
        hold(walk.endGap(), 0)
        for _ in 0..<Self.elementsAsked {
          let element = model.anyElement(&stream)
          hold(exp(walk.logContinuing(with: element)), exp(distribution.logContinuing(with: element)))
        }
        let (stop, continuing) = walk.logStop()
        hold(exp(stop) + exp(continuing), 1)
        hold(exp(stop), exp(distribution.logStop))
        hold(exp(continuing), exp(distribution.logContinue))
        if !shape.decidesEnd { hold(exp(stop), 0) }
      }
    }
    if let failure { throw failure }
    return (gap, count)
  }
}
