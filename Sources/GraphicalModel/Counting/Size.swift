/// A number with the letters that it is made of: k + 1 outcomes, 3h rows. So a count can be told as a formula as well.
public struct Size: Sendable, Hashable, ExpressibleByIntegerLiteral {
  private struct Term: Sendable, Hashable {
    var coefficient: Int
    let letter: String
    let value: Int
  }

  private var terms: [Term] = []
  /// The summand without a letter.
  public private(set) var constant: Int

  /// A number without a letter.
  public init(_ number: Int) { constant = number }
  /// A number without a letter.
  public init(integerLiteral number: Int) { constant = number }

  /// A letter that stands for a number.
  public init(_ letter: String, _ value: Int) {
    terms = [Term(coefficient: 1, letter: letter, value: value)]
    constant = 0
  }

  /// The number itself.
  public var number: Int { terms.reduce(constant) { $0 + $1.coefficient * $1.value } }

  /// The sum, letter by letter.
  public static func + (a: Size, b: Size) -> Size {
    var sum = a
    sum.constant += b.constant
    for term in b.terms {
      if let index = sum.terms.firstIndex(where: { $0.letter == term.letter && $0.value == term.value }) {
        sum.terms[index].coefficient += term.coefficient
      } else {
        sum.terms.append(term)
      }
    }
    sum.terms.removeAll { $0.coefficient == 0 }
    return sum
  }

  /// The product with a number.
  public static func * (factor: Int, size: Size) -> Size {
    var product = size
    product.constant *= factor
    for index in product.terms.indices { product.terms[index].coefficient *= factor }
    product.terms.removeAll { $0.coefficient == 0 }
    return product
  }

  /// As in "3h", "k − 1", "k + h + 17".
  public var text: String {
    var text = ""
    for (coefficient, letter) in terms.map({ ($0.coefficient, $0.letter) }) + (constant == 0 ? [] : [(constant, "")]) {
      let magnitude = abs(coefficient)
      text += text.isEmpty ? (coefficient < 0 ? "−" : "") : coefficient < 0 ? " − " : " + "
      text += (magnitude == 1 && !letter.isEmpty ? "" : String(magnitude)) + letter
    }
    return text.isEmpty ? "0" : text
  }

  /// The same as a factor of a product: sums in parentheses.
  public var factor: String { terms.count + (constant == 0 ? 0 : 1) > 1 ? "(\(text))" : text }
}
