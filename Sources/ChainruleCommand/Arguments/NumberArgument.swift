import Foundation

/// Numbers on the command line, each with the range that it may be in: transforms for `@Option`.
enum NumberArgument {
  /// What is wrong with a number, behind "The value … is invalid for …:".
  struct OutOfRange: Error, CustomStringConvertible {
    let description: String
  }

  /// A whole number in a range; all that is not, however long, is refused with the range.
  static func whole<Number: FixedWidthInteger & Sendable>(
    _ range: ClosedRange<Number>
  ) -> @Sendable (String) throws -> Number {
    { text in
      guard let number = Number(text), range.contains(number) else {
        throw OutOfRange(description: "it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    }
  }

  /// A finite number in a range; its ends belong to it, `above` does not.
  static func decimal(
    above: Double? = nil, from least: Double = -.greatestFiniteMagnitude, to most: Double = .greatestFiniteMagnitude
  ) -> @Sendable (String) throws -> Double {
    { text in
      guard let number = Double(text), number.isFinite, number >= least, number <= most,
        above.map({ number > $0 }) ?? true
      else {
        var limits: [String] = []
        if let above { limits.append("above \(form(above))") }
        if least > -.greatestFiniteMagnitude { limits.append("of at least \(form(least))") }
        if most < .greatestFiniteMagnitude { limits.append("at most \(form(most))") }
        throw OutOfRange(description: "it must be a finite number \(limits.joined(separator: " and "))")
      }
      return number
    }
  }

  private static func form(_ number: Double) -> String { String(format: "%g", number) }
}
