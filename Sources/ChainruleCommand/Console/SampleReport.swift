import Chainrule

/// `chainrule.sample/1`: what stands before the samples. They are written as they come (`JSONStream`), and `Tail` after them.
struct SampleReport: Encodable {
  var schema = "chainrule.sample/1"
  var model: String
  var seed: UInt64
  /// Whether temperature, cuts or a least length changed what was drawn from; `nats` are the model's own all the same.
  var truncated: Bool
  /// Of the most probable ones: whether there are none more probable, and what those that were missed have at least.
  var exact: Bool?
  var missedNats: Double?

  /// What is known when all have been drawn.
  struct Tail: Encodable {
    /// The share of the model's probability of stopping, summed over the steps drawn, at which it could not stop.
    var removedStopMass: Double?
    /// Draws that had the length, of all.
    var acceptance: Double?
    var novelty: Novelty?
  }
}

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

/// What is said of all draws together.
struct SampleTally {
  private var count = 0
  private(set) var cut = 0
  private var tries = 0
  private var stops = StopMass()

  mutating func add(_ samples: [Sample]) {
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
