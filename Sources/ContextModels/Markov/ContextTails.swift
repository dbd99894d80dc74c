import Foundation
import ModelCore
import Sequences

/// The unary paths of a tree of contexts. Below a context that is followed by one outcome alone, however often, and that
/// has one longer context at each depth, all longer ones have the same counts: with high orders these are nearly all
/// contexts there are. The tree holds the first of them; the others are read in the text, where the event stands.
package struct ContextTails: Sendable, Hashable {
  /// When unary paths are read in a text. It depends on the model and the data alone, not on the memory or the blocks in
  /// which events are counted.
  package enum Use: Sendable {
    case none
    /// Where the whole tree would be many times as large as the text.
    case ifLarge
    case always
  }

  let text: TailText
  /// For each position of the text the labels of symbols and start mark in its context, at most k.
  private let depths: FlatArray<Int32>
  /// For each node of the tree a position of the only outcome after its context, if a unary path begins there; otherwise −1.
  let places: FlatArray<Int32>

  /// The labels of the longest context that is read in the text.
  var longest: Int { places.lazy.filter { $0 >= 0 }.map { depth(at: Int($0)) }.max() ?? 0 }

  /// - Parameter order: k.
  init(_ text: TailText, _ places: [Int32], order: Int, startMark: Int, scratch: Scratch? = nil) {
    self.text = text
    self.places = FlatArray(places)
    var depths = FlatBuffer<Int32>(capacity: text.symbols.count, scratch: scratch)
    var depth = 0
    for symbol in text.symbols {
      depths.append(Int32(min(depth, order)))
      depth = Int(symbol) == startMark ? 1 : depth + 1
    }
    self.depths = depths.finished()
  }

  /// How many there are.
  var count: Int { places.count { $0 >= 0 } }

  /// A position of the only outcome after a node's context, if a unary path begins there.
  func place(of node: Int) -> Int? { places[node] >= 0 ? Int(places[node]) : nil }

  /// The labels of the whole context of the event at a position.
  func depth(at place: Int) -> Int {
    Int(depths[place]) + (text.times.isEmpty ? 0 : 1) + (text.lengths.isEmpty ? 0 : 1)
  }

  /// Label number `level` of the context of the event at a position; `nil` behind the last.
  func label(_ level: Int, at place: Int) -> Int? {
    let symbols = Int(depths[place])
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

extension ContextTails.Use {
  /// Orders up to here are counted whole.
  private static let moderate = 24
  /// Contexts for each distinct event that a whole tree may have.
  private static let most = 32

  /// Whether paths may be read in a text: then events are known by their positions. A text's positions are 32-bit numbers.
  /// - Parameters:
  ///   - order: k.
  ///   - events: the elements and sequences of the data.
  func isPossible(order: Int, events: Int) -> Bool {
    switch self {
    case .none: false
    case .always: true
    case .ifLarge: order > Self.moderate && events < Int(Int32.max) / 2
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
