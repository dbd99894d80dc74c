import CGSL

/// Minimises a function of one variable by Brent's method (GSL's min_fminimizer_brent; Brent 1973, chapter 5).
package enum Brent {
  /// The lowest point found in a range: the best of a grid of points, refined between its neighbours unless it
  /// is an end of the range.
  /// - Parameters:
  ///   - points: of the grid, at least 3; the ends of the range are among them.
  ///   - tolerance: of the variable.
  /// - Throws: `GSLError`.
  package static func minimise(
    in range: ClosedRange<Double>, points: Int, tolerance: Double, iterations: Int = 50,
    _ function: @escaping (Double) -> Double
  ) throws -> (variable: Double, value: Double) {
    GSL.start()
    let step = (range.upperBound - range.lowerBound) / Double(points - 1)
    let grid = (0..<points).map { index in
      let x = range.lowerBound + step * Double(index)
      return (variable: x, value: function(x))
    }
    let best = grid.indices.min { grid[$0].value < grid[$1].value } ?? 0
    // A bracket has a lower point between two higher ones.
    guard best > 0, best < points - 1, grid[best - 1].value > grid[best].value, grid[best + 1].value > grid[best].value,
      grid[best - 1].value < .infinity, grid[best + 1].value < .infinity
    else { return grid[best] }
    let problem = Problem(function)
    return try withExtendedLifetime(problem) {
      var description = gsl_function(
        function: { x, problem in
          Unmanaged<Problem>.fromOpaque(problem.unsafelyUnwrapped).takeUnretainedValue().function(x)
        }, params: Unmanaged.passUnretained(problem).toOpaque())
      guard let state = gsl_min_fminimizer_alloc(chainrule_brent()) else { throw GSLError(status: Int32(GSL_ENOMEM)) }
      defer { gsl_min_fminimizer_free(state) }
      try GSLError.check(
        gsl_min_fminimizer_set_with_values(
          state, &description, grid[best].variable, grid[best].value, grid[best - 1].variable, grid[best - 1].value,
          grid[best + 1].variable, grid[best + 1].value))
      for _ in 0..<iterations {
        try GSLError.check(gsl_min_fminimizer_iterate(state))
        if gsl_min_fminimizer_x_upper(state) - gsl_min_fminimizer_x_lower(state) < tolerance { break }
      }
      return (gsl_min_fminimizer_x_minimum(state), gsl_min_fminimizer_f_minimum(state))
    }
  }

  private final class Problem {
    let function: (Double) -> Double
    init(_ function: @escaping (Double) -> Double) { self.function = function }
  }
}
