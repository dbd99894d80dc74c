extension FixedWidthInteger where Self: UnsignedInteger {
  /// The number in hexadecimal digits, with zeros in front up to a number of them.
  package func hexadecimal(digits: Int, uppercase: Bool = false) -> String {
    let text = String(self, radix: 16, uppercase: uppercase)
    return String(repeating: "0", count: Swift.max(digits - text.count, 0)) + text
  }
}
