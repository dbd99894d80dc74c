import ModelCore
import Sequences

/// A halting Bernoulli: a binary variable e(t) after the first t elements, t = 0, 1, …, says whether to stop;
/// P(y, τ) = Π_{t=1..τ} (1 − η(t−1)) p(y(t) | …) · η(τ).
package struct Halting: LengthStrategy {
  package static let name = "halt"
  package static let examples = ["halt"]
  package static let summary = "a halting Bernoulli: before each element, a binary variable says stop or continue"

  package init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}

  package func word(complete: Bool) -> String { Self.name }

  package func shape(_ elements: ElementKind) -> OutputShape { OutputShape(elements, stop: .variable) }
}
