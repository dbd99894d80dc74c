import Foundation
import ModelCore
import Sequences

extension AuditSubject {
  /// Elements of a step that are asked for one by one, at most.
  private static var elementsAsked: Int { 32 }
  /// Densities of vectors that are added up, at most, unless they are few at each step.
  private static var mostDensities: Int { 1 << 20 }

  /// After each prefix of each probe the distribution sums to one, an element alone has the probability that it has among
  /// all, and stopping and continuing make one.
  func stepSums() -> AuditLine {
    let (gap, steps, summed) = largestGap(model.process)
    let limit = model.shape.vectorWidth == 2 && model.shape.values == .reals ? 1e-6 : 1e-10
    return AuditLine(
      .steps, gap, within: max(limit, 100 * model.process.roundingError),
      "max |Σ P − 1| at \(steps) steps, to stop and to continue, and elements alone against all"
        + (summed > 0 && summed < steps ? "; densities summed at \(summed) of them" : ""))
  }

  private func largestGap<P: SequenceProcess<Element>>(_ process: P) -> (gap: Double, steps: Int, summed: Int) {
    let shape = process.shape
    var distribution = P.Distribution(shape)
    var stream = stream("outcomes")
    var (gap, count, summed) = (0.0, 0, 0)
    // Where a sum takes long, some steps are enough.
    let all = probes.reduce(0) { $0 + shape.steps(length: $1.count) }
    let most = max(Self.mostDensities / shape.summedDensities, 4)
    let stride = shape.isSummed ? max((all + most - 1) / most, 1) : .max
    func hold(_ a: Double, _ b: Double) { gap = max(gap, (a - b).isNaN ? .infinity : abs(a - b)) }
    for probe in probes {
      process.forEachDecision(of: probe, x: input) { walk, _ in
        count += 1
        walk.predict(into: &distribution)
        if (count - 1).isMultiple(of: stride), shape.isSummed {
          hold(distribution.largestGap(&stream), 0)
          summed += 1
        }
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
    return (gap, count, summed)
  }
}
