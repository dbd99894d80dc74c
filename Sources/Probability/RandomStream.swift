import Support

/// A stream of random numbers with an address: a seed and an index.
///
///     var third = RandomStream(seed: 42, index: 3)
///     let u = third.uniform()          // in (0, 1)
///     let z = third.normal()           // by GSL, from the same stream
///
/// Sample i of a run is drawn from the stream (seed, i), so that it depends neither on how many samples are drawn
/// nor on the number of threads. GSL's own generators take 32 bits of seed, too few for that: of 100,000 streams
/// two would coincide more often than not. So this is a generator of our own, xoshiro256++ (Blackman and Vigna
/// 2021) with its 256 bits filled by SplitMix64 from both numbers, and it is handed to GSL's distributions as one
/// of GSL's generator types.
///
/// A stream is a plain value of 32 bytes: a copy goes on by itself, and its state can be stored.
public struct RandomStream: RandomNumberGenerator, Sendable, Hashable, Codable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// The stream number `index` of `seed`.
  public init(seed: UInt64, index: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    mixer.state = mixer.next() ^ index
    (s0, s1, s2, s3) = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    if s0 | s1 | s2 | s3 == 0 { s0 = 1 }
  }

  /// The stream of `seed` for one purpose, such as "split" or "dropout": purposes do not disturb each other.
  public init(seed: UInt64, purpose: String, index: UInt64 = 0) {
    var hash = FNV1a()
    for byte in purpose.utf8 { hash.add(UInt64(byte)) }
    var mixer = SplitMix64(state: seed ^ hash.value)
    self.init(seed: mixer.next(), index: index)
  }

  /// 64 random bits.
  @inlinable public mutating func next() -> UInt64 {
    let result = rotated(s0 &+ s3, by: 23) &+ s0
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotated(s3, by: 45)
    return result
  }

  /// A number in the open interval (0, 1), of 53 random bits.
  @inlinable public mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
}

@inlinable func rotated(_ x: UInt64, by bits: UInt64) -> UInt64 { (x << bits) | (x >> (64 - bits)) }

/// Steele, Lea and Flood 2014: fills a state from one number.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
