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
