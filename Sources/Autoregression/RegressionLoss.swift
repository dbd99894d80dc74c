import Foundation
import Support

/// The negative log-likelihood of a number y as a convex function of its linear predictor η, but for a constant.
protocol RegressionLoss: Sendable {
  /// The loss in nats, and its first and second derivative by η.
  func evaluate(_ eta: Double, _ y: Double) -> (loss: Double, slope: Double, curvature: Double)
  /// A penalty of the intercept, with its derivatives.
  func prior(_ intercept: Double) -> (loss: Double, slope: Double, curvature: Double)
}

extension RegressionLoss {
  /// None.
  @inline(__always)
  func prior(_ intercept: Double) -> (loss: Double, slope: Double, curvature: Double) { (0, 0, 0) }
}

/// Of a bit with the logit η. Half a 1 and half a 0 are added to what was observed, in a row with the intercept alone,
/// so that a bit that never changed has no probability of 0 (Krichevsky and Trofimov 1981).
struct LogisticLoss: RegressionLoss {
  @inline(__always)
  func evaluate(_ eta: Double, _ y: Double) -> (loss: Double, slope: Double, curvature: Double) {
    let e = exp(-abs(eta))
    let p = (eta >= 0 ? 1 : e) / (1 + e)
    return (max(eta, 0) + log1p(e) - y * eta, p - y, e / ((1 + e) * (1 + e)))
  }

  @inline(__always)
  func prior(_ intercept: Double) -> (loss: Double, slope: Double, curvature: Double) { evaluate(intercept, 0.5) }
}

/// Of a count that is Poisson with the logarithm η of its mean.
struct PoissonLoss: RegressionLoss {
  @inline(__always)
  func evaluate(_ eta: Double, _ y: Double) -> (loss: Double, slope: Double, curvature: Double) {
    // Far off every step of the search is refused by its size.
    let mean = exp(min(eta, 300))
    return (mean - y * eta, mean - y, mean)
  }
}

/// Of a count that is negative binomial with the logarithm η of its mean and the dispersion r: the variance is m +
/// m²/r.
struct NegativeBinomialLoss: RegressionLoss {
  let dispersion: Double

  @inline(__always)
  func evaluate(_ eta: Double, _ y: Double) -> (loss: Double, slope: Double, curvature: Double) {
    let (r, mean) = (dispersion, exp(min(eta, 300)))
    let share = mean / (r + mean)
    // (r + y) log(r + m) − y log m, but for what η does not change.
    return ((r + y) * log1p(mean / r) - y * eta, (mean - y) * r / (r + mean), (r + y) * share * r / (r + mean))
  }
}
