import ArgumentParser
import Chainrule

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Define a figure: its formula, what is counted, and its unit.",
    discussion: """
      Without a figure's name there is a list of all that have one.

      Examples:
        chainrule explain
        chainrule explain perplexity
        chainrule explain "guess number" --json
      """)

  @Argument(help: "The figure, such as nats, perplexity, ppl1, AIC or rank.")
  var metric: String?

  @OptionGroup var tables: TableOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try tables.validate(besides: json)
    if let metric, Metric.named(metric) == nil {
      throw ValidationError(
        "There is no figure '\(metric)'; there are \(Metric.all.map { $0.names[0] }.joined(separator: ", ")).")
    }
  }

  func run() throws {
    let metrics = metric.flatMap { Metric.named($0) }.map { [$0] } ?? Metric.all
    if json { return try printJSON(["schema": "chainrule.explain/1", "metrics": metrics], reading: []) }
    if tables.csv {
      let head = ["name", "meaning", "formula", "counted", "unit", "printed_by", "source"]
      return try Console.print(
        csv: [head]
          + metrics.map { [$0.names[0], $0.meaning, $0.formula, $0.counted, $0.unit, $0.printedBy, $0.source ?? ""] })
    }
    guard metric != nil else {
      var table = Table([("figure", .left), ("meaning", .prose)])
      for metric in metrics { table.add([metric.names[0], metric.meaning]) }
      return try Console.print(table.text)
    }
    for metric in metrics {
      var table = Table([(metric.names[0], .left), (metric.meaning, .prose)])
      let others = metric.names.dropFirst().joined(separator: ", ")
      for (name, text) in [
        ("formula", metric.formula), ("counted", metric.counted), ("unit", metric.unit),
        ("printed by", metric.printedBy), ("also called", others), ("source", metric.source ?? ""),
      ] where !text.isEmpty {
        table.add([name, text])
      }
      try Console.print(table.text)
    }
  }
}
