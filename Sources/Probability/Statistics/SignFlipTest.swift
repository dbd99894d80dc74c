import Foundation

/// The two-sided permutation test of paired differences: whether they are symmetric about 0, as they are where the two of each
/// pair could be exchanged (Fisher 1935; Good 2005, "Permutation, parametric and bootstrap tests", section 3.2).
///
/// The statistic is the absolute mean. All 2^n signs are gone through where n is at most 13, random ones elsewhere, with
/// p = (1 + as extreme) / (1 + resamples) (Phipson and Smyth 2010). Of very many differences neighbours share a sign, in blocks
/// of equal size; so do those of one cluster.
/// - Returns: p; `nil` where a difference is infinite or there is none. 1 where all are 0.
package func signFlipTest(
  _ differences: [Double], clusters: [Int]? = nil, seed: UInt64, resamples: Int = 10_000
) -> Double? {
  guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
  let units = PairedUnits(differences, clusters).values
  let observed = abs(units.reduce(0, +))
  // Sums of the same numbers in another order may differ in their last digits.
  let least = observed - 1e-12 * units.reduce(0) { $0 + abs($1) }
  if units.count <= 13 {
    let extreme = (0..<(1 << units.count)).count { abs(sum(units, signs: UInt64($0))) >= least }
    return Double(extreme) / Double(1 << units.count)
  }
  var stream = RandomStream(seed: seed, purpose: "sign flips")
  var extreme = 1
  for _ in 0..<resamples {
    var total = 0.0
    for start in stride(from: 0, to: units.count, by: 64) {
      total += sum(units[start..<min(start + 64, units.count)], signs: stream.next())
    }
    if abs(total) >= least { extreme += 1 }
  }
  return Double(extreme) / Double(resamples + 1)
}

/// The sum of at most 64 numbers, each with the sign of its bit.
private func sum(_ numbers: some Sequence<Double>, signs: UInt64) -> Double {
  var (total, bits) = (0.0, signs)
  for number in numbers {
    total += Double(bitPattern: number.bitPattern ^ (bits & 1) << 63)
    bits >>= 1
  }
  return total
}
