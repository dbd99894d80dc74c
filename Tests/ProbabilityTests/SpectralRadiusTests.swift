import Foundation
import Probability
import Testing

@Suite struct SpectralRadiusTests {
  @Test(arguments: [0.1, 1, 2.5])
  func aShrunkRotation(_ angle: Double) throws {
    let (c, s) = (0.9 * cos(angle), 0.9 * sin(angle))
    #expect(abs(try spectralRadius([c, -s, s, c], size: 2) - 0.9) < 1e-12)
  }

  @Test func aTriangleHasItsDiagonal() throws {
    #expect(abs(try spectralRadius([1, 5, -3, 0, -4, 2, 0, 0, 3], size: 3) - 4) < 1e-12)
    #expect(abs(try spectralRadius([1, 0, 0, 5, 2, 0, -3, 2, -0.5], size: 3) - 2) < 1e-12)
  }

  /// Eigenvalues of a nilpotent matrix are known to the n-th root of rounding only.
  @Test func nilpotent() throws {
    #expect(try spectralRadius([0, 1, 2, 0, 0, 3, 0, 0, 0], size: 3) < 1e-4)
    #expect(try spectralRadius([1, -1, 1, -1], size: 2) < 1e-6)
  }

  @Test func smallOnes() throws {
    #expect(try spectralRadius([-3], size: 1) == 3)
    #expect(try spectralRadius([0], size: 1) == 0)
    #expect(try spectralRadius([], size: 0) == 0)
  }
}
