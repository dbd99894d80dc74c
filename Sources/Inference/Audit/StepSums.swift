import Foundation
import Models
import Sequences

extension AuditSubject {
  /// Outcomes of a step that are asked for one by one, at most.
  private static var outcomesAsked: Int { 32 }

  /// After each prefix of each probe the distribution sums to one, an outcome alone has the probability that it has among
  /// all, and stopping and going on make one.
  func stepSums() -> AuditLine {
    let (gap, steps) = largestGap(model.conditional)
    return AuditLine(
      .steps, gap, within: max(1e-10, 100 * model.conditional.roundingError),
      "max |Σ P − 1| at \(steps) steps, to stop and to continue, and outcomes alone against all")
  }

  private func largestGap<C: Conditional<Symbol>>(_ conditional: C) -> (gap: Double, steps: Int) {
    let shape = conditional.shape
    var prediction = Prediction(shape)
    var stream = stream("outcomes")
    var (gap, count) = (0.0, 0)
    func hold(_ a: Double, _ b: Double) { gap = max(gap, (a - b).isNaN ? .infinity : abs(a - b)) }
    for probe in probes {
      conditional.forEachDecision(of: probe, x: input) { walk, _ in
        count += 1
        walk.predict(into: &prediction)
        hold(prediction.logProbabilities.reduce(0) { $0 + exp($1) }, 1)
        let asked = min(shape.outcomes, Self.outcomesAsked)
        for number in 0..<asked {
          let outcome =
            asked == shape.outcomes
            ? number : min(Int(stream.uniform() * Double(shape.outcomes)), shape.outcomes - 1)
          hold(exp(walk.logProbability(of: outcome)), exp(prediction.logProbabilities[outcome]))
        }
        let (stop, continuing) = walk.logStop()
        hold(exp(stop) + exp(continuing), 1)
        hold(exp(stop), exp(prediction.logStop))
        switch shape.stop {
        case .given: hold(exp(stop), 0)
        case .outcome: hold(exp(stop), exp(prediction.logProbabilities[shape.alphabetSize]))
        case .variable: break
        }
      }
    }
    return (gap, count)
  }
}
