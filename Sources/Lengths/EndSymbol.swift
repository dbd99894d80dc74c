import ModelCore
import Sequences

/// An end symbol: one more outcome, observed once after each sequence; sampling stops when it is drawn.
public struct EndSymbol: LengthStrategy {
  public static let name = "eos"
  public static let examples = ["eos"]
  public static let summary = "an end symbol: one more outcome, drawn when the sequence is over (symbols only)"

  public init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}

  public func word(complete: Bool) -> String { Self.name }

  public func refusal(_ elements: ElementKind) -> String? {
    guard case .reals = elements else { return nil }
    return "an end symbol is one more symbol, and elements are real numbers: end with /halt or /tau"
  }

  public func shape(_ elements: ElementKind) -> OutputShape { OutputShape(elements, stop: .outcome) }
}
