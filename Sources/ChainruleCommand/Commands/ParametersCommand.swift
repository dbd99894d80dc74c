import ArgumentParser
import BigInt
import Chainrule
import Foundation

struct ParametersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters",
    abstract: "Count the free parameters of models exactly, without any data.",
    discussion: """
      The counts follow from each model's graph (chainrule graph). Letters of the
      growth formulas: k alphabet size, T longest length, h units, w numbers in a
      vector, d numbers in x(t) (in table: the number of values of x).

      Examples:
        chainrule parameters tabular/eos markov:4/eos rnn:64/eos \\
          --alphabet-size 27 --length 20
        chainrule parameters lstm:64/halt --alphabet-size 27 --per-node
        chainrule parameters tabular markov:3 gru:64 --alphabet-size 27 \\
          --length 40 --plot parameters.svg
        chainrule parameters gru:64,emission=mixture:5/halt --components 12

      chainrule help models lists what a model may be.
      """)

  @Argument(help: "Models, each in one word.")
  var models: [String]

  @Option(
    help: ArgumentHelp("k, the number of symbols, or of the levels of each column of categories.", valueName: "k"),
    transform: NumberArgument.whole(1...Int(Int32.max)))
  var alphabetSize: Int?

  @OptionGroup var vectors: VectorOptions

  @Option(
    help: ArgumentHelp("T, the longest length allowed, for full tables and tables of lengths.", valueName: "T"),
    transform: NumberArgument.whole(0...100_000))
  var length: Int?

  @Option(
    help: ArgumentHelp("The numbers in an input vector x(t), for models that read one.", valueName: "d"),
    transform: NumberArgument.whole(0...1_000_000))
  var inputWidth = 0

  @Flag(help: "A line for each node of the model's graph.")
  var perNode = false

  @Option(help: ArgumentHelp("Draw the counts against T = 1 … --length: an SVG or PNG file.", valueName: "file"))
  var plot: String?

  @OptionGroup var tables: TableOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    try tables.validate(besides: json)
    if plot == "" { throw ValidationError("--plot needs a file's name.") }
    if plot != nil, (length ?? 0) < 2 { throw ValidationError("--plot needs a --length of at least 2.") }
  }

  func run() throws {
    let specifications = try models.map { word in
      let specification = try ModelSpecification(word)
      return try specification.resolved(for: elements(specification))
    }
    try vectors.check(specifications, alphabetSize: alphabetSize)
    try checkSizes(specifications)
    let picture = try plot.map { try PictureFile($0) }
    let counts = try specifications.map { specification in
      let nodes = try specification.nodeCounts(elements(specification), longest: length, inputWidth: inputWidth)
      return (specification: specification, free: nodes.reduce(0) { $0 + $1.free }, nodes: nodes)
    }
    try picture?.write { try chart(specifications).picture($0, isInterrupted: $1) }
    if json {
      func count(_ free: BigInt, _ growth: String) -> JSONObject {
        ["free": String(free), "freeLog10": Numbers.logarithm(free), "growth": growth]
      }
      let models = try counts.map { specification, free, nodes -> JSONObject in
        let head: JSONObject = [
          "model": specification.word, "typed": specification.typed,
          "nodes": nodes.map { count($0.free, $0.growth).merging(["node": $0.node]) },
        ]
        return head.merging(count(free, try growth(specification)))
      }
      return try printJSON(["schema": "chainrule.parameters/1", "models": models], reading: [])
    }
    if tables.csv {
      let head = ["model"] + (perNode ? ["node"] : []) + ["growth", "free"]
      let rows = try counts.flatMap { specification, free, nodes in
        perNode
          ? nodes.map { [specification.word, $0.node, $0.growth, String($0.free)] }
          : [[specification.word, try growth(specification), String(free)]]
      }
      return try Console.print(csv: [head] + rows)
    }
    var table = Table([("model", .left), ("growth", .left), ("free parameters", .right)])
    for (specification, free, nodes) in counts {
      table.add([specification.shortWord, try growth(specification), String(free)])
      guard perNode else { continue }
      for node in nodes { table.add(["  \(node.node)", node.growth, String(node.free)]) }
    }
    try Console.print(table.text)
  }

  /// What a model's elements are: k symbols, or vectors.
  private func elements(_ specification: ModelSpecification) throws -> ElementKind {
    let width = vectors.components(or: 2, specification)
    if width == nil, alphabetSize == nil {
      throw ValidationError(
        "Missing expected argument '--alphabet-size <k>': \(specification.typed) is a model of symbols.")
    }
    let elements = specification.elements(alphabetSize: alphabetSize ?? 1, values: vectors.values, width: width)
    if case .vectors(.categories, _, _) = elements, alphabetSize == nil {
      throw ValidationError(
        "Missing expected argument '--alphabet-size <k>', the number of levels of each column: \(specification.typed) is a model "
          + "of categories.")
    }
    if let alphabetSize, let width, alphabetSize > Self.mostLevels / width {
      throw ValidationError("--alphabet-size and --components make more than \(Self.mostLevels) levels in all.")
    }
    return elements
  }

  /// Of all columns together: the weights of pairs of levels are as many as the square of this.
  private static let mostLevels = 1 << 24

  private func growth(_ specification: ModelSpecification) throws -> String {
    try specification.growth(elements(specification), inputWidth: inputWidth)
  }

  /// Refuses or tells of sizes on which no model's count depends.
  private func checkSizes(_ specifications: [ModelSpecification]) throws {
    func needsLength(_ specification: ModelSpecification) -> Bool {
      (try? specification.freeParameters(elements(specification), longest: nil, inputWidth: inputWidth)) == nil
    }
    // No refusal: the answer holds for this length, as for any other, and a script may go through all models with it.
    if plot == nil, length != nil, !specifications.contains(where: needsLength) {
      Console.say("the counts of these models do not depend on --length")
    }
    if !specifications.contains(where: { $0.family.readsInputs || $0.length.prior?.readsInputs == true }) {
      try refuseUnused([("--input-width", inputWidth > 0)], because: "none of these models reads inputs x")
    }
  }

  /// The counts against the longest length: at most fifty points a model.
  private func chart(_ specifications: [ModelSpecification]) throws -> Chart {
    let longest = length ?? 0
    let step = max((longest + 49) / 50, 1)
    let lengths = Array(stride(from: 1, to: longest, by: step)) + [longest]
    var highest = 0.0
    var series = try specifications.map { specification in
      Chart.Series(
        specification.shortWord,
        try lengths.map { length in
          let free = try specification.freeParameters(
            elements(specification), longest: length, inputWidth: inputWidth)
          let logarithm = Numbers.logarithm(free)
          highest = max(highest, logarithm)
          return Chart.Point(Double(length), logarithm)
        })
    }
    // Powers that no floating-point number holds are drawn by their exponents.
    let isHuge = highest > 300
    if !isHuge {
      for index in series.indices { series[index].points = series[index].points.map { .init($0.x, pow(10, $0.y)) } }
    }
    return Chart(
      title: alphabetSize.map { "Free parameters over an alphabet of \($0)" } ?? "Free parameters",
      x: .init("T, the longest length"),
      y: .init("free parameters", scale: isHuge ? .exponent : .logarithmic), series: series)
  }
}
