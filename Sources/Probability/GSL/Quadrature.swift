import CGSL

/// Integrals of functions of one variable, by adaptive Gauss–Kronrod quadrature (GSL's integration_qag; Piessens et al. 1983).
public enum Quadrature {
  /// ∫ f(x) dx from −∞ to an upper limit.
  /// - Parameters:
  ///   - limit: ∞ for the whole line.
  ///   - points: points where f is large, such as draws from a density; without them a narrow peak may be missed.
  ///   - tolerance: the error that the integral may have, absolute.
  /// - Throws: `GSLError` where the integral does not converge.
  public static func integral(
    upTo limit: Double = .infinity, points: [Double], tolerance: Double = 1e-10, _ function: (Double) -> Double
  ) throws -> Double {
    GSL.start()
    let intervals = 1000
    guard let workspace = gsl_integration_workspace_alloc(intervals) else {
      throw GSLError(status: Int32(GSL_ENOMEM))
    }
    defer { gsl_integration_workspace_free(workspace) }
    return try withoutActuallyEscaping(function) { function in
      let integrand = Integrand(function)
      return try withExtendedLifetime(integrand) {
        var description = gsl_function(
          function: { x, integrand in
            Unmanaged<Integrand>.fromOpaque(integrand.unsafelyUnwrapped).takeUnretainedValue().function(x)
          }, params: Unmanaged.passUnretained(integrand).toOpaque())
        func piece(_ integrate: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Int32) throws -> Double
        {
          var (value, error) = (0.0, 0.0)
          let status = integrate(&value, &error)
          // Rounding may leave less than was asked for.
          if status != GSL_EROUND { try GSLError.check(status) }
          return value
        }
        let knots = points.filter { $0 < limit }.sorted() + (limit.isFinite ? [limit] : [])
        let (first, last) = (knots.first ?? 0, knots.last ?? 0)
        let tolerance = tolerance / Double(knots.count + 1)
        var sum = try piece {
          gsl_integration_qagil(&description, first, tolerance, tolerance, intervals, workspace, $0, $1)
        }
        for (low, high) in zip(knots, knots.dropFirst()) where low < high {
          sum += try piece {
            gsl_integration_qag(
              &description, low, high, tolerance, tolerance, intervals, Int32(GSL_INTEG_GAUSS21), workspace, $0, $1)
          }
        }
        if limit == .infinity {
          sum += try piece {
            gsl_integration_qagiu(&description, last, tolerance, tolerance, intervals, workspace, $0, $1)
          }
        }
        return sum
      }
    }
  }

  private final class Integrand {
    let function: (Double) -> Double
    init(_ function: @escaping (Double) -> Double) { self.function = function }
  }
}
