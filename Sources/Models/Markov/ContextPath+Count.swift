import BigInt

extension ContextPath {
  /// The number of contexts of full length: k^j of j < m symbols, which occur only at the start, and k^m full ones; with
  /// a length input, of each length that can have them (T − j and T − m).
  /// - Parameter longest: T, which is looked at where there is a length input.
  func contexts(longest: Int) -> BigInt {
    let k = BigInt(startMark)
    guard hasLengthInput else { return k.powerSum(below: order + 1) }
    return (0...order).reduce(BigInt(0)) { $0 + k.power($1) * BigInt(max(longest - $1, 0)) }
  }

  /// The law of the free parameters as a formula.
  func growth(_ shape: OutputShape) -> String {
    let each = shape.stop == .given ? "(k − 1)" : "k"
    return hasLengthInput ? "\(each)·Σ_{j≤\(order)} k^j (T − j)" : "\(each)·Σ_{j≤\(order)} k^j"
  }
}
