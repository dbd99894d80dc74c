import ModelCore
import Sequences

/// A halting Bernoulli: a binary variable e(t) after the first t elements, t = 0, 1, …, says whether to stop;
/// P(y, τ) = Π_{t=1..τ} (1 − η(t−1)) p(y(t) | …) · η(τ).
public struct Halting: LengthStrategy {
  public static let name = "halt"
  public static let examples = ["halt"]
  public static let summary = "a halting Bernoulli: before each element, a binary variable says stop or continue"

  public init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}

  public func word(complete: Bool) -> String { Self.name }

  public func shape(_ elements: ElementKind) -> OutputShape { OutputShape(elements, stop: .variable) }
}
