import BigInt
import Chainrule
import Foundation

/// Numbers for people.
enum Numbers {
  /// 1234567 as "1,234,567", and from 10^12 on as "1.23e12".
  static func count(_ number: BigInt) -> String {
    let digits = String(number)
    guard digits.count <= 12 else {
      let mantissa = Double("0." + digits.prefix(17)) ?? 0
      var text = String(format: "%.2f", mantissa * 10)
      var exponent = digits.count - 1
      if text == "10.00" { (text, exponent) = ("1.00", exponent + 1) }
      return "\(text)e\(exponent)"
    }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  static func count(_ number: Int) -> String { count(BigInt(number)) }

  /// 1 as "1 symbol", 2 as "2 symbols".
  static func count(_ number: Int, _ thing: String) -> String { "\(count(number)) \(thing)\(number == 1 ? "" : "s")" }

  /// With a fixed number of decimals; infinite ones as "inf".
  static func decimal(_ number: Double, _ decimals: Int, signed: Bool = false) -> String {
    guard number.isFinite else { return number > 0 ? "inf" : "-inf" }
    return String(format: signed ? "%+.\(decimals)f" : "%.\(decimals)f", number)
  }

  /// The decimals that an uncertainty of ± `halfWidth` justifies: to its second digit.
  static func decimals(for halfWidth: Double) -> Int {
    guard halfWidth.isFinite, halfWidth > 0 else { return 3 }
    return min(max(1 - Int(log10(halfWidth).rounded(.down)), 0), 6)
  }

  static func seconds(_ seconds: Double) -> String {
    seconds < 10 ? String(format: "%.2f s", seconds) : String(format: "%.0f s", seconds)
  }
}
