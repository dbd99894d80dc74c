import Chainrule
import Foundation

/// Exposure bias for people and for programs, as means over the decisions in nats.
struct ExposureReport {
  let exposure: Exposure

  var json: [JSONObject] {
    exposure.rows.map { row in
      [
        "steps": row.steps, "decisions": row.decisions, "sequences": row.sequences,
        "natsPerDecision": row.exposed.nats, "natsElements": row.exposed.natsElements,
        "natsLength": row.exposed.natsLength, "teacherForced": row.teacherForced.nats,
        "teacherForcedElements": row.teacherForced.natsElements, "teacherForcedLength": row.teacherForced.natsLength,
        // `null` where they are undefined.
        "difference": .some(row.difference), "standardError": .some(row.standardError), "impossible": row.impossible,
      ]
    }
  }

  /// The decisions that were looked at, and those in the data.
  var places: JSONObject { ["scored": exposure.places, "all": exposure.allPlaces] }

  var table: [[String]] {
    func digits(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    let head = [
      "steps", "decisions", "sequences", "nats", "elements", "length", "teacher_forced", "teacher_forced_elements",
      "teacher_forced_length", "difference", "standard_error", "impossible",
    ]
    return [head]
      + exposure.rows.map { row in
        let nats = [row.exposed, row.teacherForced].flatMap { [$0.nats, $0.natsElements, $0.natsLength] }
        return [row.steps, row.decisions, row.sequences].map(String.init) + nats.map(digits)
          + [digits(row.difference), digits(row.standardError), "\(row.impossible)"]
      }
  }

  var text: String {
    func decimal(_ number: Double?, signed: Bool = false) -> String {
      number.map { Numbers.decimal($0, 4, signed: signed) } ?? "–"
    }
    var table = Table([
      ("own elements", .right), ("decisions", .right), ("nats a decision", .right), ("after the true ones", .right),
      ("difference", .right), ("± s.e.", .right), ("elements", .right), ("length", .right),
    ])
    for row in exposure.rows {
      table.add([
        String(row.steps), Numbers.count(row.decisions), decimal(row.exposed.nats), decimal(row.teacherForced.nats),
        decimal(row.difference, signed: true), decimal(row.standardError), decimal(row.exposed.natsElements),
        decimal(row.exposed.natsLength),
      ])
    }
    let impossible = exposure.rows.filter { $0.impossible > 0 }.map {
      "\n\(Numbers.count($0.impossible, "decision")) of probability 0 after \(Numbers.count($0.steps, "element")) of its own"
    }
    return "Exposure: the true continuation after elements of the model's own drawing\n" + table.text
      + impossible.joined()
  }
}
