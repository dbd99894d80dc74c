import CGSL

/// Minimises a function of a few variables without its gradient, by the simplex method of Nelder and Mead (GSL's
/// multimin_fminimizer_nmsimplex2; Nelder and Mead 1965).
package enum Simplex {
  /// - Parameters:
  ///   - start: where to begin; not empty.
  ///   - step: the size of the first simplex.
  ///   - tolerance: of the variables: the simplex's size at which it ends.
  ///   - function: the value at a point; may give infinity.
  /// - Returns: the lowest point found.
  /// - Throws: `GSLError`.
  package static func minimise(
    from start: [Double], step: Double, tolerance: Double, iterations: Int,
    _ function: @escaping ([Double]) -> Double
  ) throws -> (variables: [Double], value: Double) {
    GSL.start()
    let count = start.count
    let problem = Problem(function)
    return try withExtendedLifetime(problem) {
      var description = gsl_multimin_function(
        f: { point, problem in
          guard let point else { return .infinity }
          let problem = Unmanaged<Problem>.fromOpaque(problem.unsafelyUnwrapped).takeUnretainedValue()
          return problem.function((0..<point.pointee.size).map { gsl_vector_get(point, $0) })
        }, n: count, params: Unmanaged.passUnretained(problem).toOpaque())
      guard let x = gsl_vector_alloc(count), let steps = gsl_vector_alloc(count),
        let state = gsl_multimin_fminimizer_alloc(chainrule_nmsimplex2(), count)
      else { throw GSLError(status: Int32(GSL_ENOMEM)) }
      defer {
        gsl_multimin_fminimizer_free(state)
        gsl_vector_free(steps)
        gsl_vector_free(x)
      }
      for (index, value) in start.enumerated() { gsl_vector_set(x, index, value) }
      gsl_vector_set_all(steps, step)
      try GSLError.check(gsl_multimin_fminimizer_set(state, &description, x, steps))
      for _ in 0..<iterations {
        let status = gsl_multimin_fminimizer_iterate(state)
        if status == Int32(GSL_ENOPROG) { break }
        try GSLError.check(status)
        if gsl_multimin_fminimizer_size(state) < tolerance { break }
      }
      return ((0..<count).map { gsl_vector_get(state.pointee.x, $0) }, state.pointee.fval)
    }
  }

  private final class Problem {
    let function: ([Double]) -> Double
    init(_ function: @escaping ([Double]) -> Double) { self.function = function }
  }
}
