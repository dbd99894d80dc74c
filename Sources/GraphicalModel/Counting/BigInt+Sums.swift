import BigInt

extension BigInt {
  /// Σ_{j < count} self^j.
  func powerSum(below count: Int) -> BigInt {
    if self == 1 { return BigInt(count) }
    return (power(count) - 1) / (self - 1)
  }

  /// Σ_{j < count} (count − j) self^j, which is Σ_{n ≤ count} Σ_{j < n} self^j.
  func fallingPowerSum(below count: Int) -> BigInt {
    if self == 1 { return BigInt(count) * BigInt(count + 1) / 2 }
    return (self * powerSum(below: count) - BigInt(count)) / (self - 1)
  }
}
