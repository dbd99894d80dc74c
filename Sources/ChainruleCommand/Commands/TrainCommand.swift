import ArgumentParser
import Chainrule
import Foundation

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fit one model and write it to a file.",
    discussion: """
      Models that stop early or tune (tune=valid) hold out a seeded twentieth of the \
      data if --valid is not given. Long trainings keep what they have done beside \
      the model's file, in FILE.checkpoint, which is a model file too. After an \
      interruption or a crash, the same command with --resume continues, and ends \
      in the same bits as if nothing had happened (with optimiser=bfgs, from where it \
      was up to 100 iterations before). With more epochs= it continues as well: an \
      interrupted training along the new schedule of the rate, a finished one from \
      its model, with a schedule of its own for the further epochs. Without --resume \
      an earlier checkpoint is moved to FILE.checkpoint.old.

      Examples:
        chainrule train names.txt --model gru:128/eos -o names.safetensors
        chainrule train names.txt --model gru:128/eos -o names.safetensors --resume
        chainrule train texts.txt.gz --symbols words --model markov:4 -o texts.gz
      With elements that are not known, ? in the lines, by expectation–maximisation:
        chainrule train gaps.txt --missing '?' --model markov:3 -o names.safetensors
      Markov models of more text than memory, with sorted counts on disk:
        chainrule train texts.txt --symbols words --model markov:4 --memory 2G -o t

      chainrule help models lists what a model may be.
      """)

  @Argument(help: "The training data; '-' is standard input.")
  var train: String

  @Option(help: ArgumentHelp("The validation data, by which training stops early.", valueName: "file"))
  var valid: String?

  @Option(help: "The model, in one word.")
  var model: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file to write; '-' is standard output.", valueName: "file"))
  var output: String

  @Flag(help: "Continue from the checkpoint of an interrupted training, if there is one.")
  var resume = false

  @Option(help: ArgumentHelp("Where checkpoints are kept; beside the model's file if left out.", valueName: "file"))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp("Seconds between two checkpoints (default: 20).", valueName: "seconds"),
    transform: NumberArgument.decimal(from: 0, to: 1e9))
  var checkpointEvery: Double?

  @OptionGroup var gaps: GapOptions
  @OptionGroup var training: TrainingDataOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    if output.isEmpty { throw ValidationError("-o needs a file's name.") }
    if OutputFile.isStandardOutput(output), options.json {
      throw ValidationError("--json and -o - both want standard output.")
    }
    let place = checkpoint ?? output + ".checkpoint"
    if [output, train, valid].contains(where: { $0.map { isSame(place, $0) } ?? false }) {
      throw ValidationError("The checkpoint would take the place of the model or of the data in \(place).")
    }
  }

  /// Whether two paths lead to the same place, there or not yet there.
  private func isSame(_ path: String, _ other: String) -> Bool {
    func resolved(_ path: String) -> String { URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path }
    return OutputFile.replaces(path, other) || resolved(path) == resolved(other)
  }

  func run() throws {
    let specification = try ModelSpecification(model)
    if !specification.family.keepsCheckpoints {
      try refuseUnused(
        [("--checkpoint", checkpoint != nil), ("--checkpoint-every", checkpointEvery != nil), ("--resume", resume)],
        because: "\(specification.shortWord) is fitted at once and keeps no checkpoints")
    }
    let file = try OutputFile(output, reading: [train, valid].compactMap { $0 })
    if checkpoint == nil, !file.isReplaced {
      try refuseUnused(
        [("--checkpoint-every", checkpointEvery != nil), ("--resume", resume)],
        because: "beside \(output) no checkpoint is kept; --checkpoint says where")
    }
    let kept = try checkpointFile(beside: file, specification)
    let scratch = try memory.makeScratch(for: specification)
    if !training.weights, data.holdsVectors(train) { return try runOnVectors(specification, file, kept) }
    try specification.checkFitting()
    var dataset = try training.read(
      train, data, for: [specification], missing: gaps.missing, scratch: scratch, say: options.say)
    var fillings: [SequenceSet] = []
    try gaps.check(dataset.alphabet)
    if let mark = gaps.missing, dataset.sequences.missing.isEmpty {
      options.say("--missing: nothing is missing, since no element is \(VisibleText.quoted(mark))")
    }
    if gaps.missing != nil, dataset.alphabet.index(of: "[") != nil, dataset.alphabet.index(of: "]") != nil {
      options.say("[ and ] are symbols like others here: sets of symbols are for fill and score")
    }
    if !dataset.sequences.missing.isEmpty {
      fillings = try filled(dataset, specification)
      dataset.sequences = fillings[0]
    }
    if valid == nil, training.alphabet == nil, dataset.alphabet.unknown != nil, specification.family.usesValidation {
      dataset = dataset.withAlphabet(of: dataset.holdOut(seed: options.seed).train)
    }
    let valid = try valid.map { [dataset] path in
      if let mark = gaps.missing { return try completeSequences(path, like: dataset, mark) }
      return try data.read(path, like: dataset, weights: training.weights, scratch: scratch, say: options.say)
        .weightedSequences
    }
    try run(as: SequenceModel.self, specification, dataset, valid: valid, file, kept, scratch) {
      train, valid, context in
      guard fillings.count > 1, fillings[0].alphabetSize == train.alphabetSize else {
        return try .fit(specification, to: train, valid: valid, dataset.alphabet, context)
      }
      // Where a part is held out, the same sequences are of every filling.
      let parts = fillings.map { filling in
        var filled = dataset
        filled.sequences = filling
        return filling.count == train.count ? filling : filled.holdOut(seed: options.seed).train
      }
      return try .fit(specification, toMeanOf: parts, valid: valid, dataset.alphabet, context)
    }
  }

  /// Validation data: their sequences without gaps.
  private func completeSequences(_ path: String, like dataset: Dataset, _ mark: String) throws -> SequenceSet {
    var marked = dataset
    marked.schema = try dataset.alphabet.adding(mark)
    let read = try data.read(path, like: marked, say: options.say).markingMissing(mark)
    let filling = GapFilling(of: read.sequences, read.alphabet)
    guard filling.incompleteCount > 0 else { return read.sequences }
    options.say(
      "\(Numbers.count(filling.incompleteCount, "sequence")) of \(Numbers.count(read.sequences.count)) in \(path) left out: "
        + "validation takes those without gaps")
    guard let complete = filling.complete else { throw DataError.noSequences("\(path), those with gaps left out") }
    return complete
  }

  /// The rounds of Monte Carlo EM with a model whose states can be listed, and with others after those.
  private static let rounds = (listed: 10, others: 1)

  /// The sequences with draws in their gaps: of the model itself, fitted again and again, and for recurrent networks first of a
  /// Markov model.
  private func filled(_ dataset: Dataset, _ specification: ModelSpecification) throws -> [SequenceSet] {
    if training.weights { throw SpecificationError.malformed("--missing and --weights exclude each other") }
    var stages = [GapFilling.Stage(specification, rounds: Self.rounds.listed)]
    if specification.family is any RecurrentFamily {
      let markov = try ModelSpecification("markov:3/\(specification.length.word(complete: true))")
      stages = [.init(markov, rounds: Self.rounds.listed), .init(specification, rounds: Self.rounds.others)]
    }
    let progress = ProgressReporter(quiet: options.quiet)
    defer { progress.finish() }
    progress.begin("gaps")
    let filling = GapFilling(of: dataset.sequences, dataset.alphabet)
    options.say(
      "\(Numbers.count(dataset.sequences.missing.count, "unknown element")) among \(Numbers.count(dataset.sequences.symbolCount)), in \(Numbers.count(filling.incompleteCount, "sequence")): filled by Monte Carlo EM; figures of the training data "
        + (specification.family is any SummarisingFamily ? "are means over fillings" : "are those of one filling"))
    var known: [Double] = []
    let filled = try filling.fill(with: stages, options.fittingContext(progress)) { _, nats in known.append(-nats) }
    progress.finish()
    options.say(
      "nats an event of what is known in them, round by round: "
        + known.map { Numbers.decimal($0 / Double(filling.knownEvents), 4) }.joined(separator: ", "))
    return filled
  }

  /// The same for a file of vectors; one that names its parts has its own validation data.
  private func runOnVectors(
    _ specification: ModelSpecification, _ file: OutputFile, _ kept: CheckpointFile?
  ) throws {
    if training.alphabet != nil || training.weights || memory.memory != nil {
      throw SpecificationError.malformed(
        "--alphabet, --weights and --memory are for symbols, and \(train) holds vectors")
    }
    let dataset = try data.readVectors(train, say: options.say)
    dataset.fittingRemarks.forEach(options.say)
    let valid = try valid.map {
      try data.readVectors(
        $0, columns: dataset.columns, inputWidth: dataset.sequences.inputWidth, like: dataset, say: options.say
      ).sequences
    }
    let resolved = try specification.resolved(for: dataset.columns.kind)
    try run(as: VectorModel.self, resolved, dataset, valid: valid ?? dataset.givenSplit?.valid, file, kept, nil) {
      try .fit(resolved, to: $0, valid: $1, dataset.columns, $2)
    }
  }

  /// Fits a model of symbols or of vectors, and writes it.
  private func run<Model: MeasuredModel>(
    as type: Model.Type, _ specification: ModelSpecification, _ dataset: SequenceData<Model.Rows>,
    valid: Sequences<Model.Rows>?, _ file: OutputFile, _ kept: CheckpointFile?, _ scratch: Scratch?,
    fit: (_ train: Sequences<Model.Rows>, _ valid: Sequences<Model.Rows>?, FittingContext) throws -> Model
  ) throws {
    let parts = Parts(train: dataset, valid: valid, test: dataset.sequences.selecting([]), seed: options.seed)
    let fitting = parts.fitting(specification)
    if valid == nil, let held = fitting.valid {
      let size = "\(Numbers.count(held.count, "sequence")), \(Numbers.count(held.elementCount, Self.element(held)))"
      let use = specification.family is any RecurrentFamily ? "early stopping" : "tuning"
      options.say("\(size) held out for \(use) (seed \(options.seed))")
    } else if fitting.valid == nil, specification.family.usesValidation {
      options.say("one sequence leaves none to hold out: there are no validation data (--valid gives some)")
    }
    let progress = ProgressReporter(quiet: options.quiet)
    progress.begin(specification.shortWord)
    let start = ContinuousClock.now
    var context = options.fittingContext(progress)
    context.scratch = scratch
    context.checkpoints = try kept.map { kept in
      try checkpoints(kept, specification) {
        ($0 as? Model)?.obstacles(
          toContinuing: specification, on: fitting.train, dataset.schema, seed: options.seed
        ).isEmpty ?? false
      }
    }
    if resume, let kept, file.isReplaced, context.checkpoints?.resuming == nil {
      switch try finished(as: type, specification, fitting.train, dataset.schema, kept) {
      case .complete(let model):
        options.say("\(output) is complete already; with more epochs= training continues from it")
        return try report(model, file, parts, fitting, dataset, 0, [])
      case .continues(let model):
        options.say("training continues from the model in \(output)")
        context.checkpoints?.continuing = model
      case .another(let reason): options.say("\(reason): training begins anew")
      }
    }
    let history = EpochRecorder(context.progress)
    context.progress = history.add
    // Once it is fitted, an interruption waits until the file is whole.
    try Interruption.deferring {
      let model: Model
      do {
        model = try fit(fitting.train, fitting.valid, context)
      } catch FittingError.interrupted {
        throw Interrupted(sentence: "interrupted; nothing was written")
      } catch let error as FittingError {
        if case .diverged = error, let kept, kept.isWritten {
          progress.finish()
          options.say("the last good state before the training diverged is in \(kept.path)")
        }
        throw error
      }
      progress.finish()
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      // What is fitted at once is complete.
      if Interruption.isRequested, specification.family.keepsCheckpoints {
        if let kept, kept.isWritten {
          throw Interrupted(
            sentence:
              "interrupted; the best model so far is in \(kept.path), and the same command with --resume continues")
        }
        let kept = Self.freePath(file.isReplaced ? output + ".interrupted" : "interrupted.safetensors")
        try write(model, to: OutputFile(kept, permissionsOf: file.isReplaced ? output : nil))
        throw Interrupted(sentence: "interrupted; the best model so far is in \(kept)")
      }
      try write(model, to: file)
      kept?.remove()
      if Interruption.isRequested { throw Interrupted(sentence: "interrupted; the model is written") }
      try report(model, file, parts, fitting, dataset, seconds, history.epochs)
    }
  }

  /// Beside the model's file, or where the user wants it; `nil` where there is no such place.
  private func checkpointFile(beside file: OutputFile, _ specification: ModelSpecification) throws -> CheckpointFile? {
    guard specification.family.keepsCheckpoints, checkpoint != nil || file.isReplaced else { return nil }
    return try CheckpointFile(checkpoint ?? output + ".checkpoint", permissionsOf: file.isReplaced ? output : nil)
  }

  /// - Parameter isSame: whether a checkpoint is of the same training, but perhaps for the number of epochs.
  private func checkpoints(
    _ file: CheckpointFile, _ specification: ModelSpecification, isSame: (any FittedModel) -> Bool
  ) throws -> Checkpoints {
    var earlier: Checkpoint?
    if resume {
      earlier = try file.read()
      if let model = earlier?.model, model.specification.word != specification.word, isSame(model) {
        func epochs(_ specification: ModelSpecification) -> String {
          let training = (specification.family as? any RecurrentFamily)?.training
          return training?.epochs.map { "epochs=\($0)" } ?? "epochs=auto"
        }
        options.say(
          "training continues from \(file.path) with \(epochs(specification)); it was begun with "
            + epochs(model.specification))
      }
    } else if let (checkpoint, aside) = try file.putAside() {
      options.say(
        checkpoint.divergedStep == nil
          ? "an interrupted training's checkpoint is in \(aside) now; --resume would have continued from it"
          : "the last good state of a training that diverged is in \(aside) now")
    }
    return Checkpoints(interval: checkpointEvery ?? 20, resuming: earlier) { try file.save($0) }
  }

  /// What there is to go on from where there is no checkpoint.
  private enum Finished<Model> {
    case complete(Model)
    case continues(Model)
    /// Nothing, for a reason.
    case another(String)
  }

  /// - Throws: `FittingError.wrongCheckpoint` where a model stands there that another training made: it is not replaced by
  ///   a command that was to continue it.
  private func finished<Model: MeasuredModel>(
    as type: Model.Type, _ specification: ModelSpecification, _ train: Sequences<Model.Rows>,
    _ schema: Model.Rows.Schema, _ checkpoint: CheckpointFile
  ) throws -> Finished<Model> {
    let nothing = "there is no \(checkpoint.path) to continue from"
    guard let family = specification.family as? any RecurrentFamily,
      let model = try? LoadedModel.readAny(output).model as? Model
    else { return .another(nothing) }
    let obstacles = model.obstacles(toContinuing: specification, on: train, schema, seed: options.seed)
    guard obstacles.isEmpty else {
      throw FittingError.wrongCheckpoint(
        reason:
          "\(nothing), and of the model in \(output) \(obstacles.joined(separator: "; ")); without --resume a new "
          + "model takes its place")
    }
    if model.specification.word == specification.word { return .complete(model) }
    // Where its quasi-Newton steps stood is not in a finished model.
    return family.training.optimiser == .bfgs ? .another(nothing) : .continues(model)
  }

  /// The path, or with a number in front of its suffix one at which nothing stands yet.
  private static func freePath(_ path: String) -> String {
    let suffix = URL(filePath: path).pathExtension
    let candidates = (1...).lazy.map { $0 == 1 ? path : "\(path.dropLast(suffix.count + 1))-\($0).\(suffix)" }
    return candidates.first { !FileManager.default.fileExists(atPath: $0) } ?? path
  }

  private func write(_ model: some FittedModel, to file: OutputFile) throws {
    try Interruption.writing(file) { try ModelFile.write(model, to: file) }
  }

  /// "symbol" or "step".
  private static func element(_ set: Sequences<some RowStorage>) -> String {
    if case .vectors = set.rows.kind { "step" } else { "symbol" }
  }

  private func report<Model: MeasuredModel>(
    _ model: Model, _ file: OutputFile, _ parts: Parts<Model.Rows>,
    _ fitting: (train: Sequences<Model.Rows>, valid: Sequences<Model.Rows>?), _ dataset: SequenceData<Model.Rows>,
    _ seconds: Double, _ epochs: [TrainingEpoch]
  ) throws {
    // Standard output may hold the model itself.
    let print = file.isStandardOutput ? Console.say : Console.print
    let threads = options.threadCount
    func figures(_ set: Sequences<Model.Rows>) -> Figures {
      model.figures(model.scores(of: set, threads: threads), on: set, threads: threads, detailsUnknown: true)
    }
    let valid = fitting.valid
    let isWhole = fitting.train.count == parts.train.count && fitting.train.elementCount == parts.train.elementCount
    let trainFigures = isWhole ? model.figures(onTraining: parts.train, threads: threads) : figures(parts.train)
    let validFigures = valid.map(figures)
    let warning = (model as? SequenceModel)?.warning(ofTraining: trainFigures)
    if let warning { Console.say("chainrule: \(warning)") }
    let notes = (warning.map { [$0] } ?? []) + model.notes
    if options.json {
      var counts = ["train": JSONObject.size(parts.train, alphabetSize: (dataset as? Dataset)?.alphabet.size)]
      if let valid { counts["valid"] = .size(valid) }
      return try printJSON(
        [
          "schema": "chainrule.train/1", "model": model.specification.word, "typed": self.model,
          "nGramOrder": model.specification.nGramOrder, "output": output, "seed": options.seed, "data": counts,
          "parameters": JSONObject.parameters(free: model.parameterCount, stored: model.storedParameters),
          "train": JSONObject.figures(trainFigures), "valid": JSONObject.figures(validFigures), "fitSeconds": seconds,
          "epochs": epochs.isEmpty ? nil : epochs,
          "notes": notes,
        ], reading: [train, self.valid])
    }
    if options.quiet { return }
    let order = model.specification.nGramOrder.map { " (n-gram order \($0))" } ?? ""
    let free = Numbers.count(model.parameterCount)
    try print(
      "\(model.specification.shortWord)\(order) in \(output): \(free) free parameters, "
        + "\(Numbers.count(model.storedParameters)) stored, fitted in \(Numbers.seconds(seconds))")
    // What was held out is among them.
    let held = isWhole ? nil : "\(Numbers.count(fitting.train.count)) + \(Numbers.count(valid?.count ?? 0)) held out"
    try print("train  \(FiguresLine.text(trainFigures, parts: self.valid == nil ? held : nil))")
    if let validFigures { try print("valid  \(FiguresLine.text(validFigures))") }
    for note in model.notes { try print("note: \(note)") }
  }
}
