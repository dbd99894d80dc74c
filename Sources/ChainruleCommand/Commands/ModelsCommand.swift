import ArgumentParser
import Chainrule

/// `chainrule models`, and `chainrule help models`.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "List what a model's word may be: families, smoothing and ways to end.",
    discussion: ModelHelp.text)

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Report: Encodable {
    struct Entry: Encodable {
      var name: String
      var summary: String
      var examples: [String]
    }

    var schema = "chainrule.models/1"
    var families: [Entry]
    var smoothing: [Entry]
    var lengths: [Entry]
  }

  func run() throws {
    guard json else { return try Console.print(ModelHelp.text) }
    let registry = Registry.standard
    try printJSON(
      Report(
        families: registry.families.map { .init(name: $0.name, summary: $0.summary, examples: $0.examples) },
        smoothing: registry.smoothers.map { .init(name: $0.name, summary: $0.summary, examples: $0.examples) },
        lengths: registry.lengths.map { .init(name: $0.name, summary: $0.summary, examples: $0.examples) }),
      reading: [])
  }
}
