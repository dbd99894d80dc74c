import Foundation
import ModelCore
import Probability
import Sequences

/// P(τ) = Γ(r + τ)/(Γ(r) τ!) p^r (1 − p)^τ with p = r/(r + mean): a Poisson law whose mean varies by a gamma law, so that
/// the variance is mean + mean²/r. The maximum-likelihood mean is the mean length; r is found by Brent's method.
///
/// Where the lengths vary no more than a Poisson law's do, the likelihood grows with r without end, and the law is that
/// Poisson law.
package struct NegativeBinomialLengths: LengthLaw, LengthPrior, LengthPriorKind {
  package static let name = "negative-binomial"
  package static let ownParameters: Int? = 2
  package static let tensorNames: Set = ["length.mean", "length.size"]

  package let mean: Double
  /// r; `nil` for its limit, the Poisson law.
  package let size: Double?

  package init(mean: Double, size: Double?) {
    self.mean = mean
    self.size = size
  }

  /// - Throws: `GSLError`.
  package init(fitting set: Sequences<some RowStorage>) throws {
    let table = LengthTable(set, isSmoothed: false)
    let mean = set.meanLength
    let (total, histogram) = (
      Double(set.count), Array(zip(table.lengths.map(Double.init), table.counts.map(Double.init)))
    )
    let squares = histogram.reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
    guard set.elementCount > 0, squares > mean * total else {
      self.init(mean: mean, size: nil)
      return
    }
    // Of log r, down to the least that a file may hold; a maximum exists, and only one (Levin and Reeds 1977).
    let best = try Brent.minimise(in: -27...20, points: 95, tolerance: 1e-9, iterations: 100) { logSize in
      let law = Self(mean: mean, size: exp(logSize))
      return -histogram.reduce(0) { $0 + law.logProbability(Int($1.0)) * $1.1 } / total
    }
    self.init(mean: mean, size: exp(best.variable))
  }

  package static func fit(_ set: Sequences<some RowStorage>, _ context: FittingContext) throws -> any LengthPrior {
    try Self(fitting: set)
  }

  package var variance: Double { mean + (size.map { mean * (mean / $0) } ?? 0) }

  package func logProbability(_ length: Int) -> Double {
    guard let size else { return PoissonLengths(mean: mean).logProbability(length) }
    let length = Double(length)
    return logRisingFactorial(size, length) - logFactorial(length) - size * log1p(mean / size)
      - length * log1p(size / mean)
  }

  package func tail(beyond length: Int) -> Double {
    guard let size else { return PoissonLengths(mean: mean).tail(beyond: length) }
    return length < 0 ? 1 : negativeBinomialTail(beyond: length, size: size, mean: mean)
  }

  package func sample(_ stream: inout RandomStream) -> Int {
    guard let size else { return stream.poisson(mean) }
    return stream.poisson(exp(stream.logGamma(size)) * mean / size)
  }

  package var storedParameters: Int { size == nil ? 1 : 2 }

  package var notes: [String] {
    size == nil
      ? ["prior=negative-binomial is the Poisson law here: the lengths vary no more than that law's do"] : []
  }

  /// r = 0 stands for the Poisson law.
  package func write(to file: inout TensorFile) {
    file.set("length.mean", [mean], shape: [1])
    file.set("length.size", [size ?? 0], shape: [1])
  }

  package func agrees(with facts: TrainingFacts) -> Bool { facts.hasMeanLength(mean) }

  package init(from file: TensorFile) throws {
    let size = try file.doubles("length.size", count: 1)[0]
    guard size == 0 || (size > 1e-12 && size < 1e15) else {
      throw ModelFileError.inconsistent("length.size is not that of a negative binomial law")
    }
    self.init(mean: try file.meanLength(), size: size == 0 ? nil : size)
  }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior { try Self(from: file) }
}
