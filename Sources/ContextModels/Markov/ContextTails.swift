import Foundation
import ModelCore
import Sequences

/// The unary paths of a tree of contexts. Below a context that is followed by one outcome alone, however often, and that
/// has one longer context at each depth, all longer ones have the same counts: with high orders these are nearly all
/// contexts there are. The tree holds the first of them; the others are read in the text, where the event stands.
package struct ContextTails: Sendable, Hashable {
  /// Where they are read.
  struct Text: Sendable, Hashable {
    /// Sequences behind start marks, as `NGramBlock` lays them out.
    let symbols: FlatArray<Int32>
    /// The labels of t and of the length at each position; empty where they are no parents.
    let times: FlatArray<Int32>
    let lengths: FlatArray<Int32>
    /// For each position the labels of symbols and start mark in its context, at most k.
    let depths: FlatArray<Int32>
  }

  /// When unary paths are read in a text. It depends on the model and the data alone, not on the memory or the blocks in
  /// which events are counted.
  package enum Use: Sendable {
    case none
    /// Where the whole tree would be many times as large as the text.
    case ifLarge
    case always
  }

  let text: Text
  /// For each node of the tree a position of the only outcome after its context, if a unary path begins there; otherwise −1.
  let places: FlatArray<Int32>

  /// The labels of the longest context that is read in the text.
  var longest: Int { places.lazy.filter { $0 >= 0 }.map { depth(at: Int($0)) }.max() ?? 0 }

  init(_ text: Text, _ places: [Int32]) {
    self.text = text
    self.places = FlatArray(places)
  }

  /// How many there are.
  var count: Int { places.count { $0 >= 0 } }

  /// A position of the only outcome after a node's context, if a unary path begins there.
  func place(of node: Int) -> Int? { places[node] >= 0 ? Int(places[node]) : nil }

  /// The labels of the whole context of the event at a position.
  func depth(at place: Int) -> Int {
    Int(text.depths[place]) + (text.times.isEmpty ? 0 : 1) + (text.lengths.isEmpty ? 0 : 1)
  }

  /// Label number `level` of the context of the event at a position; `nil` behind the last.
  func label(_ level: Int, at place: Int) -> Int? {
    let symbols = Int(text.depths[place])
    if level < symbols { return Int(text.symbols[place - 1 - level]) }
    if level == symbols, !text.times.isEmpty { return Int(text.times[place]) }
    return level < depth(at: place) && !text.lengths.isEmpty ? Int(text.lengths[place]) : nil
  }

  /// The count, as a smoother wants it, of the one outcome of a context on a unary path.
  /// - Parameters:
  ///   - count: how often it occurred.
  ///   - missing: the labels that the context lacks to be full.
  ///   - exponent: the smoother's `tableExponent`: each label less raises the count to this power.
  static func adjusted(_ count: Int, missing: Int, exponent: Double) -> Double {
    let counts = adjustedCounts(count, atMost: missing, exponent: exponent)
    return counts[min(missing, counts.count - 1)]
  }

  /// The same where 0, 1, 2, … labels are missing; all further counts are the last one.
  static func adjustedCounts(_ count: Int, atMost missing: Int, exponent: Double) -> [Double] {
    var (counts, last) = ([Double(count)], Double(count))
    if exponent == 1 { return counts }
    // Step by step as in the whole tree, so that both have the same bits.
    while last > 1, counts.count <= missing {
      last = exponent == 0 ? 1 : pow(last, exponent)
      counts.append(last)
    }
    return counts
  }

  /// How far a context goes along with the text behind a node.
  struct Match: Sendable {
    /// The labels that agree, behind those of the node.
    var length = 0
    /// Whether they are all that a context has.
    var isWhole = false
  }
}

extension ContextTails.Text {
  /// - Parameter order: k.
  init(
    symbols: FlatArray<Int32>, times: FlatArray<Int32>, lengths: FlatArray<Int32>, order: Int, startMark: Int32,
    scratch: Scratch? = nil
  ) {
    var depths = FlatBuffer<Int32>(capacity: symbols.count, scratch: scratch)
    var depth = 0
    for symbol in symbols {
      depths.append(Int32(min(depth, order)))
      depth = symbol == startMark ? 1 : depth + 1
    }
    (self.symbols, self.times, self.lengths) = (symbols, times, lengths)
    self.depths = depths.finished()
  }
}

/// A text in which unary paths are read, put together from the blocks in which its events are counted.
struct TailTextBuilder: ~Copyable {
  private var symbols: FlatBuffer<Int32>
  private var times: FlatBuffer<Int32>
  private var lengths: FlatBuffer<Int32>

  init(scratch: Scratch?) {
    symbols = FlatBuffer(scratch: scratch)
    times = FlatBuffer(scratch: scratch)
    lengths = FlatBuffer(scratch: scratch)
  }

  /// Adds a block; the first events' context, which it repeats, is there already.
  /// - Returns: what must be added to the block's positions.
  mutating func append(_ events: NGramBlock.Events) -> Int {
    let from = symbols.count == 0 ? 0 : events.firstEvent
    let offset = symbols.count - from
    for symbol in events.symbols[from...] { symbols.append(Int32(truncatingIfNeeded: symbol)) }
    for time in events.times.dropFirst(from) { times.append(Int32(truncatingIfNeeded: time)) }
    for length in events.lengths.dropFirst(from) { lengths.append(Int32(truncatingIfNeeded: length)) }
    return offset
  }

  consuming func finished(_ path: ContextPath, scratch: Scratch?) -> ContextTails.Text {
    ContextTails.Text(
      symbols: symbols.finished(), times: times.finished(), lengths: lengths.finished(), order: path.order,
      startMark: Int32(path.startMark), scratch: scratch)
  }
}

extension ContextTails.Use {
  /// Orders up to here are counted whole.
  private static let moderate = 24
  /// Contexts for each distinct event that a whole tree may have.
  private static let most = 32

  /// Whether paths may be read in a text: then events are known by their positions. A text's positions are 32-bit numbers.
  func isPossible(_ path: ContextPath, events: Int) -> Bool {
    switch self {
    case .none: false
    case .always: true
    case .ifLarge: path.order > Self.moderate && events < Int(Int32.max) / 2
    }
  }

  /// Whether they are, where that is possible.
  func suits(_ whole: WholeTreeSize) -> Bool {
    switch self {
    case .none: false
    case .always: true
    case .ifLarge: whole.contexts > Self.most * whole.events
    }
  }
}

extension ContextState {
  /// How far this context goes along with the text behind the longest one in the tree; `nil` where that ends there.
  /// O(labels that agree).
  func match(_ tails: ContextTails, _ path: ContextPath, _ inputs: StepInputs) -> ContextTails.Match? {
    guard let place = tails.place(of: longest) else { return nil }
    let time = recent.count == path.order ? max(inputs.time, path.order) : recent.count
    let depth = path.depth(time: time)
    let first = contexts.count - 1
    var level = first
    while level < depth,
      tails.label(level, at: place)
        == path.label(level, time: time, length: inputs.length ?? 0, symbol: { recent[$0 - 1] })
    {
      level += 1
    }
    return ContextTails.Match(length: level - first, isWhole: level == depth)
  }
}

/// A walk's place in a tree of contexts, and in the text behind it.
package struct DeepContextState: Sendable {
  private(set) var contexts: ContextState
  /// `nil` where the longest context in the tree does not continue.
  private(set) var match: ContextTails.Match?

  init(_ contexts: ContextState, _ tails: ContextTails, _ path: ContextPath, _ inputs: StepInputs) {
    self.contexts = contexts
    match = contexts.match(tails, path, inputs)
  }

  /// Past an element; `inputs` are those of the next step.
  mutating func advance(
    past element: Symbol, _ tails: ContextTails, _ path: ContextPath, _ tree: LabelledTree, _ inputs: StepInputs
  ) {
    contexts.advance(past: element, path, tree, inputs)
    match = contexts.match(tails, path, inputs)
  }
}
