import Foundation
import ModelCore
import Probability

/// A table of lengths with a factor to each:
///
///     P(τ) = m(τ) f(τ)
///
/// m being a smoothed table, f any function of τ below `count`, the same number from there on, such that all P(τ) sum to one.
package struct TiltedLengths: LengthLaw {
  private let table: LengthTable
  /// log f(τ) for τ = 0 … `count` in nats, the last for all that are longer.
  private let logFactors: [Double]

  private var count: Int { logFactors.count - 1 }

  /// - Precondition: the masses sum to one.
  init(_ table: LengthTable, logFactors: [Double]) {
    self.table = table
    self.logFactors = logFactors
  }

  package func logProbability(_ length: Int) -> Double { table.logProbability(length) + logFactors[min(length, count)] }

  package func tail(beyond length: Int) -> Double {
    if length < 0 { return 1 }
    let far = exp(table.logTail(beyond: max(length, count - 1)) + logFactors[count])
    return stride(from: count - 1, to: length, by: -1).reduce(far) { $0 + exp(logProbability($1)) }
  }

  package var mean: Double { moment { $0 } }

  package var variance: Double {
    let mean = mean
    return moment { ($0 - mean) * ($0 - mean) } + far * table.long(from: count).variance
  }

  /// P(τ ≥ count).
  private var far: Double { exp(table.logTail(beyond: count - 1) + logFactors[count]) }

  /// The mean of a function, of what is far at its mean.
  private func moment(_ value: (Double) -> Double) -> Double {
    (0..<count).reduce(far * value(table.long(from: count).mean)) { $0 + value(Double($1)) * exp(logProbability($1)) }
  }

  package func sample(_ stream: inout RandomStream) -> Int {
    let length = stream.index(count + 1, total: 1) { $0 < count ? exp(logProbability($0)) : far }
    return length < count ? length : table.sample(atLeast: count, &stream)
  }
}
