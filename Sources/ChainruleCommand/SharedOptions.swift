import ArgumentParser
import Chainrule
import Foundation

/// How data files are read.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The files' format: \(SequenceFormats.all.map { $0.name }.joined(separator: ", ")). Guessed from the suffix if left out.",
      valueName: "format"))
  var inputFormat: String?

  @Option(
    help: ArgumentHelp(
      "What a symbol is in lines and text: \(SymbolKind.allCases.map(\.rawValue).joined(separator: ", ")).",
      discussion:
        "Characters (Unicode scalars) if left out; words are split at blanks, and bytes read lines and texts of any bytes. "
        + "Beside a model its own, which an ARPA file of another program does not say."))
  var symbols: SymbolKind?

  @Option(
    help: ArgumentHelp(
      "Read elements as vectors of this kind: \(ElementKind.Values.allCases.map(\.rawValue).joined(separator: ", ")).",
      discussion:
        "If left out: bits where all are 0 or 1, counts where all are whole numbers from 0 on, else real numbers; "
        + "categories where the first vector is of texts. Whole numbers and texts by themselves in JSON lines are symbols.",
      valueName: "kind"))
  var values: ElementKind.Values?

  @Option(
    help: ArgumentHelp(
      "Use this part of a file that names its parts, such as train, valid or test of piano rolls.", valueName: "name"))
  var part: String?

  @Option(
    help: ArgumentHelp("Frames per quarter note when MIDI files are read (default: 1).", valueName: "n"),
    transform: NumberArgument.whole(1...96))
  var grid: Int?

  @Option(
    help: ArgumentHelp(
      "Add uniform noise to real numbers that were rounded: auto, as wide as each column's lattice, or a width.",
      discussion:
        "A density of rounded numbers has no bound; with the noise, densities of different models can be compared. Equal sequences "
        + "get equal noise; auto takes its widths from the training file, or from the file that a model is given.",
      valueName: "width"), transform: Jitter.init(argument:))
  var jitter: Jitter?

  @Option(
    help: ArgumentHelp(
      "A symbol that stands for all that the training data (where one file is split, its training part) does not hold.",
      valueName: "symbol"))
  var unknown: String?

  func validate() throws {
    if unknown == "" { throw ValidationError("--unknown needs a symbol.") }
  }

  /// Which of the options that matter to data alone were given.
  func reading() -> [(name: String, isGiven: Bool)] {
    [
      ("--input-format", inputFormat != nil), ("--values", values != nil), ("--part", part != nil),
      ("--grid", grid != nil), ("--jitter", jitter != nil),
    ]
  }
  func unseen() -> [(name: String, isGiven: Bool)] { [("--unknown", unknown != nil)] }

  var readOptions: ReadOptions {
    var options = ReadOptions(format: inputFormat, symbols: symbols, unknown: unknown)
    options.values = values
    if let grid { options.grid = grid }
    return options
  }

  /// - Throws: `SpecificationError.malformed` where a grid is given for what are no MIDI files.
  func checkGrid(_ data: VectorDataset, _ path: String) throws {
    if grid != nil, data.format != MIDIFormat.name {
      throw SpecificationError.malformed("--grid is for MIDI files, and \(path) is none")
    }
  }

  /// - Throws: `SpecificationError.malformed` where an option is given that is for vectors alone.
  func refuseOptionsOfVectors() throws {
    let given = [
      ("--values", values != nil), ("--part", part != nil), ("--grid", grid != nil), ("--jitter", jitter != nil),
    ].first { $0.1 }
    if let given { throw SpecificationError.malformed("\(given.0) is for vectors, and these are symbols") }
  }

  /// Whether a file holds vectors, as far as its format and beginning tell; those that cannot be opened do not.
  func holdsVectors(_ path: String) -> Bool { AnyDataset.holdsVectors(path, readOptions) }

  /// Reads vectors.
  /// - Parameters:
  ///   - part: the one that is meant of a file that names its parts, such as a test part; else what `--part` says.
  ///   - columns: those of the training data or of the model; else what the data hold.
  ///   - inputWidth: the numbers in x(t) that there must be; `nil` for any.
  ///   - train: the training data, whose widths of `--jitter` are taken.
  ///   - say: tells a person how the file was read, where that may surprise.
  func readVectors(
    _ path: String, part usual: String? = nil, columns: Columns? = nil, inputWidth: Int? = nil,
    like train: VectorDataset? = nil, say: (String) -> Void
  ) throws -> VectorDataset {
    if unknown != nil {
      throw SpecificationError.malformed("--unknown is for symbols, and \(path) holds vectors")
    }
    var data = try VectorDataset(reading: path, options: readOptions, columns: columns, inputWidth: inputWidth)
    data.remarks.forEach(say)
    if let jitter {
      guard data.columns.values == .reals else {
        throw SpecificationError.malformed(
          "--jitter is for real numbers, and \(path) holds \(data.columns.values.name)")
      }
      if case .width(let width) = jitter, train == nil {
        let wider = data.sequences.columnSummaries(data.columns).filter { ($0.step ?? 0) > width * 1.001 }
        if !wider.isEmpty {
          say("narrower than the lattices of \(Numbers.list(wider.map(\.name))): --jitter auto is as wide as these")
        }
      }
      data = data.jittered(jitter, like: train)
    }
    try checkGrid(data, path)
    // A part that is usual is taken if the file names it; one that is asked for must be there.
    if let usual { return data.parts.contains { $0.name == usual } ? try data.part(named: usual) : data }
    return try part.map { try data.part(named: $0) } ?? data
  }

  /// Reads vectors for a model, with the inputs x that it was trained with.
  func read(_ path: String, for model: VectorModel, say: (String) -> Void) throws -> VectorDataset {
    let width = model.shape.inputWidth
    let data = try readVectors(path, columns: model.columns, inputWidth: width > 0 ? width : nil, say: say)
    try model.check(data.sequences.inputs)
    if data.sequences.inputWidth > width {
      say("the model was trained without inputs x: those of the data are ignored")
    }
    return data
  }

  /// Reads training data.
  /// - Parameters:
  ///   - alphabet: a declared one; else it is what the data hold.
  ///   - weights: whether each line ends with a count.
  ///   - missing: the name of elements that are not known.
  ///   - scratch: where the data lie instead of in memory.
  ///   - say: tells a person how the file was read, where that may surprise.
  func read(
    _ path: String, for models: [ModelSpecification], alphabet: Alphabet? = nil, weights: Bool = false,
    missing: String? = nil, scratch: Scratch? = nil, say: (String) -> Void
  ) throws -> Dataset {
    try refuseOptionsOfVectors()
    do {
      var options = readOptions
      (options.scratch, options.weights, options.missing) = (scratch, weights, missing)
      let dataset = try Dataset(reading: path, options: options, alphabet: alphabet)
      dataset.remarks.forEach(say)
      try checkKind(of: unknown, dataset.alphabet.kind)
      guard dataset.alphabet.size > 0 else {
        let start = Location(file: path == "-" ? "standard input" : path, line: 1, column: 1)
        throw DataError.malformed(start, "expected a symbol, found empty sequences only")
      }
      return dataset
    } catch DataError.unknownSymbol(let location, let symbol, nil) {
      throw DataError.unknownSymbol(
        location, symbol: symbol,
        advice: (alphabet.map { "`--alphabet` declares \($0.listing). Add it there" } ?? "declare it with `--alphabet`")
          + ", or give `--unknown`, which stands for such symbols")
    }
  }

  /// Reads data that shares the alphabet of training data, and has as many inputs.
  func read(
    _ path: String, like train: Dataset, weights: Bool = false, scratch: Scratch? = nil, say: (String) -> Void
  ) throws -> Dataset {
    var options = readOptions
    (options.scratch, options.weights) = (scratch, weights)
    let advice = "`--unknown` gives such symbols one of their own in the alphabet"
    return try read(path, options, train.alphabet, inputWidth: train.sequences.inputWidth, advice, say)
  }

  /// Reads data for a model.
  /// - Parameters:
  ///   - needsInputs: whether they must have the inputs x that the model looks at.
  ///   - unseen: what becomes of symbols that the model does not know.
  ///   - advice: what helps where such a symbol is refused.
  func read(
    _ path: String, for model: SequenceModel, needsInputs: Bool = true, unseen: UnseenSymbolPolicy = .unknown,
    advice: String = "a model that is trained with `--unknown` knows what to make of it", say: (String) -> Void
  ) throws -> Dataset {
    try check(unknown, model.alphabet)
    let alphabet = model.alphabet
    var options = readOptions
    options.unseen = unseen
    let width = model.conditional.shape.inputWidth
    let dataset = try read(path, options, alphabet, inputWidth: needsInputs && width > 0 ? width : nil, advice, say)
    if inputFormat == nil, dataset.format == LinesFormat.name, model.seemsToBeOfText {
      say(
        "\(dataset.name) is read as lines, a sequence each, and ends of lines are symbols of the model, which was trained on a "
          + "text; --input-format text reads all of it as one sequence")
    }
    return dataset
  }

  /// - Throws: `SpecificationError.malformed` for a symbol that is none of its kind: data could never hold it, and in
  ///   samples it would look like several.
  private func checkKind(of unknown: String?, _ kind: SymbolKind) throws {
    guard let unknown else { return }
    let isOne =
      switch kind {
      case .characters: unknown.unicodeScalars.count == 1
      case .graphemes: unknown.count == 1
      // In JSON lines words may hold anything; the name of unseen bytes need not be one.
      case .words, .bytes: true
      }
    if !isOne {
      throw SpecificationError.malformed(
        "--unknown: \(VisibleText.quoted(unknown)) is not one symbol where symbols are \(kind.rawValue)")
    }
  }

  /// The symbols of an option's text. All of it is one sequence, the ends of lines too.
  func symbols(of text: String, option: String, for model: SequenceModel) throws -> [Symbol] {
    try check(unknown, model.alphabet)
    return try model.symbols(of: text, option: option, unknown: unknown)
  }

  /// - Throws: `SpecificationError.malformed` where an unknown symbol is not the alphabet's own, or if that has none, not
  ///   one of its symbols.
  private func check(_ unknown: String?, _ alphabet: Alphabet) throws {
    guard let unknown else { return }
    if alphabet.unknown.map({ alphabet.symbols[$0] != unknown }) ?? (alphabet.index(of: unknown) == nil) {
      throw SpecificationError.malformed(
        "--unknown: \(VisibleText.quoted(unknown)) is not the model's symbol for unseen ones; "
          + "give it when the model is trained")
    }
  }

  private func read(
    _ path: String, _ options: ReadOptions, _ alphabet: Alphabet, inputWidth: Int?, _ advice: String,
    _ say: (String) -> Void
  ) throws -> Dataset {
    try refuseOptionsOfVectors()
    do {
      let dataset = try Dataset(reading: path, options: options, alphabet: alphabet, inputWidth: inputWidth)
      dataset.remarks.forEach(say)
      return dataset
    } catch DataError.unknownSymbol(let location, let symbol, nil) {
      throw DataError.unknownSymbol(location, symbol: symbol, advice: advice)
    }
  }
}

/// The vectors that a word is about, where there are no data.
struct VectorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the numbers of vectors are: \(ElementKind.Values.allCases.map(\.rawValue).joined(separator: ", ")); for models of vectors.",
      valueName: "kind"))
  var values: ElementKind.Values?

  @Option(
    help: ArgumentHelp("d, the numbers in a vector, for models of vectors.", valueName: "d"),
    transform: NumberArgument.whole(1...100_000))
  var components: Int?

  /// d where it is not given, for a model of vectors; `nil` for one of symbols.
  func components(or usual: Int, _ specification: ModelSpecification) -> Int? {
    components ?? (values == nil && specification.family.models(.symbols(1)) ? nil : usual)
  }

  /// Refuses the number of symbols where no model is of any.
  func check(_ specifications: [ModelSpecification], alphabetSize: Int?) throws {
    func isOfCategories(_ specification: ModelSpecification) -> Bool {
      let elements = specification.elements(alphabetSize: 2, values: values, width: components(or: 2, specification))
      return if case .vectors(.categories, _, _) = elements { true } else { false }
    }
    if specifications.allSatisfy({ components(or: 2, $0) != nil && !isOfCategories($0) }) {
      try refuseUnused([("--alphabet-size", alphabetSize != nil)], because: "these are models of vectors")
    }
  }
}

extension SymbolKind: ExpressibleByArgument {}

extension ElementKind.Values: ExpressibleByArgument {}

extension SequenceModel {
  /// Whether ends of lines are symbols, as they are where the training data were read as text.
  fileprivate var seemsToBeOfText: Bool { alphabet.kind != .words && alphabet.index(of: "\n") != nil }

  /// The symbols of an option's text, of which all is one sequence, the ends of lines too.
  /// - Throws: `DataError` for a symbol that the model does not know.
  func symbols(of text: String, option: String, unknown: String? = nil) throws -> [Symbol] {
    if text.isEmpty { return [] }
    var source = try ByteSource(bytes: Array(text.utf8), name: option)
    let data = try Dataset(reading: &source, options: ReadOptions(format: "text", unknown: unknown), alphabet: alphabet)
    return Array(data.sequences[0])
  }
}

/// What is kept on disk.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Memory to keep to in fitting a Markov model, such as 2G or 500M: the data, their sorted counts and tables of counts lie on disk meanwhile, the alphabet in memory. "
        + "At least 100M; the result does not depend on it. All that is needed if left out.", valueName: "bytes"),
    transform: ByteCount.init)
  var memory: ByteCount?

  @Option(help: ArgumentHelp("The folder for what lies on disk; the system's if left out.", valueName: "folder"))
  var scratch: String?

  func validate() throws {
    if scratch == "" { throw ValidationError("--scratch needs a folder's name.") }
    if scratch != nil, memory == nil { throw ValidationError("--scratch is of use with --memory only.") }
  }

  /// - Throws: `Scratch.Failure`; `SpecificationError.refused` for models that do not keep to memory.
  func makeScratch(for specification: ModelSpecification) throws -> Scratch? {
    guard let memory else { return nil }
    guard specification.family.usesScratch else {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: "--memory is for Markov models (markov:k): what this one learns lies in memory")
    }
    return try Scratch(limit: memory.count, folder: scratch)
  }
}

/// A number of bytes: digits, and perhaps K, M, G or T for powers of 1024.
struct ByteCount {
  let count: Int

  /// - Throws: `NumberArgument.OutOfRange`.
  @Sendable init(_ argument: String) throws {
    let units: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40]
    let shift = argument.lowercased().last.flatMap { units[$0] }
    guard let number = Double(shift == nil ? argument[...] : argument.dropLast()),
      case let bytes = number * Double(1 << (shift ?? 0)), bytes >= Double(Scratch.smallestLimit), bytes < 0x1p62
    else {
      throw NumberArgument.OutOfRange(
        description: "it must be a number of bytes of at least \(Scratch.smallestLimit >> 20)M, such as 500M or 2G")
    }
    count = Int(bytes)
  }
}

/// Tables for spreadsheets, with all digits.
struct TableOptions: ParsableArguments {
  @Flag(help: "Print the table as comma-separated values with a header, and nothing else.")
  var csv = false

  func validate(besides json: Bool) throws {
    if csv, json { throw ValidationError("--csv and --json exclude each other.") }
  }
}

/// How a command runs and prints.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp(
      "The seed of everything random; the same seed gives the same result (default: 1).", valueName: "seed"),
    transform: NumberArgument.whole(0...UInt64.max))
  var givenSeed: UInt64?

  @Option(
    help: "Threads to use; the result does not depend on it. As many as there are cores if left out.",
    transform: NumberArgument.whole(1...1024))
  var threads: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no remarks.")
  var quiet = false

  var seed: UInt64 { givenSeed ?? 1 }
  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// A context for fitting, which can be interrupted and shows its progress.
  func fittingContext(_ progress: ProgressReporter) -> FittingContext {
    FittingContext(
      seed: seed, threads: threadCount, progress: { progress.show($0) },
      isInterrupted: { Interruption.isRequested })
  }

  func say(_ text: String) {
    if !quiet { Console.say(text) }
  }
}
