import Probability
import Testing

/// Least squares against solutions by hand and the normal equations.
@Suite struct LeastSquaresTests {
  private func solve(
    _ rows: [(features: [Double], targets: [Double])], ridge: Double = 0
  ) throws -> (coefficients: [Double], residuals: [Double]) {
    var system = LeastSquares(features: rows[0].features.count, targets: rows[0].targets.count)
    for row in rows {
      try system.add { base in
        for (index, value) in (row.features + row.targets).enumerated() { base[index] = value }
      }
    }
    #expect(system.count == rows.count)
    return try system.solution(ridge: ridge)
  }

  private func expectEqual(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-10) {
    #expect(found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < tolerance }, "\(found)")
  }

  /// y = 1, 3, 2 at x = 0, 1, 2: the line 1.5 + 0.5 x, residuals −0.5, 1, −0.5.
  @Test func aLine() throws {
    let (coefficients, residuals) = try solve([([1, 0], [1]), ([1, 1], [3]), ([1, 2], [2])])
    expectEqual(coefficients, [1.5, 0.5])
    expectEqual(residuals, [1.5])
    // With a ridge of 1: Σ(x − 1)(y − 2) = 1 over Σ(x − 1)² + 1 = 3.
    expectEqual(
      try solve([([1, 0], [1]), ([1, 1], [3]), ([1, 2], [2])], ridge: 1).coefficients, [2 - 1.0 / 3, 1.0 / 3])
  }

  /// Of two equal columns each gets half; of one row the coefficients of smallest norm; of a column of zeros 0.
  @Test func columnsMayDependOnEachOther() throws {
    let (coefficients, residuals) = try solve([([1, 1, 0], [2, 0]), ([2, 2, 0], [4, 1]), ([3, 3, 0], [6, 0])])
    expectEqual(coefficients, [1, 1.0 / 14, 1, 1.0 / 14, 0, 0])
    expectEqual(residuals, [0, 0, 0, 1 - 4.0 / 14])
    expectEqual(try solve([([3, 4], [25])]).coefficients, [3, 4])
  }

  /// Many rows, over several blocks, against the normal equations of two features.
  @Test func rowsComeInBlocks() throws {
    var stream = RandomStream(seed: 1)
    let rows = (0..<1000).map { _ in
      let x = [1, 5 + stream.normal()]
      return (features: x, targets: [2 * x[1] + stream.normal(), stream.normal()])
    }
    let (coefficients, residuals) = try solve(rows)
    func mean(_ value: ((features: [Double], targets: [Double])) -> Double) -> Double {
      rows.reduce(0) { $0 + value($1) } / 1000
    }
    let x = mean { $0.features[1] }
    let variance = mean { ($0.features[1] - x) * ($0.features[1] - x) }
    let y = (0..<2).map { target in mean { $0.targets[target] } }
    let slopes = (0..<2).map { target in mean { ($0.features[1] - x) * ($0.targets[target] - y[target]) } / variance }
    expectEqual(coefficients, [y[0] - slopes[0] * x, y[1] - slopes[1] * x] + slopes, 1e-9)
    func residual(_ row: (features: [Double], targets: [Double]), _ target: Int) -> Double {
      row.targets[target] - y[target] - slopes[target] * (row.features[1] - x)
    }
    let products = (0..<4).map { index in 1000 * mean { residual($0, index / 2) * residual($0, index % 2) } }
    expectEqual(residuals, products, 1e-7)
  }

  @Test func enormousNumbersAreRefused() {
    #expect(throws: GSLError.self) { try solve([([1, 1e300], [1e300]), ([1, -1e300], [1e308])]) }
  }

  /// [[4, 2], [2, 3]] x = [8, 7] has the solution [1.25, 1.5]; a matrix with a negative eigenvalue has no factor.
  @Test func systemsAreSolvedByCholesky() {
    var (matrix, vector) = ([4.0, .nan, 2, 3], [8.0, 7])
    #expect(Cholesky.solve(&matrix, size: 2, &vector))
    expectEqual(vector, [1.25, 1.5])
    (matrix, vector) = ([1, 2, 2, 1], [1, 1])
    #expect(!Cholesky.solve(&matrix, size: 2, &vector) && vector == [1, 1])
  }
}
