import ArgumentParser
import Chainrule

/// `chainrule models`, and `chainrule help models`.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List what a model's word may be: families, smoothing and ways to end.",
    discussion: ModelHelp.text)

  @OptionGroup var tables: TableOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws { try tables.validate(besides: json) }

  func run() throws {
    let registry = Registry.standard
    if tables.csv {
      let entries =
        registry.families.map { ["family", $0.name, $0.summary] }
        + registry.smoothers.map { ["smoothing", $0.name, $0.summary] }
        + registry.lengths.map { ["length", $0.name, $0.summary] }
        + registry.emissions.map { ["emission", $0.name, $0.summary] }
      return try Console.print(csv: [["kind", "name", "summary"]] + entries)
    }
    guard json else { return try Console.print(ModelHelp.text) }
    func entry(_ name: String, _ summary: String, _ examples: [String]) -> JSONObject {
      ["name": name, "summary": summary, "examples": examples]
    }
    try printJSON(
      [
        "schema": "chainrule.models/1",
        "families": registry.families.map { entry($0.name, $0.summary, $0.examples) },
        "smoothing": registry.smoothers.map { entry($0.name, $0.summary, $0.examples) },
        "lengths": registry.lengths.map { entry($0.name, $0.summary, $0.examples) },
        "emissions": registry.emissions.map { entry($0.name, $0.summary, $0.examples) },
      ], reading: [])
  }
}
