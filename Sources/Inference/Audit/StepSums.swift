import Foundation
import ModelCore
import Sequences

extension AuditSubject {
  /// Elements of a step that are asked for one by one, at most.
  private static var elementsAsked: Int { 32 }

  /// After each prefix of each probe the distribution sums to one, an element alone has the probability that it has among
  /// all, and stopping and continuing make one.
  func stepSums() -> AuditLine {
    let (gap, steps) = largestGap(model.conditional)
    return AuditLine(
      .steps, gap, within: max(1e-10, 100 * model.conditional.roundingError),
      "max |Σ P − 1| at \(steps) steps, to stop and to continue, and elements alone against all")
  }

  private func largestGap<C: Conditional>(_ conditional: C) -> (gap: Double, steps: Int) {
    let shape = conditional.shape
    let k = shape.alphabetSize
    var prediction = Prediction(shape)
    var stream = stream("outcomes")
    var (gap, count) = (0.0, 0)
    func hold(_ a: Double, _ b: Double) { gap = max(gap, (a - b).isNaN ? .infinity : abs(a - b)) }
    for probe in probes {
      conditional.forEachDecision(of: probe, x: input) { walk, _ in
        count += 1
        walk.predict(into: &prediction)
        hold(prediction.largestGap, 0)
        hold(walk.endGap(), 0)
        let asked = min(k, Self.elementsAsked)
        for number in 0..<asked {
          let element = asked == k ? number : min(Int(stream.uniform() * Double(k)), k - 1)
          hold(exp(walk.logContinuing(with: element)), exp(prediction.logContinuing(with: element)))
        }
        let (stop, continuing) = walk.logStop()
        hold(exp(stop) + exp(continuing), 1)
        hold(exp(stop), exp(prediction.logStop))
        hold(exp(continuing), exp(prediction.logContinue))
        if !shape.decidesEnd { hold(exp(stop), 0) }
      }
    }
    return (gap, count)
  }
}
