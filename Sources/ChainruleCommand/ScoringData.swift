import Chainrule

/// The data of `score`, and what was made of symbols that the model has not seen.
struct ScoringData {
  /// What `--on-unknown` says.
  enum Policy: String, CaseIterable { case error, skip, count }

  /// How many unseen symbols there were.
  struct Unseen: Encodable {
    var policy: String
    var symbols: Int
    /// Their share of all symbols.
    var rate: Double
    /// The sequences that hold them.
    var sequences: Int
  }

  /// The sequences that are scored; where `impossible` has one, it holds any symbol in place of an unseen one.
  private(set) var set: SequenceSet
  /// The number of each of the sequences in the file, from 1 on.
  private(set) var numbers: [Int]
  /// The unseen symbols of sequences that have probability 0 for them, in order.
  private(set) var impossible: [Int: [UnseenSymbol]] = [:]
  /// Nil where the model has a symbol for unseen ones, or none occurred.
  private(set) var unseen: Unseen?
  private let alphabet: Alphabet

  init(
    reading path: String, _ options: DataOptions, for model: SequenceModel, _ asked: Policy?, say: (String) -> Void
  ) throws {
    alphabet = model.alphabet
    // A symbol of the alphabet can be named to stand for unseen ones.
    let knowsUnknown = alphabet.unknown != nil || options.unknown != nil
    let policy = asked ?? (knowsUnknown ? .count : .error)
    let reading: UnseenSymbolPolicy =
      switch policy {
      case .error: .refused
      case .skip: .kept
      case .count: knowsUnknown ? .unknown : .kept
      }
    let data = try options.read(
      path, for: model, unseen: reading,
      advice:
        "`--on-unknown skip` leaves out sequences with such symbols, `--on-unknown count` "
        + (knowsUnknown
          ? "takes them for the model's unknown symbol"
          : "gives them probability 0, and a model that is trained with `--unknown` has a symbol for them"),
      say: say)
    set = data.sequences
    numbers = Array(1...max(set.count, 1))
    if alphabet.unknown == nil, policy == .count, let unknown = options.unknown {
      say(
        "symbols that the model has not seen are scored as \(VisibleText.quoted(unknown)), which is an ordinary symbol of "
          + "the training data: a likelihood of other sequences")
    }
    guard let first = data.unseen.first else { return }
    let holders = Dictionary(grouping: data.unseen, by: \.sequence)
    unseen = Unseen(
      policy: policy.rawValue, symbols: data.unseen.count,
      rate: Double(data.unseen.count) / Double(max(set.symbolCount, 1)), sequences: holders.count)
    guard policy == .skip else {
      impossible = holders
      return
    }
    let all = set.count
    let kept = (0..<all).filter { holders[$0] == nil }
    set = set.selecting(kept)
    numbers = kept.map { $0 + 1 }
    say(
      "\(Numbers.count(holders.count)) of \(Numbers.count(all, "sequence")) left out for "
        + "\(Numbers.count(data.unseen.count, "symbol")) that the model has not seen, the first "
        + "\(VisibleText.quoted(first.symbol)) in sequence \(Numbers.count(first.sequence + 1))")
    if set.count == 0 { throw DataError.noSequences("\(data.name), sequences with unseen symbols left out") }
  }

  /// The scores of the sequences, those of impossible ones infinite.
  func scores(_ model: SequenceModel, threads: Int) -> [SequenceScore] {
    var scores = model.scores(of: set, threads: threads)
    for index in impossible.keys {
      let natsLength = decisions(model, index).reduce(0) { $0 + $1.natsLength }
      scores[index] = SequenceScore(natsElements: .infinity, natsLength: natsLength)
    }
    return scores
  }

  /// −log P of each decision about a sequence, that of P(τ) first where the length is drawn first. An unseen symbol is the
  /// last: what follows it has no probability.
  func decisions(_ model: SequenceModel, _ index: Int) -> [SequenceScore] {
    var scores = model.stepScores(of: set[index], x: set.input(index))
    if let unseen = impossible[index]?.first {
      scores = Array(scores.prefix((model.prior == nil ? 0 : 1) + unseen.time + 1))
      scores[scores.count - 1].natsElements = .infinity
    }
    return scores
  }

  /// The same of some sequences, with entropies and ranks.
  func events(_ scorer: EventScorer, _ indices: Range<Int>, threads: Int) -> [[EventScore]] {
    scorer.events(of: set, indices, threads: threads) { impossible[$0]?.first?.time }
  }

  /// The symbols of a sequence by their names, unseen ones too.
  func names(_ index: Int) -> [String] {
    var names = set[index].map { alphabet.symbols[$0] }
    for unseen in impossible[index] ?? [] { names[unseen.time] = unseen.symbol }
    return names
  }

  /// What is to be said below the figures, where sequences have probability 0 for unseen symbols.
  func remark(_ model: SequenceModel, _ scores: [SequenceScore]) -> String? {
    guard let unseen, !impossible.isEmpty else { return nil }
    let others = (0..<set.count).filter { impossible[$0] == nil }
    let rest = set.selecting(others)
    let figures = Figures(others.map { scores[$0] }, symbols: rest.symbolCount)
    return "\(Numbers.count(unseen.symbols, "unseen symbol")) (\(FiguresLine.percent(unseen.rate))) in "
      + Numbers.count(unseen.sequences, "sequence")
      + (others.isEmpty ? "" : "; the others: \(FiguresLine.text(figures))")
  }
}
