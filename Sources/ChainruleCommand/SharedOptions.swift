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

  @Option(help: "What a symbol is in lines and text; words are split at blanks.")
  var symbols: SymbolKind = .characters

  @Option(help: ArgumentHelp("A symbol that stands for all that the training data does not hold.", valueName: "symbol"))
  var unknown: String?

  var readOptions: ReadOptions { ReadOptions(format: inputFormat, symbols: symbols, unknown: unknown) }

  /// Reads training data.
  /// - Parameter scratch: where the data lie instead of in memory.
  func read(_ path: String, for models: [ModelSpecification], scratch: Scratch? = nil) throws -> Dataset {
    do {
      var options = readOptions
      options.scratch = scratch
      let dataset = try Dataset(reading: path, options: options)
      guard dataset.alphabet.size > 0 else {
        let start = Location(file: path == "-" ? "standard input" : path, line: 1, column: 1)
        throw DataError.malformed(start, "expected a symbol, found empty sequences only")
      }
      return dataset
    } catch DataError.realValues(let location) {
      // The reason that concerns the models comes first: it is the user's choice that cannot be.
      if let model = models.first(where: { $0.length.needsSymbols }) {
        throw SpecificationError.refused(
          model: model.shortWord,
          reason: "an end symbol is one more outcome among symbols, and \(location.file) holds real values; "
            + "use /halt or /tau")
      }
      throw DataError.realValues(location)
    }
  }

  /// Reads data that shares the alphabet of training data, and has as many inputs.
  func read(_ path: String, like train: Dataset, scratch: Scratch? = nil) throws -> SequenceSet {
    try read(path, train.alphabet, inputWidth: train.sequences.inputWidth, scratch: scratch)
  }

  /// Reads data of this alphabet, with x(t) of `inputWidth` numbers if that is given.
  func read(
    _ path: String, _ alphabet: Alphabet, inputWidth: Int? = nil, scratch: Scratch? = nil
  ) throws -> SequenceSet {
    if let unknown, alphabet.unknown == nil, alphabet.index(of: unknown) == nil {
      throw SpecificationError.malformed(
        "--unknown: \(unknown.debugDescription) is not in the alphabet; give it when the model is trained")
    }
    var options = readOptions
    options.scratch = scratch
    return try Dataset(reading: path, options: options, alphabet: alphabet, inputWidth: inputWidth).sequences
  }
}

extension SymbolKind: ExpressibleByArgument {}

/// What is kept on disk.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Memory to keep to in fitting a Markov model, such as 2G or 500M: the data, their sorted counts and tables of counts lie on disk meanwhile. "
        + "At least 100M; the result does not depend on it. All that is needed if left out.", valueName: "bytes"))
  var memory: ByteCount?

  @Option(help: ArgumentHelp("The folder for what lies on disk; the system's if left out.", valueName: "folder"))
  var scratch: String?

  func validate() throws {
    if let memory, memory.count < Scratch.smallestLimit {
      throw ValidationError("--memory must be at least \(Scratch.smallestLimit >> 20)M.")
    }
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
struct ByteCount: ExpressibleByArgument {
  let count: Int

  init?(argument: String) {
    let units: [Character: Int] = ["k": 10, "m": 20, "g": 30, "t": 40]
    let shift = argument.lowercased().last.flatMap { units[$0] }
    guard let number = Double(shift == nil ? argument[...] : argument.dropLast()), number > 0,
      case let bytes = number * Double(1 << (shift ?? 0)), bytes < 0x1p62
    else { return nil }
    count = Int(bytes)
  }
}

/// How a command runs and prints.
struct RunOptions: ParsableArguments {
  @Option(help: "The seed of everything random; the same seed gives the same result.")
  var seed: UInt64 = 1

  @Option(help: "Threads to use; the result does not depend on it. As many as there are cores if left out.")
  var threads: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress and no remarks.")
  var quiet = false

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

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
