import CGSL

/// log of the rising factorial a (a + 1) … (a + n − 1), in nats (GSL's lnpoch).
/// - Precondition: a > 0 and n ≥ 0.
package func logRisingFactorial(_ a: Double, _ n: Double) -> Double {
  precondition(a > 0 && n >= 0)
  GSL.start()
  return gsl_sf_lnpoch(a, n)
}

/// log n! in nats, for n ≥ 0 (GSL's lngamma).
package func logFactorial(_ n: Double) -> Double {
  precondition(n >= 0)
  GSL.start()
  return gsl_sf_lngamma(n + 1)
}

/// x (log(1 + v) − v), without cancellation where v is small (GSL's log_1plusx_mx): minus the deviance part D0 of Loader 2000.
/// - Parameter ratio: 1 + v, which the caller has without rounding of the sum.
/// - Precondition: v > −1.
func scaledLogRemainder(_ x: Double, _ v: Double, ratio: Double) -> Double {
  abs(v) < 0.5 ? x * gsl_sf_log_1plusx_mx(v) : x * (log(ratio) - v)
}

/// The error of Stirling's formula: log Γ(x + 1) − ((x + 1/2) log x − x + log √2π), in nats (GSL's gammastar).
/// - Precondition: x > 0.
func stirlingError(_ x: Double) -> Double { log(gsl_sf_gammastar(x)) }

/// ψ(x) − log x + 1/(2x), ψ being the digamma function (GSL's psi; from 20 on the asymptotic series, which does not cancel).
/// - Precondition: x > 0.
func digammaRemainder(_ x: Double) -> Double {
  if x < 20 { return gsl_sf_psi(x) - log(x) + 1 / (2 * x) }
  let t = 1 / (x * x)
  return -t * (1.0 / 12 - t * (1.0 / 120 - t * (1.0 / 252 - t * (1.0 / 240 - t * (1.0 / 132)))))
}
