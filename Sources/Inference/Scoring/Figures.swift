import Foundation
import ModelCore
import Sequences
import Support

/// The figures of a model on a set, all from the same totals: negative log-likelihoods in nats, with
/// events = symbols + sequences (each end counts as one).
public struct Figures: Sendable, Hashable, Codable {
  /// −log P of the whole set, in nats.
  public var nats: Double
  /// The elements' share, in nats.
  public var natsElements: Double
  /// The share of stop decisions or of P(τ), in nats.
  public var natsLength: Double
  /// The number of sequences.
  public var sequences: Int
  /// The number of symbols, ends not counted.
  public var symbols: Int
  /// Nats per sequence.
  public var natsPerSequence: Double
  /// Nats per event.
  public var natsPerEvent: Double
  /// Bits per event.
  public var bitsPerEvent: Double
  /// exp(nats / events).
  public var perplexity: Double
  /// exp(natsElements / symbols): the end neither predicted nor counted.
  public var perplexityWithoutEnd: Double
  /// Sequences to which the model gives no probability; they make the totals infinite.
  public var impossible: Int
  /// Where the alphabet has a symbol for unseen ones.
  public var unknown: UnknownFigures?
  /// The numbers in an element; `nil` where elements are symbols. Of vectors there are no perplexities: densities have units.
  public var width: Int?
  /// The first elements of all sequences, of vectors: published protocols leave them out.
  public var first: FirstSteps?

  /// The first elements of some sequences.
  public struct FirstSteps: Sendable, Hashable, Codable {
    /// −log p of all of them, in nats.
    public var nats: Double
    /// Their number: that of the sequences that have an element.
    public var steps: Int
  }

  /// Nats of the elements a number: of one component of one step; `nil` where elements are symbols.
  public var natsPerComponent: Double? {
    width.map { natsElements / Double(max(symbols, 1)) / Double($0) }
  }
  /// Nats of the elements a step, the decisions to stop or continue not among them.
  public var natsPerStep: Double { natsElements / Double(max(symbols, 1)) }

  /// What tables tell of a set: nats an event of symbols, nats a step of vectors, whose lengths are told beside.
  public var natsPerUnit: Double { width == nil ? natsPerEvent : natsPerStep }

  /// What those nats are of: an "event", or of vectors a "step".
  public var unit: String { width == nil ? "event" : "step" }

  /// The same without the first step of each sequence; `nil` where elements are symbols, or none is left.
  public var natsPerLaterStep: Double? {
    guard let first, symbols > first.steps else { return nil }
    return (natsElements - first.nats) / Double(symbols - first.steps)
  }

  /// Symbols and ends.
  public var events: Int { symbols + sequences }

  package init(_ scores: [SequenceScore], symbols: Int) {
    var total = SequenceScore()
    for score in scores {
      total.natsElements += score.natsElements
      total.natsLength += score.natsLength
    }
    self.init(
      total: total, sequences: scores.count, symbols: symbols, impossible: scores.count { $0.nats == .infinity })
  }

  init(total: SequenceScore, sequences: Int, symbols: Int, impossible: Int) {
    natsElements = total.natsElements
    natsLength = total.natsLength
    nats = natsElements + natsLength
    self.sequences = sequences
    self.symbols = symbols
    let events = Double(max(symbols + sequences, 1))
    natsPerSequence = nats / Double(max(sequences, 1))
    natsPerEvent = nats / events
    bitsPerEvent = nats / events / log(2)
    perplexity = exp(nats / events)
    perplexityWithoutEnd = exp(natsElements / Double(max(symbols, 1)))
    self.impossible = impossible
  }
}

extension Figures {
  /// The figures of several sets together, such as the folds of a cross-validation: their likelihoods add up.
  package init(pooling parts: [Figures]) {
    if parts.count == 1 {
      self = parts[0]
      return
    }
    var total = SequenceScore()
    for part in parts {
      total.natsElements += part.natsElements
      total.natsLength += part.natsLength
    }
    self.init(
      total: total, sequences: parts.reduce(0) { $0 + $1.sequences }, symbols: parts.reduce(0) { $0 + $1.symbols },
      impossible: parts.reduce(0) { $0 + $1.impossible })
    unknown = UnknownFigures(pooling: parts)
    width = parts[0].width
    first = FirstSteps(pooling: parts)
  }

  /// The mean figures of several models on the same set, such as those of several seeds; perplexities are exp of mean nats.
  package init(mean parts: [Figures]) {
    if parts.count == 1 {
      self = parts[0]
      return
    }
    let count = Double(parts.count)
    var total = SequenceScore()
    total.natsElements = parts.reduce(0) { $0 + $1.natsElements } / count
    total.natsLength = parts.reduce(0) { $0 + $1.natsLength } / count
    self.init(
      total: total, sequences: parts[0].sequences, symbols: parts[0].symbols,
      impossible: parts.map(\.impossible).max() ?? 0)
    unknown = parts[0].unknown
    width = parts[0].width
    first = FirstSteps(pooling: parts).map {
      FirstSteps(nats: $0.nats / Double(parts.count), steps: $0.steps / parts.count)
    }
    unknown?.perplexityWithout = UnknownFigures.geometricMean(parts, weights: parts.map { _ in 1 })
  }
}

extension Figures.FirstSteps {
  /// Those of several sets together; `nil` where one has none.
  fileprivate init?(pooling parts: [Figures]) {
    let first = parts.compactMap(\.first)
    if first.count < parts.count { return nil }
    self.init(nats: first.reduce(0) { $0 + $1.nats }, steps: first.reduce(0) { $0 + $1.steps })
  }
}

/// What the symbol for unseen ones has in the figures of a set.
public struct UnknownFigures: Sendable, Hashable, Codable {
  /// How often it stands there.
  public var symbols: Int
  /// Its share of all symbols.
  public var rate: Double
  /// exp(nats / events) over all events but these; nil where only their number was asked for.
  public var perplexityWithout: Double?
}

extension UnknownFigures {
  /// Those of several sets together; `nil` where one has none.
  fileprivate init?(pooling parts: [Figures]) {
    let unknown = parts.compactMap(\.unknown)
    if unknown.count < parts.count { return nil }
    symbols = unknown.reduce(0) { $0 + $1.symbols }
    rate = Double(symbols) / Double(max(parts.reduce(0) { $0 + $1.symbols }, 1))
    perplexityWithout = Self.geometricMean(
      parts, weights: zip(parts, unknown).map { Double($0.events - $1.symbols) })
  }

  /// Of the perplexities without unknown symbols; `nil` where one is not known.
  fileprivate static func geometricMean(_ parts: [Figures], weights: [Double]) -> Double? {
    let values = parts.compactMap { $0.unknown?.perplexityWithout }
    let total = weights.reduce(0, +)
    guard values.count == parts.count, total > 0 else { return nil }
    return exp(zip(values, weights).reduce(0) { $1.1 > 0 ? $0 + log($1.0) * $1.1 : $0 } / total)
  }
}

extension VectorModel {
  /// The figures on a set.
  public func figures(on set: VectorSequences, threads: Int = 1) -> Figures {
    figures(scores(of: set, threads: threads), on: set, threads: threads)
  }

  /// The figures on a set whose scores are there already.
  public func figures(
    _ scores: [SequenceScore], on set: VectorSequences, threads: Int = 1, detailsUnknown: Bool = true
  ) -> Figures {
    var figures = Figures(scores, symbols: set.elementCount)
    figures.width = width
    figures.first = firstSteps(of: set, threads: threads)
    return figures
  }

  private func firstSteps(of set: VectorSequences, threads: Int) -> Figures.FirstSteps {
    Figures.FirstSteps(
      nats: natsOfFirstElements(set, threads: threads).reduce(0, +), steps: (0..<set.count).count { set.length($0) > 0 }
    )
  }

  /// The figures on the very set that the model was fitted to.
  public func figures(onTraining set: VectorSequences, threads: Int = 1) -> Figures {
    figures(on: set, threads: threads)
  }
}

extension SequenceModel {
  /// The figures on a set.
  /// - Parameter detailsUnknown: whether the perplexity without unknown symbols is computed; sequences with such symbols
  ///   are scored step by step for it.
  public func figures(on set: SequenceSet, threads: Int = 1, detailsUnknown: Bool = true) -> Figures {
    figures(scores(of: set, threads: threads), on: set, threads: threads, detailsUnknown: detailsUnknown)
  }

  /// The figures on a set whose scores are there already.
  public func figures(
    _ scores: [SequenceScore], on set: SequenceSet, threads: Int = 1, detailsUnknown: Bool = true
  ) -> Figures {
    var figures = Figures(scores, symbols: set.symbolCount)
    figures.unknown = unknownFigures(scores, on: set, threads: threads, detailsUnknown: detailsUnknown)
    return figures
  }

  private func unknownFigures(
    _ scores: [SequenceScore], on set: SequenceSet, threads: Int, detailsUnknown: Bool
  ) -> UnknownFigures? {
    guard let unknown = alphabet.unknown else { return nil }
    let counts = (0..<set.count).map { index in set[index].count { $0 == unknown } }
    let symbols = counts.reduce(0, +)
    var figures = UnknownFigures(symbols: symbols, rate: Double(symbols) / Double(max(set.symbolCount, 1)))
    guard detailsUnknown else { return figures }
    var nats = scores.map(\.nats)
    let holders = counts.indices.filter { counts[$0] > 0 }
    let without = parallelMap(holders.count, threads: threads) { number in
      natsWithout(unknown, of: set[holders[number]], x: set.input(holders[number]))
    }
    for (index, value) in zip(holders, without) { nats[index] = value }
    let events = set.symbolCount + set.count - symbols
    figures.perplexityWithout = exp(nats.reduce(0, +) / Double(max(events, 1)))
    return figures
  }

  /// The nats of all decisions about a sequence but those for one symbol.
  private func natsWithout(_ symbol: Symbol, of sequence: SymbolSlice, x: SequenceInput?) -> Double {
    let first = prior == nil ? 0 : 1
    return stepScores(of: sequence, x: x).enumerated().reduce(0) { total, step in
      let time = step.offset - first
      let isMeant = time >= 0 && time < sequence.count && sequence[time] == symbol
      return isMeant ? total : total + step.element.nats
    }
  }

  /// The figures on the very set that the model was fitted to; from its counts, where it has them.
  public func figures(onTraining set: SequenceSet, threads: Int = 1) -> Figures {
    guard let counted = conditional as? any CountedConditional,
      var total = counted.scoreOfTrainingSet(sequences: set.count, symbols: set.symbolCount), total.nats.isFinite
    else { return figures(on: set, threads: threads, detailsUnknown: false) }
    if let nats = lengthNats(set) {
      for index in 0..<set.count { total.natsLength += nats(index) }
    }
    var figures = Figures(total: total, sequences: set.count, symbols: set.symbolCount, impossible: 0)
    figures.unknown = unknownFigures([], on: set, threads: threads, detailsUnknown: false)
    return figures
  }
}
