import Chainrule

/// What a comparison tells of the process that made the data, and of learning curves beside it.
extension ComparisonReport {
  /// The learning curves as a picture: test nats an event, or the regret where the truth is known.
  var curveChart: Chart {
    let truth = comparison.truth?.test.natsPerUnit
    let unit = alphabet == nil ? "step" : "event"
    let series = comparison.rows.map { row in
      Chart.Series(
        row.specification.shortWord,
        row.curve.map { point in
          let nats = point.natsPerEvent - (truth ?? 0)
          return Chart.Point(point.sequences, nats, point.spread.map { nats - $0...nats + $0 })
        })
    }
    return Chart(
      title: truth == nil ? "Learning curves" : "Regret", x: .init("training sequences", scale: .logarithmic),
      y: .init(
        truth == nil ? "test nats/\(unit)" : "nats/\(unit) above the true process", startsAtZero: truth != nil),
      series: series)
  }

  /// From how many sequences on each model predicts the test data better than each Markov model, for spreadsheets.
  var overtaking: [(model: Int, markov: Int, overtaking: Overtaking)] {
    let (markov, others) = comparison.curvesOfMarkovAndOthers
    return others.flatMap { model in
      markov.compactMap { order in
        Overtaking(comparison.rows[model].curve, past: comparison.rows[order].curve).map { (model, order, $0) }
      }
    }
  }

  /// The same as a table for a person; `nil` where there are no two such models.
  var overtakingText: String? {
    let (markov, others) = comparison.curvesOfMarkovAndOthers
    if markov.isEmpty || others.isEmpty { return nil }
    var table = Table([("model", .left)] + markov.map { (comparison.rows[$0].specification.shortWord, .right) })
    for model in others {
      let cells = overtaking.filter { $0.model == model }.map { $0.overtaking.text }
      table.add([comparison.rows[model].specification.shortWord] + cells)
    }
    return
      "Training sequences from which on a model predicts the test data better than a Markov model (≈ interpolated):\n\n"
      + table.text
  }

  /// The same in JSON: from which size on, and whether that is the smallest one; no size where it is behind at the largest.
  var overtakingJSON: [JSONObject] {
    overtaking.map { model, markov, overtaking in
      let words = (comparison.rows[model].specification.word, comparison.rows[markov].specification.word)
      let (sequences, isAlways): (Double?, Bool) =
        switch overtaking {
        case .always(let smallest): (smallest, true)
        case .from(let size): (size, false)
        case .never: (nil, false)
        }
      return ["model": words.0, "overtakes": words.1, "sequences": sequences, "always": isAlways]
    }
  }

  /// The truth, and how its figures are to be read.
  var truthJSON: JSONObject? {
    comparison.truth.map { ["model": $0.specification.word, "test": JSONObject.figures($0.test)] }
  }

  func regretJSON(_ row: Comparison.Row) -> JSONObject? {
    row.regret.map {
      [
        "natsPerEvent": $0.mean, "low": hasIntervals ? $0.low : nil, "high": hasIntervals ? $0.high : nil,
      ]
    }
  }

  /// The columns of the truth in the table for spreadsheets; none without it.
  func regretCells(_ row: Comparison.Row) -> [Double?] {
    guard let regret = row.regret else { return [] }
    return [regret.mean, hasIntervals ? regret.low : nil, hasIntervals ? regret.high : nil]
  }

  /// The truth's own row there.
  func truthCells(_ head: [String]) -> [[String]] {
    guard let truth = comparison.truth else { return [] }
    let test = truth.test
    return [
      head.map { column in
        switch column {
        case "model": truth.specification.word
        case "chosen": "truth"
        case "test_nats": "\(test.nats)"
        case "test_nats_elements": "\(test.natsElements)"
        case "test_nats_length": "\(test.natsLength)"
        case "test_nats_per_event": "\(test.natsPerEvent)"
        case "test_perplexity": "\(test.perplexity)"
        case "regret", "regret_low", "regret_high": "0.0"
        default: ""
        }
      }
    ]
  }
}

extension Overtaking {
  /// For a cell of a table.
  var text: String {
    switch self {
    case .always(let smallest): "≤ \(Numbers.count(Int(smallest.rounded())))"
    case .never(let largest): "> \(Numbers.count(Int(largest.rounded())))"
    case .from(let size): "≈ \(Numbers.count(Int(size.rounded())))"
    }
  }
}
