import Chainrule

/// Samples as JSON text.
struct SampleWriter {
  private let alphabet: Alphabet
  /// The symbols.
  private let literals: [String]

  init(_ alphabet: Alphabet) throws {
    self.alphabet = alphabet
    literals = try alphabet.symbols.map { try JSONStream.literal($0) }
  }

  /// The symbols, and the text that is printed without --json.
  /// - Parameter isRejecting: whether draws were rejected until they had a length.
  func text(_ sample: Sample, isRejecting: Bool = false) throws -> String {
    "{\"complete\": \(sample.isComplete), \"nats\": \(JSONStream.literal(sample.score.nats)), \"text\": "
      + (try JSONStream.literal(alphabet.text(of: sample.sequence)))
      + (isRejecting ? ", \"tries\": \(sample.tries)" : "")
      + ", \"y\": [\(sample.sequence.map { literals[$0] }.joined(separator: ", "))]}"
  }
}

extension SampleWriter {
  /// A sequence as a line of a file of JSON lines.
  func line(_ sequence: [Symbol]) -> String { "{\"y\": [\(sequence.map { literals[$0] }.joined(separator: ", "))]}\n" }
}

/// What is said of all draws together.
struct SampleTally {
  private var count = 0
  private(set) var cut = 0
  private var tries = 0
  private var stops = StopMass()

  mutating func add(_ samples: [DrawnSequence<some Sendable & Hashable>]) {
    for sample in samples {
      count += 1
      tries += sample.tries
      if !sample.isComplete { cut += 1 }
      stops.model += sample.stops.model
      stops.removed += sample.stops.removed
    }
  }

  var removedStopMass: Double? { stops.model > 0 ? stops.removed / stops.model : nil }
  var acceptance: Double? { tries > count ? Double(count) / Double(tries) : nil }
}
