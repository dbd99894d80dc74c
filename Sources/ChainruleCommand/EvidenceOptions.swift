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
