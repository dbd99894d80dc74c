import ArgumentParser
import Chainrule
import Foundation

/// The data of a comparison, and how they are divided: for `compare` from the command line, for `run` from an experiment's
/// file.
struct ComparisonData: ParsableArguments {
  @Option(help: ArgumentHelp("The test data.", valueName: "file"))
  var test: String?

  @Option(help: ArgumentHelp("The validation data, by which training stops early.", valueName: "file"))
  var valid: String?

  @Option(
    help: ArgumentHelp(
      "Cross-validation: the file is divided into this many parts, each of which is tested once by models fitted to the others.",
      valueName: "n"), transform: NumberArgument.whole(2...100_000))
  var folds: Int?

  @Option(
    help: ArgumentHelp(
      "Fit each model this many times, with the seeds --seed, --seed + 1, …; figures are means, with their spread (default: 1).",
      valueName: "n"), transform: NumberArgument.whole(1...10_000))
  var repeats = 1

  @Flag(
    help: ArgumentHelp(
      "Learning curve: fit each model also to 1/2, 1/4, … 1/32 of the training sequences.",
      discussion: "Larger parts hold the smaller ones."))
  var learningCurve = false

  @OptionGroup var training: TrainingDataOptions
  @OptionGroup var data: DataOptions

  func validate() throws {
    if valid != nil, test == nil { throw ValidationError("--valid goes with --test: without it the file is split.") }
    if folds != nil, test != nil { throw ValidationError("--folds divides one file: leave out --test.") }
    if folds != nil, data.unknown != nil, training.alphabet == nil {
      throw ValidationError(
        "--unknown gives each fold an alphabet of its own, and their likelihoods could not be added: declare one with --alphabet."
      )
    }
  }

  /// Reads the data and divides them.
  /// - Parameters:
  ///   - models: those that are to be fitted, for the errors.
  ///   - say: tells a person how files were read, where that may surprise.
  func read(
    _ train: String, for models: [ModelSpecification], seed: UInt64, say: (String) -> Void
  ) throws -> (dataset: Dataset, design: Design<SymbolRows>) {
    var dataset = try training.read(train, data, for: models, say: say)
    var design: Design<SymbolRows>
    if let folds {
      design = Design(try Parts.folds(folds, of: dataset, seed: seed), seed: seed)
    } else if let test {
      let valid = try valid.map { [dataset] in try data.read($0, like: dataset, weights: training.weights, say: say) }
      let tested = try data.read(test, like: dataset, weights: training.weights, say: say)
      design = Design(
        Parts(
          train: dataset, valid: valid?.weightedSequences, test: tested.weightedSequences,
          testNumbers: tested.copies(of: Array(0..<tested.sequences.count)), seed: seed), seed: seed)
    } else {
      if dataset.alphabet.unknown != nil, training.alphabet == nil {
        dataset = dataset.withAlphabet(of: try dataset.split(seed: seed).train)
      }
      design = Design(Parts(try dataset.split(seed: seed)), seed: seed)
    }
    design.repeat(repeats)
    if learningCurve { design.fractions = (0...5).reversed().map { 1 / Double(1 << $0) } }
    return (dataset, design)
  }

  /// Reads vectors and divides them; a file that names its parts, such as piano rolls, is divided so.
  /// - Parameter say: tells a person how files were read, where that may surprise.
  func readVectors(
    _ train: String, seed: UInt64, say: (String) -> Void
  ) throws -> (dataset: VectorDataset, design: Design<VectorRows<Double>>) {
    if training.alphabet != nil || training.weights {
      throw SpecificationError.malformed("--alphabet and --weights are for symbols, and \(train) holds vectors")
    }
    let dataset = try data.readVectors(train, say: say)
    dataset.fittingRemarks.forEach(say)
    /// Of a file that names its parts the one that is meant.
    func read(_ path: String, _ part: String) throws -> VectorDataset {
      try data.readVectors(
        path, part: part, columns: dataset.columns, inputWidth: dataset.sequences.inputWidth, like: dataset, say: say)
    }
    let parts = dataset.parts.map(\.name)
    var design: Design<VectorRows<Double>>
    if folds != nil, parts.count > 1 {
      throw SpecificationError.malformed(
        "--folds divides one set, and \(train) names its parts: --part says which is meant")
    }
    if let folds {
      design = Design(try Parts.folds(folds, of: dataset, seed: seed), seed: seed)
    } else if let test {
      let valid = try valid.map { try read($0, "valid") }
      design = Design(
        Parts(train: dataset, valid: valid?.sequences, test: try read(test, "test").sequences, seed: seed), seed: seed)
    } else {
      if dataset.givenSplit == nil, parts.contains("test") {
        // Trained and tested on the parts that there are; what validates is held out.
        let tested = try dataset.part(named: "test").sequences
        design = Design(Parts(train: dataset, valid: nil, test: tested, seed: seed), seed: seed)
      } else {
        design = Design(Parts(try dataset.givenSplit ?? dataset.split(seed: seed)), seed: seed)
      }
    }
    design.repeat(repeats)
    if learningCurve { design.fractions = (0...5).reversed().map { 1 / Double(1 << $0) } }
    return (dataset, design)
  }

  /// The same for vectors.
  func protocolLine(_ dataset: VectorDataset, _ design: Design<VectorRows<Double>>, seed: UInt64) -> String {
    let isGiven = dataset.parts.contains { $0.name == "test" } && test == nil && folds == nil
    let parts = [
      "\(Numbers.count(dataset.columns.width, "component")), \(dataset.columns.values.name)",
      isGiven
        ? "the parts that the file names"
        : folds.map { "\($0) folds by seed \(seed), each sequence tested once" }
          ?? (test != nil ? "test data of their own" : "split 80/10/10 by seed \(seed)"),
      folds != nil || test != nil && valid == nil ? "a twentieth of the training data held out to validate" : nil,
      dataset.jitterSentence,
      repeats == 1
        ? "fitted with seed \(seed)" : "fitted \(repeats) times, seeds \(seed) to \(seed &+ UInt64(repeats - 1))",
    ]
    return
      "Protocol: every step is scored, also the first, which has no past; "
      + parts.compactMap { $0 }.joined(separator: "; ")
      + (dataset.columns.values == .reals ? "; densities are in the data's units, so that nats may be negative." : ".")
  }

  /// How the figures were made, in one sentence, so that those of others can be held against them.
  func protocolLine(_ dataset: Dataset, _ design: Design<SymbolRows>, seed: UInt64) -> String {
    let origin =
      training.alphabet.map { "declared by --alphabet \($0)" }
      ?? (test != nil
        ? "of the training data" : dataset.alphabet.unknown != nil ? "of the training part" : "of the whole file")
    let isText = dataset.isText && dataset.sequences.count == 1
    let split: String
    if let folds {
      split =
        isText
        ? "the text in \(folds) stretches, each tested once"
        : "\(folds) folds by seed \(seed), each sequence tested once"
    } else if test != nil {
      split = "test data of their own"
    } else {
      split = isText ? "the text cut by position, 80/10/10" : "split 80/10/10 by seed \(seed)"
    }
    let isHeldOut = folds != nil || test != nil && valid == nil
    let parts = [
      "alphabet: \(Numbers.count(dataset.alphabet.size, "symbol")) \(origin)", split,
      isHeldOut ? "a twentieth of the training data held out to validate" : nil,
      training.weights ? "sequences count by their weights" : nil,
      repeats == 1
        ? "fitted with seed \(seed)" : "fitted \(repeats) times, seeds \(seed) to \(seed &+ UInt64(repeats - 1))",
    ]
    return
      "Protocol: an event is a symbol or the end of a sequence; the first symbol is predicted as all others, from no past; "
      + parts.compactMap { $0 }.joined(separator: "; ") + "."
  }
}

/// What training data may be given beside their format.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A declared alphabet: characters with a range such as a-z (without one chars:aeiou), from:FILE for the symbols of a data file, or a FILE with a symbol a line.",
      discussion: "Else the alphabet is what the data hold. Symbols that never occur are smoothed like all others."))
  var alphabet: String?

  @Flag(help: "Each line ends with a tab and a count: the sequence counts as often (emma<TAB>12).")
  var weights = false

  func validate() throws {
    if alphabet == "" { throw ValidationError("--alphabet needs characters such as a-z, from:FILE, or a file's name.") }
  }

  /// Files that the alphabet is read from.
  var alphabetFiles: [String] {
    guard let alphabet else { return [] }
    let file = alphabet.hasPrefix("from:") ? String(alphabet.dropFirst(5)) : alphabet
    return FileManager.default.fileExists(atPath: file) ? [file] : []
  }

  /// Reads training data.
  /// - Parameter missing: what stands for an element that is not known; nothing does if `nil`.
  func read(
    _ path: String, _ data: DataOptions, for models: [ModelSpecification], missing: String? = nil,
    scratch: Scratch? = nil, say: (String) -> Void
  ) throws -> Dataset {
    var declared = try alphabet.map { try Alphabet(declared: $0, options: data.readOptions) }
    if let missing { declared = try declared?.adding(missing) }
    let dataset = try data.read(
      path, for: models, alphabet: declared, weights: weights, missing: missing, scratch: scratch, say: say)
    return try missing.map { try dataset.markingMissing($0) } ?? dataset
  }
}
