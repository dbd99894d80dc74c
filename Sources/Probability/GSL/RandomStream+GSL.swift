import CGSL
import Foundation

extension RandomStream {
  /// A draw from the normal distribution of mean 0 and variance 1 (GSL's ziggurat).
  public mutating func normal() -> Double { withGSL { gsl_ran_gaussian_ziggurat($0, 1) } }

  /// A draw n ≥ 0 with P(n) = p (1 − p)^n, by inversion (GSL's holds 32 bits, too few for small p).
  /// - Precondition: 0 < `probability` ≤ 1.
  public mutating func geometric(_ probability: Double) -> Int {
    precondition(probability > 0 && probability <= 1)
    return Int(min(log(uniform()) / log1p(-probability), 0x1p62))
  }

  /// The logarithm of a draw from the gamma distribution of the given shape and scale 1 (GSL's). A draw of small shape may
  /// be less than any number; its logarithm is not.
  /// - Precondition: 0 < `shape`.
  public mutating func logGamma(_ shape: Double) -> Double {
    precondition(shape > 0)
    if shape >= 1 { return log(withGSL { gsl_ran_gamma($0, shape, 1) }) }
    return log(withGSL { gsl_ran_gamma($0, shape + 1, 1) }) + log(uniform()) / shape
  }

  /// A random order of 0, 1, … `count` − 1 (GSL's Fisher–Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    order.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, count > 1 else { return }
      withGSL { gsl_ran_shuffle($0, base, count, MemoryLayout<Int>.stride) }
    }
    return order
  }

  /// Lends this stream to a GSL routine, which advances it.
  public mutating func withGSL<Result>(_ body: (UnsafePointer<gsl_rng>) -> Result) -> Result {
    GSL.start()
    return withUnsafeMutableBytes(of: &self) { state in
      var generator = gsl_rng(type: GeneratorType.shared.pointer, state: state.baseAddress)
      return withUnsafePointer(to: &generator, body)
    }
  }
}

/// GSL's description of our generator; GSL wants it at an address that stays.
private struct GeneratorType: @unchecked Sendable {
  let pointer: UnsafePointer<gsl_rng_type>

  /// Written once, only read afterwards.
  static let shared: GeneratorType = {
    let name = UnsafeMutablePointer<CChar>.allocate(capacity: 16)
    for (index, byte) in "xoshiro256++\0".utf8.enumerated() { name[index] = CChar(bitPattern: byte) }
    let type = UnsafeMutablePointer<gsl_rng_type>.allocate(capacity: 1)
    type.initialize(
      to: gsl_rng_type(
        name: UnsafePointer(name), max: UInt.max, min: 0, size: MemoryLayout<RandomStream>.size,
        set: { state, seed in
          state?.assumingMemoryBound(to: RandomStream.self).pointee = RandomStream(seed: UInt64(seed))
        },
        get: { state in
          UInt(state?.assumingMemoryBound(to: RandomStream.self).pointee.next() ?? 0)
        },
        get_double: { state in
          state?.assumingMemoryBound(to: RandomStream.self).pointee.uniform() ?? 0.5
        }))
    return GeneratorType(pointer: UnsafePointer(type))
  }()
}
