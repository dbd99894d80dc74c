import Foundation

// Functions of log-probabilities that neither overflow nor lose what is small.

/// log(1 + e^x).
package func softplus(_ x: Double) -> Double { x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)) }

/// log s and log(1 − s) of a stop decision with P(stop) = s, given its log-odds log(s / (1 − s)), in nats.
package func logStopDecision(logit: Double) -> (stop: Double, continuing: Double) {
  (-softplus(-logit), -softplus(logit))
}

/// log(1 − e^x) for x ≤ 0 (Mächler 2012).
package func logComplement(_ x: Double) -> Double {
  if x >= 0 { return -.infinity }
  return x > -0.6931471805599453 ? log(-expm1(x)) : log1p(-exp(x))
}
