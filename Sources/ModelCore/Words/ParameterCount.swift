import BigInt
import Foundation
import GraphicalModel

/// A number of free parameters: an integer, or a formula where the integer has too many digits.
public struct ParameterCount: Sendable, Hashable {
  /// The integer; `nil` beyond `mostDigits` digits, which would take seconds and more to find and to write down.
  public let exact: BigInt?
  private let expression: String
  /// To base 10; −∞ of 0.
  public let log10: Double

  /// The decimal digits, or an expression such as `27·(27^1000000 − 1)/(27 − 1)`.
  public var text: String { exact.map { String($0) } ?? expression }

  /// More digits are not computed.
  public static let mostDigits = 10_000.0

  package init(_ number: BigInt) {
    exact = number
    expression = ""
    // What is shifted out is below the precision of the rest.
    let shift = max(number.bitWidth - 64, 0)
    log10 = Foundation.log10(Double(number >> shift)) + Double(shift) * Foundation.log10(2)
  }

  /// - Parameter expression: whose value is not computed.
  init(expression: String, log10: Double) {
    exact = nil
    self.expression = expression
    self.log10 = log10
  }
}

extension ParameterCount: Codable {
  private enum CodingKeys: String, CodingKey { case text, log10 }

  /// Decimal digits, or an expression with its logarithm.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let text = try container.decode(String.self, forKey: .text)
    if let number = BigInt(text) {
      self.init(number)
    } else {
      self.init(expression: text, log10: try container.decode(Double.self, forKey: .log10))
    }
  }

  /// Writes the digits, or the expression and its logarithm.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(text, forKey: .text)
    if exact == nil { try container.encode(log10, forKey: .log10) }
  }
}

extension ModelSpecification {
  /// The degrees of freedom for a longest length T that is known. O(1) where they have too many digits.
  package func parameterCount(_ shape: OutputShape, allowing longest: Int) -> ParameterCount {
    let template = family.template(shape)
    guard template.digits(longest: longest) > ParameterCount.mostDigits else {
      return ParameterCount(freeParameters(shape, allowing: longest))
    }
    // What the distribution of the length adds to numbers of this size is below their precision.
    return ParameterCount(
      expression: Self.substituting(["k": shape.alphabetSize, "T": longest], in: growth(inputWidth: shape.inputWidth)),
      log10: template.logFreeParameters(longest: longest) / log(10))
  }

  /// Substitutes values for the variables of a formula.
  private static func substituting(_ values: [String: Int], in formula: String) -> String {
    var text = ""
    var word = ""
    for character in formula + " " {
      if character.isLetter {
        word.append(character)
        continue
      }
      text += values[word].map(String.init) ?? word
      word = ""
      text.append(character)
    }
    return String(text.dropLast())
  }
}

extension FittedModel {
  /// The degrees of freedom, as `freeParameters` has them, without the digits of numbers that have very many.
  public var parameterCount: ParameterCount {
    specification.parameterCount(shape, allowing: facts.longest)
  }
}
