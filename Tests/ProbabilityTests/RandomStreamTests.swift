import Foundation
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

  /// The first numbers from the state 1, 2, 3, 4 by Blackman and Vigna's own program, as generators in other languages test
  /// them too (such as Rust's rand_xoshiro).
  @Test func theGeneratorIsXoshiro256PlusPlus() throws {
    let state = Data(#"{"s0": 1, "s1": 2, "s2": 3, "s3": 4}"#.utf8)
    var stream = try JSONDecoder().decode(RandomStream.self, from: state)
    let published: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205,
      9_973_669_472_204_895_162, 14_011_001_112_246_962_877, 12_406_186_145_184_390_807, 15_849_039_046_786_891_736,
      10_450_023_813_501_588_000,
    ]
    #expect(published.map { _ in stream.next() } == published)
  }

  /// A stream's 256 bits are filled by SplitMix64 from its seed and index: by another program, so that draws of earlier
  /// versions come again.
  @Test(arguments: [
    (0, 0, [9_579_327_875_526_494_010, 14_425_024_493_257_680_155, 12_536_166_511_277_982_743]),
    (42, 7, [3_409_545_882_473_857_721, 11_773_385_008_288_523_278, 15_640_253_386_848_488_616]),
  ])
  func streamsAreFilledBySplitMix(_ seed: UInt64, _ index: UInt64, _ expected: [UInt64]) {
    var stream = RandomStream(seed: seed, index: index)
    #expect(expected.map { _ in stream.next() } == expected)
  }

  /// The index whose share of the running sum holds the uniform number; never one of weight 0, whatever rounding or a total
  /// that is too large leaves.
  @Test func anIndexIsDrawnByItsWeight() {
    let weights = [0, 0.25, 0, 0.5, 0.25, 0]
    for seed in 0..<1000 as Range<UInt64> {
      var stream = RandomStream(seed: seed)
      var same = stream
      let uniform = same.uniform()
      #expect(stream.index(weights: weights) == (uniform < 0.25 ? 1 : uniform < 0.75 ? 3 : 4))
      #expect(stream == same)
      let far = stream.index(weights.count, total: 2) { weights[$0] }
      let asked = 2 * same.uniform()
      #expect(far == (asked < 0.25 ? 1 : asked < 0.75 ? 3 : 4))
    }
    var stream = RandomStream(seed: 1)
    #expect(stream.index(weights: [0, 0]) == 0)
    #expect(stream.index(weights: []) == 0)
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
