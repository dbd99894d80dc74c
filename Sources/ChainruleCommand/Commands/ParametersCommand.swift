import ArgumentParser
import Chainrule

struct ParametersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters",
    abstract: "Count the free parameters of models exactly, without any data.",
    discussion: """
      Letters of the growth laws: k alphabet size, T longest length, h units.

      Example:
        chainrule parameters tabular/eos markov:4/eos rnn:64/eos --alphabet-size 27 --length 20

      \(ModelHelp.text)
      """)

  @Argument(help: "Models, each in one word.")
  var models: [String]

  @Option(help: ArgumentHelp("k, the number of symbols.", valueName: "k"))
  var alphabetSize: Int

  @Option(help: ArgumentHelp("T, the longest length allowed, for full tables and tables of lengths.", valueName: "T"))
  var length: Int?

  @Option(help: ArgumentHelp("The numbers in an input vector x(t), for models that read one.", valueName: "d"))
  var inputWidth = 0

  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Report: Encodable {
    struct Entry: Encodable {
      var model: String
      var free: String
      var growth: String
    }

    var schema = "chainrule.parameters/1"
    var models: [Entry]
  }

  func validate() throws {
    let sizes = 1...Int(Int32.max)
    if !sizes.contains(alphabetSize) {
      throw ValidationError("--alphabet-size must be from 1 to \(sizes.upperBound).")
    }
    if !(0...1_000_000).contains(inputWidth) { throw ValidationError("--input-width must be from 0 to 1000000.") }
    if let length, !(0...100_000).contains(length) { throw ValidationError("--length must be from 0 to 100000.") }
  }

  func run() throws {
    let specifications = try models.map { try ModelSpecification($0) }
    let counts = try specifications.map {
      try $0.freeParameters(alphabetSize: alphabetSize, longest: length, inputWidth: inputWidth)
    }
    if json {
      try printJSON(
        Report(
          models: zip(specifications, counts).map { .init(model: $0.word, free: String($1), growth: $0.growth) }))
      return
    }
    var table = Table([("model", .left), ("growth", .left), ("free parameters", .right)])
    for (specification, count) in zip(specifications, counts) {
      table.add([specification.shortWord, specification.growth, String(count)])
    }
    try Console.print(table.text)
  }
}
