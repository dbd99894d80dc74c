import CGSL

/// Minimises a smooth function of many variables by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno
/// (GSL's vector_bfgs2: Fletcher 1987).
package enum QuasiNewton {
  /// How far a minimisation has come.
  package struct Iterate: Sendable {
    package let iteration: Int
    package let value: Double
    package let gradientNorm: Double
    package let variables: [Double]
  }

  /// Iterates until the gradient's norm is below `tolerance`, no step makes progress any more, or `body` says false.
  /// - Parameters:
  ///   - start: where to begin; not empty.
  ///   - firstStep: the size of the first step.
  ///   - function: the value at a point, and its gradient. May give infinity where a step went too far.
  ///   - body: is shown each iterate; whether to go on.
  /// - Throws: `GSLError`.
  package static func minimise(
    from start: [Double], firstStep: Double, tolerance: Double, iterations: Int,
    _ function: @escaping ([Double]) -> (value: Double, gradient: [Double]), _ body: (Iterate) throws -> Bool
  ) throws {
    GSL.start()
    let count = start.count
    let problem = Problem(function)
    try withExtendedLifetime(problem) {
      var description = gsl_multimin_function_fdf(
        f: { Problem.of($1).evaluate($0).value },
        df: { Problem.of($1).evaluate($0).copyGradient(to: $2) },
        fdf: { point, problem, value, gradient in
          let result = Problem.of(problem).evaluate(point)
          value?.pointee = result.value
          result.copyGradient(to: gradient)
        }, n: count, params: Unmanaged.passUnretained(problem).toOpaque())
      guard let x = gsl_vector_alloc(count),
        let state = gsl_multimin_fdfminimizer_alloc(chainrule_bfgs2(), count)
      else { throw GSLError(status: Int32(GSL_ENOMEM)) }
      defer {
        gsl_multimin_fdfminimizer_free(state)
        gsl_vector_free(x)
      }
      for (index, value) in start.enumerated() { gsl_vector_set(x, index, value) }
      try GSLError.check(gsl_multimin_fdfminimizer_set(state, &description, x, firstStep, 0.1))
      for iteration in 1...max(iterations, 1) {
        let status = gsl_multimin_fdfminimizer_iterate(state)
        if status != Int32(GSL_ENOPROG) { try GSLError.check(status) }
        let norm = gsl_blas_dnrm2(state.pointee.gradient)
        let iterate = Iterate(
          iteration: iteration, value: state.pointee.f, gradientNorm: norm,
          variables: (0..<count).map { gsl_vector_get(state.pointee.x, $0) })
        guard try body(iterate), status != Int32(GSL_ENOPROG), norm > tolerance else { return }
      }
    }
  }

  /// A function, and its last value: GSL asks for value and gradient at the same point in turn.
  private final class Problem {
    private let function: ([Double]) -> (value: Double, gradient: [Double])
    private var point: [Double] = []
    private(set) var value = 0.0
    private var gradient: [Double] = []

    init(_ function: @escaping ([Double]) -> (value: Double, gradient: [Double])) { self.function = function }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> Problem {
      Unmanaged<Problem>.fromOpaque(pointer.unsafelyUnwrapped).takeUnretainedValue()
    }

    func evaluate(_ vector: UnsafePointer<gsl_vector>?) -> Problem {
      guard let vector else { return self }
      let asked = (0..<vector.pointee.size).map { gsl_vector_get(vector, $0) }
      if asked != point {
        point = asked
        (value, gradient) = function(asked)
      }
      return self
    }

    func copyGradient(to target: UnsafeMutablePointer<gsl_vector>?) {
      for (index, value) in gradient.enumerated() { gsl_vector_set(target, index, value) }
    }
  }
}
