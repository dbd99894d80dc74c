import ModelCore
import Sequences

/// A predicted length: P(y, τ) = P(τ) P(y | τ). First τ is drawn, then τ elements, each of which knows τ, or what
/// remains of it, or (input `none`) nothing.
package struct PredictedLength: LengthStrategy {
  package static let name = "tau"
  /// Each input, and each distribution of τ beside the two that are defaults, those of more parameters first.
  package static var examples: [String] {
    let inputs = ["remaining", "total", "none"]
    let priors = standardPriors.filter { $0 != LengthTable.self && $0 != UnsmoothedLengthTable.self }
      .sorted { $0.ownParameters ?? 0 > $1.ownParameters ?? 0 }
    return inputs.map { "\(name):input=\($0)" }
      + priors.enumerated().map { "\(name):input=\(inputs[$0 % inputs.count]),prior=\($1.name)" }
  }
  package static let variants = [
    "tau:input=remaining,as=bucket:4", "tau:input=total,as=bucket:3", "tau:input=remaining,as=embedding:4",
    "tau:input=remaining,as=number",
  ]
  package static let summary =
    "a predicted length: τ is drawn first, then τ elements that know it; input=remaining, total or none; "
    + "prior=\(priors); how a network sees the number: as=knots, number, bucket:n or embedding:n (tables tell numbers, buckets or embedded "
    + "numbers apart)"

  private static var priors: String {
    let list = standardPriors.map { $0.remark.isEmpty ? $0.name : "\($0.name) (\($0.remark))" }
    return list.dropLast().joined(separator: ", ") + " or \(list.last ?? "")"
  }

  /// What each element knows of the length; `nil` for nothing.
  package let input: LengthInput?
  private let law: any LengthPriorKind.Type
  private let defaultPrior: any LengthPriorKind.Type

  private enum Quantity: String, CaseIterable { case remaining, total, none }

  package init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) throws {
    defaultPrior = unsmoothed ? UnsmoothedLengthTable.self : LengthTable.self
    let quantity: Quantity = try options.choice("input") ?? .remaining
    let form = try options.text("as").map {
      try NumberEncoding($0, option: "as", owner: Self.name, known: ["knots", "number", "bucket:8", "embedding:16"])
    }
    switch quantity {
    case .remaining: input = LengthInput(.remaining, as: form ?? .knots)
    case .total: input = LengthInput(.total, as: form ?? .knots)
    case .none:
      guard form == nil else {
        throw SpecificationError.malformed("tau: as= says how elements see the length, and with input=none they do not")
      }
      input = nil
    }
    law = try options.text("prior").map { try registry.prior($0, owner: Self.name) } ?? defaultPrior
  }

  package func word(complete: Bool) -> String {
    let quantity: Quantity = input.map { $0.quantity == .total ? .total : .remaining } ?? .none
    // Left out where it is the usual one, as lesser options of families are.
    let form = input.flatMap { $0.form == .knots ? nil : [("as", $0.form.word, false)] } ?? []
    return modelWord(
      Self.name,
      [("input", quantity.rawValue, quantity == .remaining)] + form + [("prior", law.name, law == defaultPrior)],
      complete: complete)
  }

  package func shape(_ elements: ElementKind) -> OutputShape { OutputShape(elements, stop: .given, lengthInput: input) }

  package var prior: (any LengthPriorKind.Type)? { law }

  package var endsAbruptly: Bool { input == nil }
}
