import Chainrule
import Foundation

/// An exposure for people and for machines.
struct ExposureReport {
  struct Places: Encodable {
    /// Decisions that were looked at.
    var scored: Int
    /// Decisions in the data.
    var all: Int
  }

  /// Means over the decisions, in nats.
  struct Row: Encodable {
    var steps: Int
    var decisions: Int
    var sequences: Int
    var natsPerDecision: Double
    var natsElements: Double
    var natsLength: Double
    var teacherForced: Double
    var teacherForcedElements: Double
    var teacherForcedLength: Double
    var difference: NullableNumber
    var standardError: NullableNumber
    var impossible: Int
  }

  let rows: [Row]
  let places: Places

  init(_ exposure: Exposure) {
    places = Places(scored: exposure.places, all: exposure.allPlaces)
    rows = exposure.rows.map { row in
      Row(
        steps: row.steps, decisions: row.decisions, sequences: row.sequences, natsPerDecision: row.exposed.nats,
        natsElements: row.exposed.natsElements, natsLength: row.exposed.natsLength,
        teacherForced: row.teacherForced.nats, teacherForcedElements: row.teacherForced.natsElements,
        teacherForcedLength: row.teacherForced.natsLength, difference: NullableNumber(value: row.difference),
        standardError: NullableNumber(value: row.standardError), impossible: row.impossible)
    }
  }

  var text: String {
    var table = Table([
      ("own elements", .right), ("decisions", .right), ("nats a decision", .right), ("after the true ones", .right),
      ("difference", .right), ("± s.e.", .right), ("elements", .right), ("length", .right),
    ])
    for row in rows {
      table.add([
        String(row.steps), Numbers.count(row.decisions), Numbers.decimal(row.natsPerDecision, 4),
        Numbers.decimal(row.teacherForced, 4), row.difference.text(signed: true), row.standardError.text(signed: false),
        Numbers.decimal(row.natsElements, 4), Numbers.decimal(row.natsLength, 4),
      ])
    }
    let impossible = rows.filter { $0.impossible > 0 }.map {
      "\n\(Numbers.count($0.impossible, "decision")) of probability 0 after \(Numbers.count($0.steps, "element")) of its own"
    }
    return "Exposure: the true continuation after elements of the model's own drawing\n" + table.text
      + impossible.joined()
  }
}

/// A number that may be undefined: `null` in JSON, a dash for people.
struct NullableNumber: Encodable {
  var value: Double?

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }

  func text(signed: Bool) -> String { value.map { Numbers.decimal($0, 4, signed: signed) } ?? "–" }
}
