import Probability
import Testing

@Suite struct QuasiNewtonTests {
  private struct Stopped: Error {}

  /// Σ 100 (x(i+1) − x(i)²)² + (1 − x(i))², least at 1.
  private static func rosenbrock(_ x: [Double]) -> (value: Double, gradient: [Double]) {
    var value = 0.0
    var gradient = x.map { _ in 0.0 }
    for index in 0..<(x.count - 1) {
      let (bend, rest) = (x[index + 1] - x[index] * x[index], 1 - x[index])
      value += 100 * bend * bend + rest * rest
      gradient[index] -= 400 * x[index] * bend + 2 * rest
      gradient[index + 1] += 200 * bend
    }
    return (value, gradient)
  }

  @Test(arguments: [2, 10])
  func rosenbrocksValley(_ count: Int) throws {
    var last: QuasiNewton.Iterate?
    let start = (0..<count).map { $0 % 2 == 0 ? 0.5 : 0.8 }
    try QuasiNewton.minimise(
      from: start, firstStep: 0.1, tolerance: 1e-8, iterations: 2000, Self.rosenbrock,
      { iterate in
        last = iterate
        return true
      })
    let end = try #require(last)
    #expect(end.variables.count == count)
    #expect(end.variables.allSatisfy { abs($0 - 1) < 1e-5 }, "\(end)")
    #expect(end.value < 1e-9 && end.iteration < 2000)
  }

  @Test func aQuadratic() throws {
    var last: QuasiNewton.Iterate?
    try QuasiNewton.minimise(
      from: [5, -7, 2], firstStep: 0.1, tolerance: 1e-8, iterations: 200,
      { x in
        let shifts = zip(x, [1.0, 2, 3]).map { $0 - $1 }
        return (
          zip(shifts, [1.0, 4, 9]).reduce(2) { $0 + $1.0 * $1.0 * $1.1 }, zip(shifts, [2.0, 8, 18]).map { $0 * $1 }
        )
      },
      { iterate in
        last = iterate
        return true
      })
    let end = try #require(last)
    #expect(zip(end.variables, [1.0, 2, 3]).allSatisfy { abs($0 - $1) < 1e-6 }, "\(end)")
    #expect(abs(end.value - 2) < 1e-9)
  }

  @Test func theBodyEndsIt() throws {
    var seen: [Int] = []
    try QuasiNewton.minimise(
      from: [-1.2, 1], firstStep: 0.1, tolerance: 1e-8, iterations: 100, Self.rosenbrock,
      { iterate in
        seen.append(iterate.iteration)
        return iterate.iteration < 3
      })
    #expect(seen == [1, 2, 3])
  }

  @Test func anErrorComesThrough() {
    #expect(throws: Stopped.self) {
      try QuasiNewton.minimise(
        from: [-1.2, 1], firstStep: 0.1, tolerance: 1e-8, iterations: 100, Self.rosenbrock, { _ in throw Stopped() })
    }
  }
}
