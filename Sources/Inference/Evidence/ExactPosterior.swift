import Foundation
import ModelCore
import Patterns
import Probability
import Sequences
import Support

/// A model of finitely many states given evidence: a pattern, or a sequence with gaps.
///
///     let posterior = try ExactPosterior(of: model, given: try Pattern("a.*n", model.alphabet))
///     posterior.logProbability            // log P(a sequence matches), in nats
///     posterior.samples(0..<10, seed: 1)  // draws of the sequences that do
///
/// Exact for whatever way sequences end, by backward messages over the states of the process and of the evidence's
/// automaton side by side (`EvidenceMessages`).
public struct ExactPosterior: EvidencePosterior {
  /// The model.
  public let model: SequenceModel
  /// The evidence.
  public let automaton: any SymbolAutomaton
  /// Messages of each graph: one, or where steps look at a length or a time in ways that no clock tells one for each length.
  let parts: [Part]
  /// log P(evidence), in nats; −∞ where no sequence agrees with it.
  public let logProbability: Double
  /// It is exact.
  public var quality: EstimateQuality? { nil }
  /// Whether a series over lengths was broken off, so that the probability is a lower bound.
  public let isBrokenOff: Bool

  struct Part: Sendable {
    var messages: EvidenceMessages
    /// log P(τ), where the part is that of one length; 0 elsewhere.
    var logWeight: Double
    var logProbability: Double { logWeight + messages.logProbability }
  }

  /// Computes the messages. O(live states · symbols) where nothing is repeated.
  /// - Throws: `SpecificationError.refused` for models whose states cannot be listed, such as networks;
  ///   `SpecificationError.malformed` where memory does not suffice.
  public init(
    of model: SequenceModel, given automaton: some SymbolAutomaton, progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    guard let process = model.finiteStates else {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "its states cannot be listed, so that nothing exact is known of it")
    }
    try self.init(of: model, process, given: automaton, progress: progress)
  }

  init(
    of model: SequenceModel, _ process: any FiniteStateProcess, given automaton: some SymbolAutomaton,
    progress: (FittingProgress) -> Void = { _ in }
  ) throws {
    self.model = model
    self.automaton = automaton
    var parts: [Part] = []
    let clocks = try Self.clocks(model.lengthLaw(), process, automaton)
    var bytes = 0
    for (clock, starts, logWeight) in clocks {
      try EvidenceGraph.checkSize(automaton, clock)
      let graph = EvidenceGraph(automaton, process.shape, clock, starts)
      let messages = try EvidenceMessages(process, graph, progress)
      parts.append(Part(messages: messages, logWeight: logWeight))
      bytes += messages.byteCount
      // Those of other lengths are as large, or larger.
      if clocks.count > 1, parts.count % 16 == 0 {
        try EvidenceMessages.check(bytes / parts.count * (clocks.count - parts.count))
      }
    }
    self.parts = parts
    logProbability = logSum(parts.map(\.logProbability))
    isBrokenOff = parts.contains { $0.messages.isBrokenOff }
  }

  /// The lengths that a law leaves out are less probable than this, all together.
  private static let nothing = 1e-17
  /// Lengths that are looked at, at most.
  private static let mostLengths = 100_000

  typealias Clocked = (
    clock: EvidenceGraph.Clock, starts: [(length: Int, logWeight: Double)], logWeight: Double
  )

  /// What of time and length the steps of a process look at.
  /// - Parameters:
  ///   - law: P(τ), where the length is drawn first.
  ///   - process: `nil` for one that looks at nothing.
  static func clocks(
    _ law: (any LengthLaw)?, _ process: (any FiniteStateProcess)?, _ automaton: any SymbolAutomaton
  ) throws -> [Clocked] {
    let last = process?.homogeneousFrom ?? 0
    if let sequence = automaton as? IncompleteSequence {
      let length = sequence.elements.count
      return [(.position(length: length), [(length, 0)], law?.logProbability(length) ?? 0)]
    }
    guard let law else {
      return [(last == 0 ? .still : .time(last: last), [(0, 0)], 0)]
    }
    var lengths: [(length: Int, logWeight: Double)] = []
    while lengths.count < mostLengths {
      let length = lengths.count
      lengths.append((length, law.logProbability(length)))
      if law.tail(beyond: length) < nothing { break }
    }
    if law.tail(beyond: lengths.count - 1) > 1e-12 {
      throw SpecificationError.malformed(
        "lengths reach beyond \(mostLengths) elements, too far to look at one by one: with /eos or /halt a pattern is exact"
      )
    }
    lengths.removeAll { $0.logWeight == -.infinity }
    guard let longest = lengths.last?.length else { return [] }
    if last == 0, process?.shape.lengthInput?.quantity != .total {
      return [(.remaining(longest: longest), lengths, 0)]
    }
    return lengths.map { (.timeOf(length: $0.length), [($0.length, 0)], $0.logWeight) }
  }
}

// MARK: Draws

extension ExactPosterior {
  /// Draws of sequences that agree with the evidence, by their numbers: draw i depends on the seed and on i alone. None where
  /// the evidence is impossible. O(elements · symbols) a draw.
  public func samples(_ indices: Range<Int>, seed: UInt64, threads: Int = 1) -> [Sample] {
    if logProbability == -.infinity { return [] }
    let weights = parts.map { exp($0.logProbability - logProbability) }
    return parallelMap(indices.count, threads: threads, chunk: 64) { number in
      var stream = RandomStream(seed: seed, purpose: "evidence", index: UInt64(indices.lowerBound + number))
      let part = parts[weights.count == 1 ? 0 : stream.index(weights: weights)]
      let sequence = part.messages.draw(&stream)
      return Sample(sequence: sequence, score: model.score(of: sequence), isComplete: true)
    }
  }
}

extension EvidenceMessages {
  /// A draw from P(sequence | evidence): forwards, each step in proportion to P · β.
  /// - Precondition: the evidence is possible.
  func draw(_ stream: inout RandomStream) -> [Symbol] {
    var workspace = Workspace()
    let begin = graph.starts.count == 1 ? 0 : stream.index(weights: logShares.map { exp($0 - logProbability) })
    var node = graph.starts[begin].node
    let states = process.start(graph.step(node))
    let first =
      states.count == 1 ? 0 : stream.index(weights: states.map { $0.probability * (vectors[node]?[$0.state] ?? 0) })
    var state = states[first].state
    var sequence: [Symbol] = []
    while let way = drawWay(node, state, &stream, &workspace) {
      sequence.append(way.symbol)
      (node, state) = (way.node, way.state)
    }
    return sequence
  }

  /// The next symbol, node and state; `nil` where the sequence ends.
  private func drawWay(
    _ node: Int, _ state: Int, _ stream: inout RandomStream, _ workspace: inout Workspace
  ) -> (symbol: Symbol, node: Int, state: Int)? {
    let step = graph.step(node)
    var total = 0.0
    switch graph.end(node) {
    case .never: break
    case .decided: total = exp(-logScale[node]) * process.stopProbability(state, step)
    case .given: total = exp(-logScale[node])
    }
    guard let (moves, base) = graph.moves(node) else { return nil }
    var ways: [(symbol: Symbol, node: Int, state: Int, until: Double)] = []
    let end = total
    process.forEachWay(from: state, by: moves.few, step, &workspace) { symbol, next, probability in
      let target = moves(symbol)
      guard target >= 0, let vector = vectors[target + base], logScale[target + base] > -.infinity else { return }
      let worth = probability * vector[next] * factor(from: target + base, to: node)
      if worth > 0 {
        total += worth
        ways.append((symbol, target + base, next, total))
      }
    }
    let drawn = stream.uniform() * total
    if drawn < end || ways.isEmpty { return nil }
    let index = min(lowerBound(0, ways.count) { ways[$0].until <= drawn }, ways.count - 1)
    return (ways[index].symbol, ways[index].node, ways[index].state)
  }
}

/// log Σ exp(x), in nats; −∞ of nothing.
func logSum(_ logarithms: [Double]) -> Double {
  let largest = logarithms.max() ?? -.infinity
  return largest == -.infinity ? largest : largest + log(logarithms.reduce(0) { $0 + exp($1 - largest) })
}
