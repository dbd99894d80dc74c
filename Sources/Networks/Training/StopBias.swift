import Foundation
import Sequences

extension RecurrentNetwork {
  /// Fewer sequences say too little of how often they stop.
  private static var leastSequences: Int { 100 }
  /// About so many decisions are looked at.
  private static var mostDecisions: Int { 2_000_000 }

  /// The same network with the bias of its stop decision moved to the most likely value on a set, all else being fixed:
  /// then P(stop) along the set adds up to the number of its sequences. Training leaves it off by some hundredths to
  /// tenths: dropout is gone now, weight decay pulls at it, and the last steps are too small for it to follow the others.
  /// One pass forwards over the set, or over every n-th sequence of a large one.
  func fittingStopBias(to set: Sequences<some RowStorage>, threads: Int) -> RecurrentNetwork {
    guard let column = layout.stopColumn, set.count >= Self.leastSequences else { return self }
    let events = set.elementCount + set.count
    let members = Array(stride(from: 0, to: set.count, by: max(events / Self.mostDecisions, 1)))
    let odds = stopLogOdds(of: set, members, threads: threads)
    let shift = Self.likeliestShift(odds, stops: members.count)
    guard shift.isFinite else { return self }
    var parameters = parameters
    parameters[layout.outputBias + column] += Scalar(shift)
    return replacingParameters(parameters)
  }

  /// The δ for which Σ σ(ℓ + δ) over all decisions is the number of stops, by Newton's method on a concave likelihood.
  private static func likeliestShift(_ odds: [[Float]], stops: Int) -> Double {
    var shift = 0.0
    for _ in 0..<50 {
      var (expected, curvature) = (0.0, 0.0)
      for piece in odds {
        for logOdds in piece {
          let stop = 1 / (1 + exp(-(Double(logOdds) + shift)))
          expected += stop
          curvature += stop * (1 - stop)
        }
      }
      // Where all decisions are certain nothing can be gained.
      guard curvature > 1e-6 * Double(stops) else { break }
      let step = min(max((Double(stops) - expected) / curvature, -1), 1)
      shift += step
      if abs(step) < 1e-7 || abs(shift) > 20 { break }
    }
    return shift
  }
}
