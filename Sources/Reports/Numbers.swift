import BigInt
import Foundation
import Models

/// Numbers for people.
package enum Numbers {
  /// 1234567 as "1,234,567", and from 10^12 on as "1.23e12".
  package static func count(_ number: BigInt) -> String {
    guard number.magnitude < 1_000_000_000_000 else { return power(logarithm(number)) }
    let digits = String(number)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// The same of a number that may have more digits than can be computed.
  package static func count(_ number: ParameterCount) -> String {
    number.exact.map { count($0) } ?? power(number.log10)
  }

  /// A large positive number, given by its logarithm, as "1.23e12".
  package static func power(_ logarithm: Double) -> String {
    var exponent = Int(logarithm)
    var text = String(format: "%.2f", pow(10, logarithm - Double(exponent)))
    if text == "10.00" { (text, exponent) = ("1.00", exponent + 1) }
    return "\(text)e\(exponent)"
  }

  /// To base 10; −∞ of 0.
  package static func logarithm(_ number: BigInt) -> Double { ParameterCount(number).log10 }

  package static func count(_ number: Int) -> String { count(BigInt(number)) }

  /// 1 as "1 symbol", 2 as "2 symbols".
  package static func count(_ number: Int, _ thing: String) -> String {
    "\(count(number)) \(thing)\(number == 1 ? "" : "s")"
  }

  /// With a fixed number of decimals, from 10^12 on as "1.23e+12"; infinite ones as "inf".
  package static func decimal(_ number: Double, _ decimals: Int, signed: Bool = false) -> String {
    guard number.isFinite else { return number.isNaN ? "–" : number > 0 ? "inf" : "-inf" }
    let form = abs(number) < 1e12 ? "\(decimals)f" : "2e"
    return String(format: signed ? "%+.\(form)" : "%.\(form)", number)
  }

  /// With so many significant digits.
  package static func significant(_ number: Double, _ digits: Int = 4) -> String {
    String(format: "%.\(digits)g", number)
  }

  /// The decimals that an uncertainty of ± `halfWidth` justifies: to its second digit.
  package static func decimals(for halfWidth: Double) -> Int {
    guard halfWidth.isFinite, halfWidth > 0 else { return 3 }
    return min(max(1 - Int(log10(halfWidth).rounded(.down)), 0), 6)
  }

  /// A p-value in a table; below what double precision can hold only that it is.
  package static func pValue(_ p: Double?) -> String {
    guard let p else { return "–" }
    return p < 1e-300 ? "< 1e-300" : String(format: "%.3g", p)
  }

  /// A p-value in a sentence: "p = 0.03" or "p < 1e-300".
  package static func pClause(_ p: Double?) -> String {
    let value = pValue(p)
    return value.hasPrefix("<") ? "p \(value)" : "p = \(value)"
  }

  package static func seconds(_ seconds: Double) -> String {
    seconds < 10 ? String(format: "%.2f s", seconds) : String(format: "%.0f s", seconds)
  }
}
