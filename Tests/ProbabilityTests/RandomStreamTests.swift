import Probability
import Testing

@Suite struct RandomStreamTests {
  @Test func aStreamIsAddressedBySeedAndIndex() {
    var a = RandomStream(seed: 1, index: 2)
    var b = RandomStream(seed: 1, index: 2)
    var c = RandomStream(seed: 2, index: 1)
    let first = (0..<4).map { _ in a.next() }
    #expect(first == (0..<4).map { _ in b.next() })
    #expect(first != (0..<4).map { _ in c.next() })
  }

  /// Means and variances of a million draws within five standard errors of the exact ones.
  @Test func distributionsHaveTheirMoments() {
    var stream = RandomStream(seed: 7)
    let n = 1_000_000
    var uniform = 0.0
    var square = 0.0
    var geometric = 0.0
    for _ in 0..<n {
      uniform += stream.uniform()
      let z = stream.normal()
      square += z * z
      geometric += Double(stream.geometric(0.25))
    }
    let root = Double(n).squareRoot()
    #expect(abs(uniform / Double(n) - 0.5) < 5 * 0.2887 / root)
    #expect(abs(square / Double(n) - 1) < 5 * 1.4143 / root)
    #expect(abs(geometric / Double(n) - 3) < 5 * 3.4642 / root)
  }

  @Test func aPermutationHoldsEachIndexOnce() {
    var stream = RandomStream(seed: 3)
    #expect(stream.permutation(1000).sorted() == Array(0..<1000))
    #expect(stream.permutation(0).isEmpty)
  }
}
