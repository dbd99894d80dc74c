import Chainrule

/// `chainrule.sample/1`.
struct SampleReport: Encodable {
  struct Entry: Encodable {
    var y: [String]
    /// The sequence as it is printed without --json.
    var text: String
    var nats: Double
    var complete: Bool
    /// Where the length was asked for and draws were rejected.
    var tries: Int?
  }

  var schema = "chainrule.sample/1"
  var model: String
  var seed: UInt64
  /// Whether temperature, cuts or a least length changed what was drawn from; `nats` are the model's own all the same.
  var truncated: Bool
  /// The share of the model's probability of stopping, summed over the steps drawn, at which it could not stop.
  var removedStopMass: Double?
  /// Draws that had the length, of all.
  var acceptance: Double?
  var novelty: Novelty?
  /// Of the most probable ones: whether there are none more probable, and what those that were missed have at least.
  var exact: Bool?
  var missedNats: Double?
  var samples: [Entry]
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
