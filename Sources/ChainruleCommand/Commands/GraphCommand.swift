import ArgumentParser
import Chainrule
import Foundation

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Show a model as a directed graph, and answer questions about it.",
    discussion: """
      Without a question the graph is drawn: its template, and unrolled for T steps
      (--format dot, svg or png with -o for a picture; --plate for the template
      alone). Variables are y1, y2, …, x1, h1 (h2(4) is the second layer's fourth),
      e0, e1, … for the decisions to stop, and tau; y alone means all of them, and
      y2..y5 four.

      Examples:
        chainrule graph markov:2/tau:input=none --steps 6 \\
          --separated "y1 ; y4 | y2, y3"
        chainrule graph rnn:8/eos --steps 5 --format svg -o rnn.svg
        chainrule graph lstm:8/eos --marginalise h,c --equals tabular
        chainrule graph rnn:8 --separator "y1 ; y4"
        chainrule graph markov:3/tau --width
        chainrule graph rnn:8,emission=gaussian:full/halt --components 3 \\
          --separated "y1(2) ; y3(2) | h(2)"
      Of vectors of up to 12 numbers the components are variables: y1(t), y2(t), …

      --strength tells how much elements say of later ones, as conditional mutual
      information given the rest of a window, with 95 % intervals: in data, in
      samples of a model file (--drawn), or in both. Its bias is removed by
      permutations. A picture's edges are as wide as they are strong; edges that
      the data do not support are grey and dashed.
        chainrule graph markov:3 --strength names.txt -o strength.svg
        chainrule graph names.safetensors --strength names.txt --drawn 10000
        chainrule graph markov:3 --strength names.txt --csv
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, dot, svg, png }

  @Argument(help: "A model in one word, or a model file.")
  var model: String

  @Option(
    help: ArgumentHelp("The steps to unroll; as many as show the pattern if left out.", valueName: "T"),
    transform: NumberArgument.whole(1...1_000_000))
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "The numbers in a vector, for models of vectors, whose kind --values says (default: 2).", valueName: "d"),
    transform: NumberArgument.whole(1...100_000))
  var components: Int?

  @Flag(help: "The data have inputs x(t).")
  var inputs = false

  @Option(help: "What to draw: text, dot, svg or png. Guessed from the file's suffix if left out.")
  var format: Format?

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write; standard output if left out.", valueName: "file"))
  var output: String?

  @Flag(help: "Draw the template on a plate, in place of the unrolled graph.")
  var plate = false

  @Option(
    help: ArgumentHelp(
      "Variables that are given in --separated and --separator, and shaded in pictures.", valueName: "list"))
  var given: String?

  @Option(help: ArgumentHelp("Whether z separates x from y (d-separation).", valueName: "x ; y | z"))
  var separated: String?

  @Option(help: ArgumentHelp("A minimal set that separates x from y: none of it can be left out.", valueName: "x ; y"))
  var separator: String?

  @Option(help: ArgumentHelp("The parents of variables.", valueName: "list"))
  var parents: String?

  @Option(help: ArgumentHelp("The children of variables.", valueName: "list"))
  var children: String?

  @Option(help: ArgumentHelp("All from which a path leads to them.", valueName: "list"))
  var ancestors: String?

  @Option(help: ArgumentHelp("All to which a path leads from them.", valueName: "list"))
  var descendants: String?

  @Option(help: ArgumentHelp("The Markov blanket of a variable.", valueName: "variable"))
  var blanket: String?

  @Flag(help: "A topological order.")
  var order = false

  @Flag(help: "The moral graph's edges.")
  var moral = false

  @Flag(help: "An elimination order, its width, and what exact inference costs.")
  var width = false

  @Option(help: ArgumentHelp("Whether it is the graph of another model, up to names.", valueName: "model"))
  var equals: String?

  @Option(help: ArgumentHelp("Sum these out first: what follows is about the rest.", valueName: "list"))
  var marginalise: String?

  @Option(help: ArgumentHelp("How strong edges between elements are in these data.", valueName: "data"))
  var strength: String?

  @Option(
    help: ArgumentHelp("How strong they are in n samples of the model file.", valueName: "n"),
    transform: NumberArgument.whole(2...10_000_000))
  var drawn: Int?

  @Option(
    help: ArgumentHelp(
      "Earlier elements in the window; as many as the model looks back if left out, 3 where it looks at all.",
      valueName: "W"), transform: NumberArgument.whole(1...63))
  var window: Int?

  @OptionGroup var reading: DataOptions

  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp("The seed of --drawn, and of the permutations of --strength (default: 1).", valueName: "seed"),
    transform: NumberArgument.whole(0...UInt64.max))
  var givenSeed: UInt64?

  @Flag(help: "Print the strengths as comma-separated values.")
  var csv = false

  @Flag(help: "Print one JSON object.")
  var json = false

  var seed: UInt64 { givenSeed ?? 1 }

  private var questions: [(name: String, isAsked: Bool)] {
    [
      ("--separated", separated != nil), ("--separator", separator != nil), ("--parents", parents != nil),
      ("--children", children != nil), ("--ancestors", ancestors != nil), ("--descendants", descendants != nil),
      ("--blanket", blanket != nil), ("--order", order), ("--moral", moral), ("--width", width),
      ("--equals", equals != nil), ("--strength", strength != nil || drawn != nil),
    ].filter(\.1)
  }

  func validate() throws {
    if questions.count > 1 {
      throw ValidationError("One question at a time: \(questions.map(\.name).joined(separator: " or ")).")
    }
    if window != nil, strength == nil, drawn == nil {
      throw ValidationError("--window is of use with --strength or --drawn.")
    }
    if output == "" { throw ValidationError("-o needs a file's name.") }
    if plate, !questions.isEmpty || marginalise != nil {
      throw ValidationError("--plate shows the template, and questions are about the unrolled graph.")
    }
    if csv, strength == nil, drawn == nil {
      throw ValidationError("--csv is for the tables of --strength and --drawn.")
    }
    if csv, json { throw ValidationError("--csv and --json exclude each other.") }
    if plate {
      try refuseUnused(
        [("--steps", steps != nil), ("--given", given != nil), ("--json", json)],
        because: "--plate shows the template, which is not unrolled")
    }
    let isPicture = format.map { $0 != .text } ?? (output.map { !$0.hasSuffix(".txt") && $0 != "-" } ?? false)
    if separated == nil, separator == nil, json || !isPicture {
      try refuseUnused(
        [("--given", given != nil)], because: "it goes with --separated and --separator, and is shaded in pictures")
    }
    if strength == nil {
      let unread = reading.reading().filter { $0.name != "--values" } + reading.unseen()
      try refuseUnused(unread, because: "only the data of --strength are read")
    }
    if strength == nil, drawn == nil {
      try refuseUnused([("--seed", givenSeed != nil)], because: "nothing is drawn without --drawn or --strength")
    }
    if json, let format, format != .text { throw ValidationError("--json and --format \(format) exclude each other.") }
  }

  func run() throws {
    let drawing = try self.drawing
    let file = try OutputFile(output ?? "-", reading: [model, strength, equals].compactMap { $0 })
    let subject = try subject(model)
    let template = subject.template
    if strength == nil, !subject.isFile {
      try refuseUnused([("--symbols", reading.symbols != nil)], because: "only the data of --strength are read")
    }
    var graph = try template.unrolled(steps: stepCount(template))
    if let marginalise { graph = try graph.marginalised(variables(marginalise, "--marginalise", of: graph)).graph }
    // Names that are wrong are told, whether or not what they mean is of use.
    let given = try given.map { try variables($0, "--given", of: graph) } ?? []
    if strength != nil || drawn != nil {
      // Strengths are of what is random: functions are put into what depends on them.
      let functions = (0..<graph.count).filter { graph.kind($0) == .deterministic }
      if !functions.isEmpty { graph = try graph.marginalised(functions).graph }
    }

    var answer: GraphAnswer?
    if strength != nil || drawn != nil {
      answer = try strengths(graph, subject)
    } else if !questions.isEmpty {
      answer = try ask(graph, template, given: given)
    }
    if json {
      let report = try jsonText(
        .graph(graph, model: subject.word, answer), reading: [subject.isFile ? model : nil, strength],
        seed: drawn == nil && strength == nil ? nil : seed)
      return try write(Data((report + "\n").utf8), file)
    }
    // Beside a picture in a file there is room for the answer; where the picture takes standard output, it is told on
    // standard error.
    if let answer, drawing != .text {
      if file.isStandardOutput {
        try refuseUnused([("--csv", csv)], because: "standard output has the picture: give -o FILE")
        Console.say(answer.text)
      } else {
        try csv ? Console.print(csv: answer.table) : Console.print(answer.text)
      }
    }
    switch drawing {
    case .text:
      let drawn = plate ? template.text : Self.text(template, graph, withTemplate: marginalise == nil)
      let text = csv ? CSV.text(answer?.table ?? []) : (answer?.text ?? drawn) + "\n"
      try write(Data(text.utf8), file)
    case .dot: try write(Data(dot(template, graph, answer, given).utf8), file)
    case .svg, .png:
      let resolution = drawing == .png ? ["-Gdpi=144"] : []
      let dot = try dot(template, graph, answer, given)
      try write(
        Interruption.drawing { isInterrupted in
          try ExternalProgram.graphviz.run(
            ["-T" + drawing.rawValue] + resolution, input: dot, isInterrupted: isInterrupted)
        }, file)
    }
  }

  /// What to draw, by the option or by the file's suffix.
  private var drawing: Format {
    get throws {
      if let format { return format }
      guard let output, !json else { return .text }
      if output.hasSuffix(".dot") || output.hasSuffix(".gv") { return .dot }
      if output.hasSuffix(".txt") { return .text }
      // Standard output and devices have no suffix.
      if !OutputFile.replaces(output), (try? PictureFormat(path: output)) == nil { return .text }
      return try PictureFormat(path: output) == .svg ? .svg : .png
    }
  }

  private func write(_ bytes: Data, _ file: OutputFile) throws {
    try Interruption.writing(file) { try file.write(bytes) }
  }

  private func dot(
    _ template: DirectedTemplate, _ graph: UnrolledGraph, _ answer: GraphAnswer?, _ given: [Int]
  ) throws -> String {
    if plate { return try template.dot() }
    return try graph.dot(
      given: given + (answer?.given ?? []), trail: answer?.trail ?? [], strengths: answer?.strengths ?? [:],
      legend: answer?.legend ?? [])
  }

  /// A model's word and graph.
  struct Subject {
    let word: String
    let template: DirectedTemplate
    /// The kind of elements; of a word any number of symbols.
    let elements: ElementKind
    /// The model of a file.
    var loaded: AnyModel?

    var isFile: Bool { loaded != nil }

    init(_ specification: ModelSpecification, _ elements: ElementKind, inputWidth: Int, _ loaded: AnyModel? = nil) {
      word = specification.word
      template = specification.componentTemplate(elements, inputWidth: inputWidth)
      (self.elements, self.loaded) = (elements, loaded)
    }
  }

  /// The subject of a word, or of a model file.
  func subject(_ model: String) throws -> Subject {
    let width = inputs ? 1 : 0
    do {
      let typed = try ModelSpecification(model)
      let elements = typed.elements(alphabetSize: 2, values: reading.values, width: components)
      return Subject(try typed.resolved(for: elements), elements, inputWidth: width)
    } catch let error as SpecificationError {
      guard model == "-" || FileManager.default.fileExists(atPath: model) else { throw error }
      let loaded = try LoadedModel.readAny(model, symbols: reading.symbols)
      try refuseUnused([("--components", components != nil)], because: "\(model) is a model file, which says it")
      func subject(_ model: some FittedModel) -> Subject {
        Subject(
          model.specification, model.shape.elements, inputWidth: max(model.shape.inputWidth, width), loaded)
      }
      return switch loaded {
      case .symbols(let model): subject(model)
      case .vectors(let model): subject(model)
      }
    }
  }

  /// Template, drawing and parents, as people read them.
  private static func text(_ template: DirectedTemplate, _ graph: UnrolledGraph, withTemplate: Bool) -> String {
    (withTemplate ? [template.text] : []).joined() + (withTemplate ? "\n\n" : "") + graph.drawing + "\n\n"
      + graph.parentList(limit: 60)
  }

  /// As asked for, or enough to see which parents are there: beyond the longest lag, and not many.
  func stepCount(_ template: DirectedTemplate) -> Int {
    if let steps { return steps }
    let lags = template.nodes.flatMap(\.parents).flatMap { parent in
      if case .lags(let lags) = parent.reach { lags } else { [2] }
    }
    return min(max((lags.max() ?? 1) + 3, 4), 8)
  }
}
