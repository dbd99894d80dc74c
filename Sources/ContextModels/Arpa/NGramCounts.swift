import ModelCore
import Sequences

/// How often each n-gram of some data occurred: what a Markov model of order k = n − 1 is fitted from. Only the longest
/// n-grams are kept, and those that begin with the start mark, which are shorter; all others are sums of these. Counts of
/// two parts of the data add up to those of the whole.
public struct NGramCounts: Sendable {
  /// k.
  public let order: Int
  /// The symbols that occur.
  public let alphabet: Alphabet
  /// What is kept of the data beside the counts.
  public let facts: TrainingFacts
  /// In lexicographic order, each once.
  let grams: Grams

  /// The number of n-grams.
  public var count: Int { grams.counts.count }

  /// The counts of a Markov model.
  /// - Throws: `SpecificationError.refused` for models that have none.
  public init(of model: SequenceModel) throws {
    guard model.specification.family is MarkovFamily, let markov = model.conditional.markovWithAllContexts,
      markov.shape.stop != .given, markov.path.isOfSymbols
    else {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: model.conditional is DeepMarkovConditional
          ? "a counts file lists all n-grams, of which there are millions at this order: take a lower order"
          : "a counts file lists n-grams and ends: only fitted Markov models with /eos or /halt, without time= have them"
      )
    }
    let counted = markov.counts
    guard counted.unit == 1 else {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "its counts are fractions, means over fillings of missing elements")
    }
    let parents = counted.tree.parents
    let mark = model.alphabet.size
    var grams = Grams()
    for (depth, level) in counted.tree.levels.enumerated() {
      // Contexts that are full: of k labels, or going back to the beginning.
      for node in level where depth == markov.path.order || depth > 0 && Int(counted.tree.labels[node]) == mark {
        let context = counted.tree.labels(from: node, parents).map { Int32($0) }
        for entry in counted.entries(of: node) { grams.add(context, counted.outcomes[entry], counted.counts[entry]) }
        if markov.shape.stop == .variable, counted.stops(in: node) > 0 {
          grams.add(context, Int32(mark), counted.stops(in: node))
        }
      }
    }
    self.init(grams, order: markov.path.order, alphabet: model.alphabet, facts: model.facts)
  }

  /// The sum of several: those of the data of all of them. Its facts are those of one set of data, but for the hash,
  /// which is the sum of theirs.
  /// - Throws: `SpecificationError.malformed` where they are not of one kind.
  public init(adding parts: [NGramCounts]) throws {
    guard let first = parts.first else { throw SpecificationError.malformed("there are no counts to add") }
    guard parts.allSatisfy({ $0.order == first.order && $0.alphabet.kind == first.alphabet.kind }) else {
      throw SpecificationError.malformed("counts add up only where they are of the same n and the same kind of symbols")
    }
    let unknowns = Set(parts.compactMap { part in part.alphabet.unknown.map { part.alphabet.symbols[$0] } })
    guard unknowns.count <= 1 else {
      throw SpecificationError.malformed("counts add up only where the same symbol stands for unseen ones")
    }
    var symbols = parts.flatMap(\.alphabet.symbols).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var last: String?
    symbols.removeAll { symbol in
      defer { last = symbol }
      return last.map { $0.utf8.elementsEqual(symbol.utf8) } ?? false
    }
    let alphabet = try Alphabet(symbols: symbols, kind: first.alphabet.kind, unknown: unknowns.first)
    var grams = Grams()
    for part in parts {
      let new = part.alphabet.symbols.map { Int32(alphabet.index(of: $0) ?? 0) } + [Int32(alphabet.size)]
      grams.add(part.grams, renaming: new)
    }
    var facts = first.facts
    for part in parts.dropFirst() {
      facts.sequences += part.facts.sequences
      facts.symbols += part.facts.symbols
      facts.longest = max(facts.longest, part.facts.longest)
      facts.dataHash &+= part.facts.dataHash
    }
    guard facts.symbols < 1 << 48, facts.sequences < 1 << 48 else {
      throw SpecificationError.malformed("together the counts are too large")
    }
    self.init(grams, order: first.order, alphabet: alphabet, facts: facts)
  }

  /// Sorts n-grams, and adds up those that are the same.
  init(_ grams: Grams, order: Int, alphabet: Alphabet, facts: TrainingFacts) {
    self.order = order
    self.alphabet = alphabet
    self.facts = facts
    let ranks = grams.ends.indices.sorted { grams.gram($0).lexicographicallyPrecedes(grams.gram($1)) }
    var sorted = Grams()
    for (place, index) in ranks.enumerated() {
      if place > 0, grams.gram(ranks[place - 1]) == grams.gram(index) {
        sorted.counts[sorted.counts.count - 1] += grams.counts[index]
      } else {
        sorted.add(grams.gram(index).dropLast(), grams.gram(index).last ?? 0, grams.counts[index])
      }
    }
    self.grams = sorted
  }

  /// N-grams one behind the other: labels of the context, the farthest first, then the outcome. The alphabet's size is the
  /// end among outcomes, and the start mark among labels.
  struct Grams: Sendable {
    private var labels: [Int32] = []
    /// Where each ends in `labels`.
    private(set) var ends: [Int] = []
    fileprivate(set) var counts: [Int] = []

    func gram(_ index: Int) -> ArraySlice<Int32> { labels[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

    mutating func add(_ context: some Sequence<Int32>, _ outcome: Int32, _ count: Int) {
      labels.append(contentsOf: context)
      labels.append(outcome)
      ends.append(labels.count)
      counts.append(count)
    }

    /// Adds others, each label and outcome by its new number.
    mutating func add(_ others: Grams, renaming new: [Int32]) {
      for index in others.ends.indices {
        let gram = others.gram(index).map { new[Int($0)] }
        add(gram.dropLast(), gram[gram.count - 1], others.counts[index])
      }
    }
  }
}

extension SequenceModel {
  /// Fits a Markov model to counts, as to the data that they are of.
  /// - Throws: `SpecificationError.refused` for models that need more than these counts, `FittingError`.
  public static func fit(
    _ specification: ModelSpecification, to counts: NGramCounts, _ context: FittingContext = FittingContext()
  ) throws -> SequenceModel {
    let shape = specification.shape(alphabetSize: counts.alphabet.size)
    guard let family = specification.family as? MarkovFamily, family.time == .none, shape.stop != .given,
      !family.usesValidation
    else {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: "counts are enough only for Markov models with /eos or /halt, without time= and tune=valid")
    }
    guard family.order <= counts.order else {
      throw SpecificationError.refused(
        model: specification.shortWord,
        reason: "these are counts of \(counts.order + 1)-grams, enough for markov:\(counts.order) at most")
    }
    let path = ContextPath(order: family.order, shape: shape)
    let counted = try ContextCounts(counts, path, shape, lowerOrders: family.smoother.usesLowerOrders)
    let none = SequenceSet([], alphabetSize: shape.alphabetSize)
    return SequenceModel(
      specification: specification, alphabet: counts.alphabet,
      conditional: try family.fit(counted, valid: none, path, shape, context), prior: nil, facts: counts.facts)
  }
}

extension ContextCounts {
  /// The counts in all contexts of a path that is not longer than the n-grams. O(n-grams · order).
  /// - Parameter lowerOrders: whether contexts on the way are counted too, or only the full ones.
  /// - Throws: `FittingError.tooLarge`.
  init(_ grams: NGramCounts, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool) throws {
    var events = PathCounter()
    for (index, count) in grams.grams.counts.enumerated() {
      let gram = grams.grams.gram(index)
      let context = gram.dropLast().suffix(path.order).reversed()
      try events.add((context + gram.suffix(1)).map { UInt32(bitPattern: $0) }, count: count)
    }
    try self.init(events.sorted(), path, shape, lowerOrders: lowerOrders, tails: .none)
  }
}
