/// What each element knows of a length that is drawn first: a whole number, and how it is seen.
public struct LengthInput: Sendable, Hashable {
  public enum Quantity: Sendable, Hashable {
    /// τ − t, for the element after the first t.
    case remaining
    /// τ.
    case total
  }

  public var quantity: Quantity
  public var form: NumberEncoding

  public init(_ quantity: Quantity, as form: NumberEncoding = .knots) {
    self.quantity = quantity
    self.form = form
  }

  /// The number that the conditionals are given at time t of a sequence of length τ.
  public func label(time: Int, length: Int) -> Int { form.label(quantity == .remaining ? length - time : length) }
}
