import ModelCore
import Sequences

/// An end symbol: one more outcome, observed once after each sequence; sampling stops when it is drawn.
package struct EndSymbol: LengthStrategy {
  package static let name = "eos"
  package static let examples = ["eos"]
  package static let summary = "an end symbol: one more outcome, drawn when the sequence is over (symbols only)"

  package init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}

  package func word(complete: Bool) -> String { Self.name }

  package func refusal(_ elements: ElementKind) -> String? {
    guard case .vectors(let values, _, _) = elements else { return nil }
    return "an end symbol is one more symbol, and elements are \(values.name): end with /halt or /tau"
  }

  package func shape(_ elements: ElementKind) -> OutputShape { OutputShape(elements, stop: .outcome) }
}
