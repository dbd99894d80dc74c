import Foundation

/// The log-probability of independent bits, from their logits: one logarithm for all of them.
struct LogisticSum {
  /// Σ of what the logits are wrong by.
  private var wrong = 0.0
  /// Π (1 + e^−|x|) − 1, which keeps the digits of probabilities next to 1.
  private var product = 0.0

  /// Adds a bit; gives the derivative of −log P(bit) by the logit, P(1) − bit.
  @inline(__always)
  mutating func add(_ logit: Double, _ bit: Double) -> Double {
    // Positive where the other bit is the more probable one.
    let margin = bit == 1 ? -logit : logit
    let e = exp(-abs(margin))
    if margin > 0 { wrong += margin }
    product += e + e * product
    if product > 1e200 {
      wrong += log(product)
      product = 0
    }
    let other = (margin >= 0 ? 1 : e) / (1 + e)
    return bit == 1 ? -other : other
  }

  /// log P.
  var value: Double { -wrong - log1p(product) }
}

/// Whether all of so many numbers are 0 or 1.
func areBits(_ y: UnsafePointer<Double>, _ count: Int) -> Bool {
  for index in 0..<count where y[index] != 0 && y[index] != 1 { return false }
  return true
}

/// The logit of the mean of bits, at most 10 in size.
func initialLogit(mean: Double) -> Double { mean > 0 ? mean < 1 ? bounded(log(mean / (1 - mean)), 10) : 10 : -10 }
