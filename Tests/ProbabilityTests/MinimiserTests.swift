import Foundation
import Probability
import Testing

/// Minima known by calculus.
@Suite struct MinimiserTests {
  @Test(arguments: [-3.2, 0, 0.7, 4.4])
  func brent(_ minimum: Double) throws {
    let found = try Brent.minimise(in: -5...5, points: 11, tolerance: 1e-8) { cosh($0 - minimum) }
    #expect(abs(found.variable - minimum) < 1e-6)
    #expect(abs(found.value - 1) < 1e-12)
  }

  /// Where it falls to an end of the range, that end.
  @Test func brentAtAnEnd() throws {
    #expect(try Brent.minimise(in: -5...5, points: 11, tolerance: 1e-8) { $0 }.variable == -5)
    #expect(try Brent.minimise(in: -5...5, points: 11, tolerance: 1e-8) { -$0 }.variable == 5)
    #expect(try Brent.minimise(in: -5...5, points: 11, tolerance: 1e-8) { _ in .infinity }.value == .infinity)
  }

  /// Rosenbrock's valley, with its minimum at (1, 1).
  @Test func simplex() throws {
    let found = try Simplex.minimise(from: [-1.2, 1], step: 0.5, tolerance: 1e-7, iterations: 1000) { x in
      100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1 - x[0]) * (1 - x[0])
    }
    #expect(abs(found.variables[0] - 1) < 1e-5 && abs(found.variables[1] - 1) < 1e-5)
    #expect(found.value < 1e-10)
  }
}
