import ArgumentParser
import Chainrule
import Foundation

struct GradcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Hold the gradients of recurrent models against central differences.",
    discussion: """
      For each matrix of each model (U, b, W of a layer, V and c of the outputs, S of what else comes in, E of an \
      emission), the largest
      relative difference between back-propagation through time and central differences of eighth order, in double
      precision, on a network with random parameters and a few random sequences. Needs no data.

      Examples:
        chainrule gradcheck rnn:8 gru:8/halt lstm:hidden=6,layers=2/tau
        chainrule gradcheck rnn:8,feedback=none --input-width 3
        chainrule gradcheck gru:4,emission=mixture:2/halt --components 3
      """)

  @Argument(help: "The models, each in one word.")
  var models: [String]

  @Option(
    help: ArgumentHelp(
      "k, the number of symbols, or of the levels of each column of categories (default: 3).", valueName: "k"),
    transform: NumberArgument.whole(1...100_000))
  var alphabetSize: Int?

  @OptionGroup var vectors: VectorOptions

  @Option(
    help: ArgumentHelp("The numbers in an input vector x(t), which is random then.", valueName: "d"),
    transform: NumberArgument.whole(0...100_000))
  var inputWidth: Int?

  @Option(
    help: ArgumentHelp(
      "The most parameters of a matrix to check, chosen at random; 0 for all (default: 300).", valueName: "n"),
    transform: NumberArgument.whole(0...1_000_000_000))
  var most = 300

  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws { try tables.validate(besides: options.json) }

  func run() throws {
    let specifications = try models.map { try ModelSpecification($0) }
    try vectors.check(specifications, alphabetSize: alphabetSize)
    var models: [JSONObject] = []
    var rows: [[String]] = []
    for specification in specifications {
      let check = try GradientCheck(
        specification,
        of: specification.elements(
          alphabetSize: alphabetSize ?? 3, values: vectors.values, width: vectors.components(or: 3, specification)),
        inputWidth: inputWidth ?? width(specification),
        seed: options.seed, most: most == 0 ? nil : most, threads: options.threadCount)
      models.append([
        "model": specification.word, "typed": specification.typed,
        "largestRelativeDifference": check.largestRelativeDifference,
        "parts": check.parts.map { part -> JSONObject in
          [
            "name": part.name, "parameters": part.parameters, "checked": part.checked,
            "largestRelativeDifference": part.largestRelativeDifference, "largestGradient": part.largestGradient,
          ]
        },
      ])
      rows += check.parts.map { part in
        [specification.word, part.name, "\(part.parameters)", "\(part.checked)"]
          + [part.largestRelativeDifference, part.largestGradient].map { "\($0)" }
      }
      if options.json || tables.csv { continue }
      try Console.print("\(specification.shortWord), seed \(options.seed)")
      var table = Table([
        ("  matrix", .left), ("parameters", .right), ("checked", .right), ("largest relative difference", .right),
        ("largest gradient", .right),
      ])
      for part in check.parts {
        table.add([
          "  " + part.name, Numbers.count(part.parameters), Numbers.count(part.checked),
          String(format: "%.1e", part.largestRelativeDifference), String(format: "%.2g", part.largestGradient),
        ])
      }
      try Console.print(table.text)
      try Console.print("  largest of all: " + String(format: "%.1e", check.largestRelativeDifference) + "\n")
    }
    if tables.csv {
      let head = ["model", "matrix", "parameters", "checked", "largest_relative_difference", "largest_gradient"]
      try Console.print(csv: [head] + rows)
    } else if options.json {
      try printJSON(["schema": "chainrule.gradcheck/1", "seed": options.seed, "models": models], reading: [])
    }
  }

  /// Without feedback there must be inputs.
  private func width(_ specification: ModelSpecification) -> Int {
    (specification.family as? any RecurrentFamily)?.architecture.hasFeedback == false ? 2 : 0
  }
}
