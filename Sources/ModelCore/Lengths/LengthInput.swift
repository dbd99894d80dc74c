/// What each element knows of a length that is drawn first: a whole number, and how it is seen.
public struct LengthInput: Sendable, Hashable {
  public enum Quantity: Sendable, Hashable {
    /// τ − t, for the element after the first t.
    case remaining
    /// τ.
    case total
  }

  public var quantity: Quantity
  public var form: LengthForm

  public init(_ quantity: Quantity, as form: LengthForm = .knots) {
    self.quantity = quantity
    self.form = form
  }

  /// The number that the conditionals are given at time t of a sequence of length τ.
  public func label(time: Int, length: Int) -> Int { form.label(quantity == .remaining ? length - time : length) }
}

/// How conditionals see a whole number n that has no bound. To a table each label is a value of its own; a network sees
/// some numbers.
public enum LengthForm: Sendable, Hashable {
  /// A table: n. A network: n's place between the two neighbours among 0, 1, 2, 3, 4, 6, 8, 12, …, 1024.
  case knots
  /// A table: n. A network: the one number log(1 + n).
  case number
  /// One of so many buckets, of 0, 1, 2–3, 4–7, …; the last has no end.
  case bucket(Int)
  /// 0, 1, … by themselves, as so many rows of weights; the last stands for all larger ones.
  case embedding(Int)

  public static let help = "as=knots, number, bucket:n or embedding:n"

  /// - Throws: `SpecificationError`.
  package init(_ text: String, owner: String) throws {
    let value = NumberedValue(text)
    switch value.name {
    case "knots" where !value.hasNumber: self = .knots
    case "number" where !value.hasNumber: self = .number
    case "bucket": self = .bucket(try value.count(in: 2...63, of: "as", owner: owner))
    case "embedding": self = .embedding(try value.count(in: 2...1024, of: "as", owner: owner))
    default:
      throw SpecificationError.unknown(
        what: "\(owner): as", word: text, known: ["knots", "number", "bucket:8", "embedding:16"])
    }
  }

  package var word: String {
    switch self {
    case .knots: "knots"
    case .number: "number"
    case .bucket(let count): "bucket:\(count)"
    case .embedding(let count): "embedding:\(count)"
    }
  }

  func label(_ number: Int) -> Int {
    switch self {
    case .knots, .number: number
    case .bucket(let count): TimeInput.bucket(number, of: count)
    case .embedding(let count): min(number, count - 1)
    }
  }

  /// The first number of each label from 1 on, where labels are limited.
  var starts: [Int]? {
    switch self {
    case .knots, .number: nil
    case .bucket(let count): (0..<count - 1).map { 1 << $0 }
    case .embedding(let count): Array(1..<count)
    }
  }
}
