import ArgumentParser
import Chainrule

/// A pattern that sequences must match.
struct PatternOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only sequences that match this pattern, a regular expression over the model's symbols.",
      discussion:
        "Of whole sequences: '.*son.*' is \"contains son\". Symbols, . for any, sets [a-e] and [^xyz], ? * + {m,n}, a|b, (…), "
        + "a&b for both and !(…) for not; words and numbers are written <so>. Matched exactly, whatever the way to end.",
      valueName: "pattern"))
  var matching: String?

  /// The automaton of the pattern.
  func pattern(for model: SequenceModel) throws -> Pattern? {
    try matching.map { try Pattern($0, model.alphabet, name: "--matching") }
  }
}

/// How gaps are written.
struct GapOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What stands for an element that is not known, also null in JSON lines (fill: ? if left out).", valueName: "mark")
  )
  var missing: String?

  /// The mark if none is given.
  static let usual = "?"

  func validate() throws {
    if missing == "" { throw ValidationError("--missing needs a mark.") }
  }

  /// - Throws: `SpecificationError.malformed` for a mark that cannot be one element.
  func check(_ alphabet: Alphabet) throws {
    guard let missing, alphabet.kind == .characters || alphabet.kind == .bytes else { return }
    if missing.unicodeScalars.count != 1 {
      throw SpecificationError.malformed(
        "--missing: \(VisibleText.quoted(missing)) is not one symbol where symbols are \(alphabet.kind.rawValue)")
    }
  }

  /// Reads sequences with gaps.
  func read(_ path: String, _ data: DataOptions, for model: SequenceModel) throws -> [IncompleteSequence] {
    try data.refuseOptionsOfVectors()
    try check(model.alphabet)
    var options = data.readOptions
    (options.unseen, options.missing) = (.kept, missing ?? Self.usual)
    let read = try Dataset(reading: path, options: options, alphabet: model.alphabet)
    let mark = missing ?? Self.usual
    if model.alphabet.index(of: mark) != nil, missing != nil || read.format != JSONLinesFormat.name {
      throw SpecificationError.malformed(
        "\(VisibleText.quoted(mark)) is a symbol of the model and cannot stand for an element that is not known: "
          + "give --missing another mark")
    }
    return try IncompleteSequence.sequences(of: read, missing: missing ?? Self.usual)
  }
}

/// How answers are estimated for models whose states cannot be listed.
struct ParticleOptionsGroup: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For networks: the particles that answers are estimated with, where there are too many sequences to enumerate (default: 8000).",
      valueName: "n"), transform: NumberArgument.whole(1...10_000_000))
  var particles: Int?

  @Option(
    help: ArgumentHelp(
      "For networks: a finite-state model that guides the particles, such as markov:3 trained on the same data (default: a Markov approximation of the network).",
      valueName: "model"))
  var twist: String?

  /// The options, and whether they are given.
  var given: [(name: String, isGiven: Bool)] { [("--particles", particles != nil), ("--twist", twist != nil)] }

  /// What estimates of some evidence need. A twist is made only where there is something to estimate.
  func options(
    for model: SequenceModel, given evidence: [any SymbolAutomaton], _ run: RunOptions
  ) throws -> ParticleOptions {
    var options = ParticleOptions()
    options.seed = run.seed
    if let particles {
      options.repetitions = min(options.repetitions, particles)
      options.particles = (particles + options.repetitions - 1) / options.repetitions
    }
    options.twist = try twist.map { try Twist(LoadedModel.read($0)) }
    if evidence.contains(where: { model.isEstimated(given: $0) }) {
      if options.twist == nil { options.twist = Twist(approximating: model, seed: run.seed) }
    } else {
      let unused = given.filter(\.isGiven).map(\.name)
      if !unused.isEmpty { run.say("\(unused.joined(separator: ", ")): not used, since the answers are exact") }
    }
    return options
  }
}

extension DataError {
  /// The error of a pattern that no sequence matches, or no particle, where sequences are asked for.
  static func impossible(_ pattern: String, isEstimate: Bool) -> DataError {
    let shown = VisibleText.quoted(pattern)
    return .impossibleEvidence(
      !isEstimate
        ? "no sequence of the model matches \(shown)"
        : "no particle matches \(shown), which is not to say that no sequence does: give more with --particles")
  }
}

extension EvidencePosterior {
  /// log P of the evidence as nats, never below 0 by a rounding.
  var nats: Double { max(-logProbability, 0) }

  /// Says what a person should know of an answer; what is not to be trusted always.
  func remarks(_ options: RunOptions) {
    if isBrokenOff { Console.say("a sum over all lengths was broken off: the probability is a lower bound") }
    quality?.say("", options)
  }
}

extension EstimateQuality {
  /// What a person should know of an estimate.
  var remark: String {
    let size = Numbers.decimal(effectiveSampleSize, effectiveSampleSize < 10 ? 1 : 0)
    return
      "estimated with \(Numbers.count(particles, "particle")): effective sample size \(size), standard error of log P "
      + "\(Numbers.decimal(standardError, 4)) nats"
      + (isPoor ? "; too few to trust: give more with --particles" : "")
  }

  /// Says it; where it is poor always.
  func say(_ beginning: String, _ options: RunOptions) {
    if isPoor { Console.say(beginning + remark) } else { options.say(beginning + remark) }
  }

  /// The same as JSON.
  var json: JSONObject {
    [
      "effectiveSampleSize": effectiveSampleSize, "particles": particles, "standardError": standardError,
      "repetitions": repetitions, "isPoor": isPoor,
    ]
  }
}

extension SequenceModel {
  /// An incomplete sequence as a person reads it, with a mark for what is not known.
  func visibleText(of sequence: IncompleteSequence, missing: String? = nil) -> String {
    let names = sequence.elements.map { element -> String in
      switch element {
      case .symbol(let symbol): VisibleText.symbol(alphabet.symbols[symbol])
      case .oneOf(let symbols):
        "["
          + symbols.map { VisibleText.symbol(alphabet.symbols[$0]) }.joined(
            separator: alphabet.kind == .words ? " " : "")
          + "]"
      case .anything: missing ?? GapOptions.usual
      }
    }
    return names.joined(separator: alphabet.kind == .words ? " " : "")
  }
}
