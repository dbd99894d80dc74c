/// A predicted length: P(y, τ) = P(τ) P(y | τ). First τ is drawn, then τ elements, each of which knows τ, or what
/// remains of it, or (input `none`) nothing.
public struct PredictedLength: LengthStrategy {
  public static let name = "tau"
  public static let examples = [
    "tau:input=remaining", "tau:input=total", "tau:input=none", "tau:input=remaining,prior=negative-binomial",
    "tau:input=total,prior=poisson", "tau:input=none,prior=geometric", "tau:input=remaining,prior=learned",
  ]
  public static let variants = [
    "tau:input=remaining,as=bucket:4", "tau:input=total,as=bucket:3", "tau:input=remaining,as=embedding:4",
    "tau:input=remaining,as=number",
  ]
  public static let summary =
    "a predicted length: τ is drawn first, then τ elements that know it; input=remaining, total or none; "
    + "prior=table (the lengths seen, smoothed), table:ml, poisson, negative-binomial, geometric or learned (a softmax "
    + "output, from x where there is x); how a network sees the number: \(LengthForm.help) (tables tell numbers, buckets or "
    + "embedded numbers apart)"

  /// What each element knows of the length; `nil` for nothing.
  public let input: LengthInput?
  /// The kind of law P(τ).
  public let law: LengthPriorKind
  private let defaultPrior: LengthPriorKind

  private enum Quantity: String, CaseIterable { case remaining, total, none }

  public init(_ options: inout ModelOptions, unsmoothed: Bool) throws {
    defaultPrior = unsmoothed ? .unsmoothedTable : .table
    let quantity: Quantity = try options.choice("input") ?? .remaining
    let form = try options.text("as").map { try LengthForm($0, owner: Self.name) }
    switch quantity {
    case .remaining: input = LengthInput(.remaining, as: form ?? .knots)
    case .total: input = LengthInput(.total, as: form ?? .knots)
    case .none:
      guard form == nil else {
        throw SpecificationError.malformed("tau: as= says how elements see the length, and with input=none they do not")
      }
      input = nil
    }
    law = try options.choice("prior") ?? defaultPrior
  }

  public func word(complete: Bool) -> String {
    let quantity: Quantity = input.map { $0.quantity == .total ? .total : .remaining } ?? .none
    // Left out where it is the usual one, as lesser options of families are.
    let form = input.flatMap { $0.form == .knots ? nil : [("as", $0.form.word, false)] } ?? []
    return Models.word(
      Self.name,
      [("input", quantity.rawValue, quantity == .remaining)] + form + [("prior", law.rawValue, law == defaultPrior)],
      complete: complete)
  }

  public func shape(alphabetSize: Int) -> OutputShape {
    OutputShape(alphabetSize: alphabetSize, stop: .given, lengthInput: input)
  }

  public var prior: LengthPriorKind? { law }

  public var endsAbruptly: Bool { input == nil }
}
