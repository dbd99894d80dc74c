import Foundation

// Outputs are unconstrained; what is made of them stays within bounds that a model of standardised data never meets, so that no
// output, however large, gives an infinite number.

/// The number itself from −25 to b = `most`, beyond it b + 5 tanh((x − b)/5), so that it stays below b + 5: twice continuously
/// differentiable. With its derivative.
@inline(__always)
func saturated(_ x: Double, most: Double = 25) -> (value: Double, slope: Double) {
  let bound = x < 0 ? 25 : most
  let excess = (abs(x) - bound) / 5
  if excess <= 0 { return (x, 1) }
  let t = tanh(excess)
  return (x < 0 ? -bound - 5 * t : bound + 5 * t, 1 - t * t)
}

/// The largest logarithm of a count's mean that does not saturate: counts up to 2^53, which is e^36.7, are data.
let largestLogMean = 40.0

/// The number, cut off at ± `most`.
@inline(__always)
func bounded(_ x: Double, _ most: Double) -> Double { min(max(x, -most), most) }

/// The largest size of a location, a logit or a weight; what lies beyond counts as this.
let largestOutput = 1e30

/// The largest size of a standardised distance, so that its square is a number.
let largestDistance = 1e100

/// A standard deviation as a function of an unconstrained number s: σ = 10⁻⁴ + e^s, s being saturated. The floor keeps densities
/// of data on a lattice, or of a constant column, finite; it is in units of the standardised data.
package enum Deviation {
  package static let floor = 1e-4

  /// σ and dσ/ds.
  @inline(__always)
  static func of(_ output: Double) -> (value: Double, slope: Double) {
    let (s, slope) = saturated(output)
    let exponential = exp(s)
    return (floor + exponential, exponential * slope)
  }

  /// The s that gives a deviation, or the nearest to it in −25 … 25.
  package static func output(for deviation: Double) -> Double {
    deviation > floor ? bounded(log(deviation - floor), 25) : -25
  }
}

/// Σ log x as the logarithm of a product: one logarithm for many numbers, each from 10⁻²⁰ to 10²⁰.
struct LogProduct {
  private var sum = 0.0
  private var product = 1.0

  @inline(__always)
  mutating func multiply(by x: Double) {
    product *= x
    if product < 1e-200 || product > 1e200 {
      sum += log(product)
      product = 1
    }
  }

  var value: Double { sum + log(product) }
}

/// A logit below the largest one, divided by a temperature; at temperature 0 only the largest keeps its weight.
@inlinable
package func scaledLogit(_ difference: Double, _ temperature: Double) -> Double {
  difference == 0 ? 0 : difference / temperature
}
