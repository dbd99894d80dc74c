/// A predicted length: P(y, τ) = P(τ) P(y | τ). First τ is drawn, then τ elements, each of which knows τ, or what
/// remains of it, or (input `none`) nothing.
public struct PredictedLength: LengthStrategy {
  public static let name = "tau"
  public static let examples = [
    "tau:input=remaining", "tau:input=total", "tau:input=none", "tau:input=remaining,prior=negative-binomial",
    "tau:input=total,prior=poisson", "tau:input=none,prior=geometric",
  ]
  public static let summary =
    "a predicted length: τ is drawn first, then τ elements that know it; input=remaining, total or none; "
    + "prior=table (the lengths seen, smoothed), table:ml, poisson, negative-binomial or geometric"

  /// What each element knows of the length.
  public enum Input: String, Sendable, CaseIterable {
    /// τ − t, for the element after the first t.
    case remaining
    /// τ.
    case total
    case none
  }

  public let input: Input
  /// The kind of law P(τ).
  public let law: PriorKind
  private let defaultPrior: PriorKind

  public init(_ options: inout ModelOptions, unsmoothed: Bool) throws {
    defaultPrior = unsmoothed ? .unsmoothedTable : .table
    input = try options.choice("input") ?? .remaining
    law = try options.choice("prior") ?? defaultPrior
  }

  public func word(complete: Bool) -> String {
    Models.word(
      Self.name,
      [
        ("input", input.rawValue, input == .remaining),
        ("prior", law.rawValue, law == defaultPrior),
      ], complete: complete)
  }

  public func shape(alphabetSize: Int) -> OutputShape {
    OutputShape(alphabetSize: alphabetSize, stop: .given, hasLengthInput: input != .none)
  }

  public func lengthInput(time: Int, length: Int) -> Int? {
    switch input {
    case .remaining: return length - time
    case .total: return length
    case .none: return nil
    }
  }

  public var prior: PriorKind? { law }

  public var endsAbruptly: Bool { input == .none }
}
