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
      "What stands for an element that is not known; null in JSON lines does so anyway.", valueName: "mark"))
  var missing: String?

  /// The mark if none is given.
  static let usual = "?"

  func validate() throws {
    if missing == "" { throw ValidationError("--missing needs a mark.") }
  }

  /// Reads sequences with gaps.
  func read(_ path: String, _ data: DataOptions, for model: SequenceModel) throws -> [IncompleteSequence] {
    try data.refuseOptionsOfVectors()
    var options = data.readOptions
    (options.unseen, options.missing) = (.kept, missing ?? Self.usual)
    let read = try Dataset(reading: path, options: options, alphabet: model.alphabet)
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

extension EstimateQuality {
  /// What a person should know of an estimate.
  var remark: String {
    let size = Numbers.decimal(effectiveSampleSize, effectiveSampleSize < 10 ? 1 : 0)
    return
      "estimated with \(Numbers.count(particles, "particle")): effective sample size \(size), standard error of log P "
      + "\(Numbers.decimal(standardError, 4)) nats"
      + (isPoor ? "; too few to trust: give more with --particles" : "")
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
  /// An incomplete sequence as a person reads it.
  func visibleText(of sequence: IncompleteSequence) -> String {
    let names = sequence.elements.map { element -> String in
      switch element {
      case .symbol(let symbol): VisibleText.symbol(alphabet.symbols[symbol])
      case .oneOf(let symbols):
        "["
          + symbols.map { VisibleText.symbol(alphabet.symbols[$0]) }.joined(
            separator: alphabet.kind == .words ? " " : "")
          + "]"
      case .anything: GapOptions.usual
      }
    }
    return names.joined(separator: alphabet.kind == .words ? " " : "")
  }
}
