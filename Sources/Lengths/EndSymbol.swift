import ModelCore

/// An end symbol: one more outcome, observed once after each sequence; sampling stops when it is drawn.
package struct EndSymbol: LengthStrategy {
  package static let name = "eos"
  package static let examples = ["eos"]
  package static let summary = "an end symbol: one more outcome, drawn when the sequence is over (symbols only)"

  package init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) {}

  package func word(complete: Bool) -> String { Self.name }

  package var needsSymbols: Bool { true }

  package func shape(alphabetSize: Int) -> OutputShape { OutputShape(alphabetSize: alphabetSize, stop: .outcome) }
}
