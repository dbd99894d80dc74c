/// What each element knows of a length that is drawn first: a whole number, and how it is seen.
public struct LengthInput: Sendable, Hashable {
  /// The number of which the elements know.
  public enum Quantity: Sendable, Hashable {
    /// τ − t, for the element after the first t.
    case remaining
    /// τ.
    case total
  }

  /// Which number it is.
  public var quantity: Quantity
  /// How networks and tables see it.
  public var form: NumberEncoding

  /// A number, seen in a form.
  public init(_ quantity: Quantity, as form: NumberEncoding = .knots) {
    self.quantity = quantity
    self.form = form
  }

  /// The number that the conditionals are given at time t of a sequence of length τ.
  public func label(time: Int, length: Int) -> Int { form.label(quantity == .remaining ? length - time : length) }
}
