import ModelCore

/// An end symbol: one more outcome, observed once after each sequence; sampling stops when it is drawn.
public struct EndSymbol: LengthStrategy {
  public static let name = "eos"
  public static let examples = ["eos"]
  public static let summary = "an end symbol: one more outcome, drawn when the sequence is over (symbols only)"

  public init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}

  public func word(complete: Bool) -> String { Self.name }

  public var needsSymbols: Bool { true }

  public func shape(alphabetSize: Int) -> OutputShape {
    OutputShape(alphabetSize: alphabetSize, stop: .outcome)
  }
}
