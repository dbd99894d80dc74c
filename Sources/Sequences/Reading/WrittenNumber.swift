/// A number that a file holds, and how it is written there.
struct WrittenNumber: Equatable {
  /// Its value, correctly rounded; infinite where it is too large.
  var value: Double
  /// Whether it is written as an integer: without a point and an exponent.
  var isInteger: Bool

  init(value: Double, isInteger: Bool) { (self.value, self.isInteger) = (value, isInteger) }

  /// The number that a text is; nil for anything else.
  init?(text: String) {
    var text = text
    guard let number = text.withUTF8({ WrittenNumber($0) }) else { return nil }
    self = number
  }

  /// A decimal number as tables and JSON write it: a sign, digits with a point, an exponent. Nil for other bytes; "inf", "nan" and hexadecimal numbers are none. O(bytes).
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var rest = bytes[...]
    let sign = rest.first
    let isNegative = sign == UInt8(ascii: "-")
    if isNegative || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
    var (mantissa, digits, isExact) = (UInt64(0), 0, true)
    func take(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int {
      let start = rest.startIndex
      while let byte = rest.first, byte >= 0x30, byte <= 0x39 {
        // Fifteen digits are below 2^53.
        digits += digits > 0 || byte > 0x30 ? 1 : 0
        if digits <= 15 { mantissa = mantissa * 10 + UInt64(byte - 0x30) } else { isExact = false }
        rest = rest.dropFirst()
      }
      return rest.startIndex - start
    }
    let whole = take(&rest)
    var fraction = 0
    isInteger = true
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = take(&rest)
      isInteger = false
    }
    guard whole + fraction > 0 else { return nil }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      guard !rest.isEmpty else { return nil }
      rest = rest.drop { $0 >= 0x30 && $0 <= 0x39 }
      (isInteger, isExact) = (false, false)
    }
    guard rest.isEmpty else { return nil }
    if isExact, fraction < Self.powersOfTen.count {
      // A quotient of two exact numbers is rounded once (Clinger 1990, section 5).
      let magnitude = Double(mantissa) / Self.powersOfTen[fraction]
      value = isNegative ? -magnitude : magnitude
    } else {
      guard let parsed = Double(String(decoding: bytes, as: UTF8.self)) else { return nil }
      value = parsed
    }
  }

  /// 10^0 … 10^22, which are exact.
  private static let powersOfTen: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
}

/// What stands where a number is wanted, for a message: at most 20 letters of it.
func shown(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  let text = String(decoding: bytes, as: UTF8.self)
  return VisibleText.text(String(text.prefix(20))) + (text.count > 20 ? "…" : "")
}
