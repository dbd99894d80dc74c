import Models
import Probability
import Sequences
import Testing

/// The counts by the definition: for each event, each of its contexts looked up in a dictionary.
private struct PlainCounts: Equatable {
  struct Node: Equatable {
    var outcomes: [Int: Int] = [:]
    var stops = 0
    var decisions = 0
  }
  var nodes: [[Int]: Node] = [[]: Node()]

  init(_ set: SequenceSet, order: Int, _ time: NumberEncoding, _ shape: OutputShape, lowerOrders: Bool) {
    let timeParent = time
    self.init(set, shape, lowerOrders: lowerOrders) { sequence, time, _ in
      var path = Array(([shape.alphabetSize] + sequence[..<time]).reversed().prefix(order))
      switch timeParent {
      case .none: break
      case .bucket(let n): path.append((0..<n - 1).first { time < 1 << $0 } ?? n - 1)
      default: path.append(time)
      }
      return path
    }
  }

  /// - Parameter path: the labels of the context after `time` elements of a sequence, given its number, without the length's.
  init(
    _ set: SequenceSet, _ shape: OutputShape, lowerOrders: Bool,
    path: (_ sequence: [Symbol], _ time: Int, _ index: Int) -> [Int]
  ) {
    for index in 0..<set.count {
      let sequence = Array(set[index])
      for time in 0..<shape.steps(length: sequence.count) {
        var path = path(sequence, time, index)
        if let length = shape.lengthLabel(time: time, length: sequence.count) { path.append(length) }
        for depth in 0...path.count {
          var node = nodes[Array(path[..<depth])] ?? Node()
          if lowerOrders || depth == path.count {
            let isEnd = time == sequence.count
            if shape.stop == .variable {
              node.decisions += 1
              node.stops += isEnd ? 1 : 0
            }
            if !isEnd || shape.stop != .variable {
              node.outcomes[isEnd ? shape.alphabetSize : sequence[time], default: 0] += 1
            }
          }
          nodes[Array(path[..<depth])] = node
        }
      }
    }
  }

  /// What a tree holds.
  init(_ counts: ContextCounts) {
    let tree = counts.tree
    nodes = [:]
    var paths: [[Int]] = [[]]
    for node in 0..<tree.count {
      let entries = counts.entries(of: node)
      nodes[paths[node]] = Node(
        outcomes: Dictionary(uniqueKeysWithValues: entries.map { (Int(counts.outcomes[$0]), counts.counts[$0]) }),
        stops: counts.stops(in: node), decisions: counts.decisions(in: node))
      for child in tree.children(of: node) { paths.append(paths[node] + [Int(tree.labels[child])]) }
    }
  }
}

@Suite struct ContextCountsTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var order: Int
    var stop: OutputShape.Stop
    var hasLength: Bool
    var time = NumberEncoding.none
    var testDescription: String { "k=\(order), \(stop), length \(hasLength), time \(time)" }
  }

  static let kinds: [Kind] = [0, 1, 2, 4, 9, 1000].flatMap { order in
    [
      Kind(order: order, stop: .outcome, hasLength: false), Kind(order: order, stop: .variable, hasLength: false),
      Kind(order: order, stop: .given, hasLength: false), Kind(order: order, stop: .given, hasLength: true),
      Kind(order: order, stop: .outcome, hasLength: false, time: .bucket(4)),
      Kind(order: order, stop: .given, hasLength: true, time: .each),
    ]
  }

  /// Sets of every sort: few and many symbols, empty sequences, repetitions, one long sequence.
  private static func sets(_ random: inout some RandomNumberGenerator) -> [SequenceSet] {
    [(0, 1, 5), (1, 1, 9), (9, 2, 12), (10, 3, 20), (100, 30, 9), (5, 5000, 20), (1, 4, 100)].map {
      (count: Int, symbols: Int, longest: Int) in
      SequenceSet(
        (0..<count).map { _ in
          (0..<Int.random(in: count == 1 ? longest...longest : 0...longest, using: &random)).map { _ in
            min(Int.random(in: 0..<symbols, using: &random), Int.random(in: 0..<symbols, using: &random))
          }
        }, alphabetSize: symbols)
    }
  }

  private static func counts(
    _ set: SequenceSet, _ kind: Kind, lowerOrders: Bool, threads: Int = 1, block: Int = 1 << 20, scratch: Scratch? = nil
  ) throws -> (counts: ContextCounts, plain: PlainCounts) {
    let shape = OutputShape(
      alphabetSize: set.alphabetSize, stop: kind.stop, lengthInput: kind.hasLength ? LengthInput(.remaining) : nil)
    let path = ContextPath(order: kind.order, time: kind.time, shape: shape)
    let counts = try ContextCounts(
      set, path, shape, lowerOrders: lowerOrders, threads: threads, block: block, scratch: scratch)
    #expect(counts.checkInvariants(path, shape, lowerOrders: lowerOrders) == nil)
    return (counts, PlainCounts(set, order: kind.order, kind.time, shape, lowerOrders: lowerOrders))
  }

  @Test(arguments: kinds, [true, false])
  func agreeWithTheDefinition(_ kind: Kind, _ lowerOrders: Bool) throws {
    var random = RandomStream(seed: 17)
    for set in Self.sets(&random) {
      let (counts, plain) = try Self.counts(set, kind, lowerOrders: lowerOrders)
      #expect(PlainCounts(counts) == plain, "\(set.count) sequences over \(set.alphabetSize)")
    }
  }

  /// Blocks that end in the midst of sequences, threads and files in memory's stead change nothing.
  @Test(arguments: kinds, [5, 64])
  func countsOfBlocksAddUp(_ kind: Kind, _ block: Int) throws {
    var random = RandomStream(seed: 18)
    let scratch = try Scratch(limit: Scratch.smallestLimit)
    for set in Self.sets(&random) {
      let whole = try Self.counts(set, kind, lowerOrders: true).counts
      let inBlocks = try Self.counts(set, kind, lowerOrders: true, threads: 2, block: block, scratch: scratch).counts
      #expect(inBlocks == whole)
    }
  }

  /// So many events that they are counted in pieces and sorted by digits.
  @Test func manyEventsAgreeWithTheDefinition() throws {
    var random = RandomStream(seed: 20)
    let set = SequenceSet(
      (0..<3000).map { _ in
        (0..<100).map { _ in
          min(
            Int.random(in: 0..<900, using: &random), Int.random(in: 0..<900, using: &random),
            Int.random(in: 0..<900, using: &random))
        }
      }, alphabetSize: 900)
    let kind = Kind(order: 2, stop: .outcome, hasLength: false)
    let (counts, plain) = try Self.counts(set, kind, lowerOrders: true, block: 1 << 27)
    #expect(PlainCounts(counts) == plain)
    #expect(try Self.counts(set, kind, lowerOrders: true, threads: 2, block: 1 << 17).counts == counts)
  }

  /// Parents of a table in any order; the first one that is not there has a mark, and so have later ones that are nearer. x
  /// is a number 0, 1 or 2 at each step, and 3 behind the last one.
  @Test(
    arguments: ["none", "y1", "y1+y3", "y3+y1", "x0+y2", "y2+x1+x0"],
    [OutputShape.Stop.outcome, .variable, .given])
  func tablesAgreeWithTheDefinition(_ parents: String, _ stop: OutputShape.Stop) throws {
    var random = RandomStream(seed: 21)
    let word = parents.contains("x") ? "table:parents=\(parents),inputs=3" : "table:parents=\(parents)"
    let family = try #require(try ModelSpecification(word).family as? TableFamily)
    for plain in Self.sets(&random) {
      let x = (0..<plain.count).map { plain[$0].map { _ in Int.random(in: 0..<3, using: &random) } }
      let inputs = InputVectors(perStep: x.map { $0.map { [Float($0)] } }, width: 1)
      let set = SequenceSet(
        (0..<plain.count).map { Array(plain[$0]) }, alphabetSize: plain.alphabetSize, inputs: inputs)
      let shape = OutputShape(
        alphabetSize: set.alphabetSize, stop: stop, lengthInput: stop == .given ? LengthInput(.remaining) : nil,
        inputWidth: 1)
      for lowerOrders in [true, false] {
        let expected = PlainCounts(set, shape, lowerOrders: lowerOrders) { sequence, time, index in
          var missing: [Character: Int] = [:]
          var path: [Int] = []
          for parent in parents == "none" ? [] : parents.split(separator: "+") {
            let (name, lag) = (parent.first ?? "y", Int(parent.dropFirst()) ?? 0)
            if lag > time {
              if missing[name].map({ lag < $0 }) ?? true { path.append(name == "y" ? set.alphabetSize : 3) }
              missing[name] = min(missing[name] ?? lag, lag)
            } else if name == "y" {
              path.append(sequence[time - lag])
            } else {
              path.append(time - lag < sequence.count ? x[index][time - lag] : 3)
            }
          }
          return path
        }
        let events = try EventCounts(set, family.parents, shape)
        let counts = try ContextCounts(events, family.parents, shape, lowerOrders: lowerOrders)
        #expect(counts.tree.checkInvariants() == nil)
        #expect(PlainCounts(counts) == expected, "\(set.count) sequences over \(set.alphabetSize)")
      }
    }
  }
}
