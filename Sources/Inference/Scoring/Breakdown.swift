import ModelCore
import Sequences
import Support

/// The nats of a set in groups of events: by position, by the sequence's length, by symbol, by component, or by whether the
/// sequence occurs in the training data. The groups' nats add up to those of the set; of vectors to those of its elements, an event being
/// a step, or by component a number.
public struct Breakdown: Sendable, Hashable, Codable {
  /// What groups events.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The position in the sequence, from 1; the end has the one behind the last element.
    case position
    /// The length of the event's sequence.
    case length
    /// The symbol, or the end.
    case symbol
    /// The component of vectors.
    case component
    /// Whether the event's sequence occurs in the training data.
    case seen

    /// Whether elements of a kind can be told apart so.
    public func isOf(_ elements: ElementKind) -> Bool {
      let areSymbols = if case .symbols = elements { true } else { false }
      return self == .symbol ? areSymbols : self == .component ? !areSymbols : true
    }
  }

  /// Events of one kind.
  public struct Group: Sendable, Hashable, Codable {
    /// What they have in common, as a heading: a number or range, a symbol, or words in brackets.
    public let name: String
    /// Their position among all groups of the kind; of symbols the index.
    package let order: Int
    /// −log P of all of them, in nats.
    public internal(set) var nats: Double
    /// Their number. A length that is drawn first counts as the end of its sequence.
    public internal(set) var events: Int

    /// Nats an event.
    public var natsPerEvent: Double { nats / Double(max(events, 1)) }
  }

  /// What groups events.
  public let kind: Kind
  /// The groups that hold an event, in order.
  public private(set) var groups: [Group]

  /// Breakdowns of several sets together, of the same kind: nats and events add up.
  package init(adding parts: [Breakdown]) {
    precondition(!parts.isEmpty, "nothing to add")
    kind = parts[0].kind
    groups = []
    for group in parts.flatMap(\.groups) { add(group) }
    groups.sort { $0.order < $1.order }
  }

  /// The mean over several models of the same set, of which this is the sum.
  package func divided(by models: Int) -> Breakdown {
    var mean = self
    for index in groups.indices {
      mean.groups[index].nats /= Double(models)
      mean.groups[index].events /= models
    }
    return mean
  }

  private mutating func add(_ group: Group) {
    if let index = groups.firstIndex(where: { $0.order == group.order }) {
      groups[index].nats += group.nats
      groups[index].events += group.events
    } else {
      groups.append(group)
    }
  }

  /// Scores a set, by the walk, and tells its nats in groups, of the kinds that its elements have. A model that does not take
  /// its densities apart has no groups of components. O(elements).
  /// - Parameter training: where sequences are looked up that may have been seen.
  public static func all<Model: FittedModel>(
    _ kinds: [Kind], of model: Model, on set: Sequences<Model.Rows>, training: Sequences<Model.Rows>, threads: Int = 1
  ) -> [Breakdown] {
    let kinds = kinds.filter { $0.isOf(set.rows.kind) }
    if kinds.isEmpty { return [] }
    let alphabet = (model as? SequenceModel)?.alphabet
    let steps = parallelMap(set.count, threads: threads, chunk: 64) { model.stepScores(of: set[$0], x: set.input($0)) }
    let isSeen = kinds.contains(.seen) ? set.marksOfSequences(alsoIn: training) : []
    return kinds.map { kind in
      if kind == .component {
        return Breakdown(byComponentOf: model as? VectorModel, on: set as? VectorSequences, threads: threads)
      }
      var sums: [Int: (nats: Double, events: Int)] = [:]
      for (index, scores) in steps.enumerated() {
        let sequence = set[index]
        // Where the length is drawn first, its decision takes the place of the end's.
        let first = model.prior == nil ? 0 : 1
        for (number, score) in scores.enumerated() {
          let time = number - first
          let isElement = time >= 0 && time < sequence.count
          // Densities of vectors and probabilities of ends have no common unit.
          if alphabet == nil, !isElement { continue }
          let order =
            switch kind {
            case .position: Self.bin(isElement ? time + 1 : sequence.count + 1)
            case .length: Self.bin(sequence.count)
            case .symbol:
              isElement
                ? (sequence[sequence.index(sequence.startIndex, offsetBy: time)] as? Symbol) ?? 0 : alphabet?.size ?? 0
            case .seen, .component: isSeen[index] ? 0 : 1
            }
          sums[order, default: (0, 0)].nats += alphabet == nil ? score.natsElements : score.nats
          sums[order, default: (0, 0)].events += 1
        }
      }
      return Breakdown(
        kind: kind,
        groups: sums.sorted { $0.key < $1.key }.map { order, sum in
          Group(name: Self.name(order, kind, alphabet), order: order, nats: sum.nats, events: sum.events)
        })
    }
  }

  /// A group for each component.
  private init(byComponentOf model: VectorModel?, on set: VectorSequences?, threads: Int) {
    kind = .component
    groups = []
    guard let model, let set, let densities = model.componentLogDensities(of: set, threads: threads) else { return }
    let steps = densities.joined()
    if steps.isEmpty { return }
    groups = model.columns.names.enumerated().map { index, name in
      Group(name: name, order: index, nats: steps.reduce(0) { $0 - $1[index] }, events: steps.count)
    }
  }

  fileprivate init(kind: Kind, groups: [Group]) {
    self.kind = kind
    self.groups = groups
  }

  /// The least number of the group of a number: 0 to 10 each, then 11–20, 21–50, 51–100, 101–200 and so on.
  private static func bin(_ number: Int) -> Int {
    if number <= 10 { return number }
    var (low, scale) = (11, 10)
    while true {
      for factor in [2, 5, 10] {
        if number <= factor * scale { return low }
        low = factor * scale + 1
      }
      scale *= 10
    }
  }

  private static func name(_ order: Int, _ kind: Kind, _ alphabet: Alphabet?) -> String {
    switch kind {
    case .position, .length:
      if order <= 10 { return "\(order)" }
      // 11, 21, 51, 101, …
      let before = order - 1
      let digits = "\(before)".first
      return "\(order)–\(digits == "2" ? before / 2 * 5 : before * 2)"
    // Components are named by the columns.
    case .component: return "\(order + 1)"
    case .symbol: return alphabet.flatMap { order < $0.size ? $0.symbols[order] : nil } ?? endName
    case .seen: return order == 0 ? "in the training data" : "not in the training data"
    }
  }

  /// Whether a group is that of the ends among symbols; a symbol may have its name.
  package func areEnds(_ group: Group, of alphabet: Alphabet) -> Bool {
    kind == .symbol && group.order == alphabet.size
  }

  /// The heading of ends among symbols.
  public static let endName = "(end)"
}
