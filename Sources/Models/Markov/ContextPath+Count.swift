import BigInt

extension ContextPath {
  /// Whether the number of contexts depends on the longest length.
  var needsLongest: Bool { hasLengthInput || time == .each }

  /// The number of contexts of full length: those of j < m symbols, which occur after j elements alone, and the full ones,
  /// at each t and with each length input at which they can stand.
  /// - Parameter longest: T; what comes after T elements is certain and costs nothing.
  func contexts(longest: Int) -> BigInt {
    let k = BigInt(startMark)
    if !needsLongest {
      // The buckets in which a context can be full; one for all where t is no parent.
      guard case .bucket(let count) = time else { return k.powerSum(below: order + 1) }
      return k.powerSum(below: order) + k.power(order) * BigInt(count - time.label(order))
    }
    let short = (0..<order).reduce(BigInt(0)) {
      $0 + k.power($1) * BigInt(hasLengthInput ? max(longest - $1, 0) : $1 < longest ? 1 : 0)
    }
    return short + k.power(order) * fullContexts(longest)
  }

  /// The pairs of t and a length input with which a full context can stand.
  private func fullContexts(_ longest: Int) -> BigInt {
    let steps = max(longest - order, 0)
    switch time {
    case .none: return BigInt(steps)
    case .each: return hasLengthInput ? BigInt(steps) * BigInt(steps + 1) / 2 : BigInt(steps)
    case .bucket(let count):
      // The earliest t of each bucket leaves the most lengths.
      return (time.label(order)..<count).reduce(BigInt(0)) { sum, bucket in
        let first = max(bucket == 0 ? 0 : 1 << (bucket - 1), order)
        return sum + BigInt(max(longest - first, 0))
      }
    }
  }

  /// The law of the free parameters as a formula.
  func growth(_ shape: OutputShape) -> String {
    let each = shape.stop == .given ? "(k − 1)" : "k"
    let m = order
    switch (time, hasLengthInput) {
    case (.none, false): return "\(each)·Σ_{j≤\(m)} k^j"
    case (.none, true): return "\(each)·Σ_{j≤\(m)} k^j (T − j)"
    case (.bucket(let count), false):
      return "\(each)·(Σ_{j<\(m)} k^j + \(count - time.label(m))·k^\(m))"
    case (.bucket, true): return "\(each)·(Σ_{j<\(m)} k^j (T − j) + k^\(m) Σ_{buckets b} (T − first(b)))"
    case (.each, false): return "\(each)·Σ_{t<T} k^min(t, \(m))"
    case (.each, true): return "\(each)·Σ_{t<T} k^min(t, \(m)) (T − t)"
    }
  }
}
