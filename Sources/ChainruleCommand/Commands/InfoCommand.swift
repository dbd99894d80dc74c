import ArgumentParser
import Chainrule
import Foundation

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a model file or a data file is.",
    discussion: """
      Examples:
        chainrule info names.safetensors
        chainrule info names.txt --json
      """)

  @Argument(help: "A model or data file; '-' is standard input.")
  var file: String

  @OptionGroup var data: DataOptions
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try refuseUnused([("--jitter", data.jitter != nil)], because: "info tells of the data as they are")
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
      return try report(AnyDataset.read(file, options: data.readOptions))
    }
    var source = try ByteSource(opening: file)
    if LoadedModel.isModel(try source.head(SequenceModel.headSize), file) {
      try refuseUnused(
        data.reading() + data.unseen(), because: "\(file) is a model file, and these options are for data")
      switch try LoadedModel.readAny(source, symbols: data.symbols) {
      case .symbols(let model): try report(model)
      case .vectors(let model): try report(model)
      }
      return
    }
    try report(AnyDataset.read(&source, options: data.readOptions))
  }

  private func report(_ dataset: AnyDataset) throws {
    switch dataset {
    case .symbols(let dataset):
      dataset.remarks.forEach { Console.say($0) }
      try data.refuseOptionsOfVectors()
      try report(dataset)
    case .vectors(let dataset):
      dataset.remarks.forEach { Console.say($0) }
      try data.checkGrid(dataset, file)
      try report(data.part.map { try dataset.part(named: $0) } ?? dataset, parts: dataset.parts)
    }
  }

  private func report(_ model: SequenceModel) throws {
    let facts = model.facts
    if json {
      return try printJSON(
        [
          "schema": "chainrule.info/1", "kind": "model", "model": model.specification.word,
          "nGramOrder": model.specification.nGramOrder, "alphabet": model.alphabet.symbols,
          "symbols": model.alphabet.kind.rawValue,
          "parameters": JSONObject.parameters(free: model.parameterCount, stored: model.storedParameters),
          "inputWidth": model.inputWidth,
          "train": ["sequences": facts.sequences, "symbols": facts.symbols, "longest": facts.longest],
          "seed": facts.seed, "dataHash": String(facts.dataHash, radix: 16), "notes": model.notes,
        ], reading: [file])
    }
    try Console.print("model       \(model.specification.word)")
    if let order = model.specification.nGramOrder { try Console.print("n-gram      of order \(order)") }
    try Console.print("alphabet    \(Self.list(model.alphabet)) (\(model.alphabet.kind.rawValue))")
    try printFacts(of: model, elements: "symbol")
  }

  /// What models of all elements have to say.
  /// - Parameter elements: what one of the training data's elements is called.
  func printFacts(of model: some FittedModel, elements: String) throws {
    let (free, facts) = (model.parameterCount, model.facts)
    try Console.print(
      "parameters  \(free.exact == nil ? free.text + " ≈ " : "")\(Numbers.count(free)) free, "
        + "\(Numbers.count(model.storedParameters)) stored")
    if model.inputWidth > 0 { try Console.print("looks at    x of \(Numbers.count(model.inputWidth, "number"))") }
    if model.specification.family is any KnownFamily {
      try Console.print("fitted to   no data: its probabilities are known; seed \(facts.seed)")
    } else {
      try Console.print(
        "trained on  \(Numbers.count(facts.sequences, "sequence")), \(Numbers.count(facts.symbols, elements)), "
          + "longest \(Numbers.count(facts.longest)); seed \(facts.seed), data \(String(facts.dataHash, radix: 16))")
    }
    for note in model.notes { try Console.print("note        \(note)") }
  }

  private func report(_ dataset: Dataset) throws {
    let set = dataset.sequences
    let lengths = LengthTable(set, isSmoothed: false)
    let summary = [lengths.lengths.first ?? 0, lengths.median, lengths.lengths.last ?? 0]
    let distinct = set.countOfDistinctSequences
    let x = set.inputs.map { (width: $0.width, per: $0.isPerStep ? "step" : "sequence") }
    if json {
      return try printJSON(
        [
          "schema": "chainrule.info/1", "kind": "data", "format": dataset.format, "sequences": set.count,
          "symbols": set.symbolCount, "alphabet": dataset.alphabet.symbols, "lengths": summary, "distinct": distinct,
          "x": x.map { ["width": $0.width, "per": $0.per] as JSONObject },
        ], reading: [file])
    }
    try Console.print("data       \(dataset.name), format \(dataset.format)")
    try Console.print(
      "sequences  \(Numbers.count(set.count)) (\(Numbers.count(distinct)) distinct), "
        + Numbers.count(set.symbolCount, "symbol"))
    try Console.print("lengths    \(summary[0]) to \(summary[2]), median \(summary[1])")
    try Console.print("alphabet   \(Self.list(dataset.alphabet)) (\(dataset.alphabet.kind.rawValue))")
    if let x { try Console.print("x          \(Numbers.count(x.width, "number")) a \(x.per)") }
  }

  /// The number of symbols, and the first of them.
  private static func list(_ alphabet: Alphabet) -> String {
    let shown = alphabet.symbols.prefix(30).map(VisibleText.symbol) + (alphabet.size > 30 ? ["…"] : [])
    return Numbers.count(alphabet.size, "symbol") + (shown.isEmpty ? "" : ": " + shown.joined(separator: " "))
  }
}
