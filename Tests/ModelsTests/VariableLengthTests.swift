import Foundation
import Models
import Probability
import Sequences
import Testing

/// Which contexts a variable-length Markov chain keeps.
@Suite struct VariableLengthTests {
  /// The contexts of a fitted model, as its file has them.
  private func contexts(_ sequences: [[Symbol]], _ word: String, k: Int, depth: Int) throws -> Set<[Int]> {
    let names = (0..<k).map { String(Character(Unicode.Scalar(UInt8(97 + $0)))) }
    let model = try SequenceModel.fit(
      ModelSpecification(word), to: SequenceSet(sequences, alphabetSize: k), Alphabet(symbols: names, kind: .characters)
    )
    let file = try TensorFile(ModelFile.bytes(of: model))
    let labels = try file.int32s("contexts.labels").map(Int.init)
    let firstChild = try file.int32s("contexts.children").map(Int.init)
    var contexts: [[Int]] = Array(repeating: [], count: labels.count)
    for node in labels.indices {
      let parents = contexts[node]
      let isLength = parents.contains(TreeOfContexts.startMark) || parents.count == depth
      for child in firstChild[node]..<firstChild[node + 1] {
        let isStart = !isLength && labels[child] == k
        let offset = isLength ? TreeOfContexts.firstLength : 0
        contexts[child] = parents + [isStart ? TreeOfContexts.startMark : labels[child] + offset]
      }
    }
    return Set(contexts)
  }

  /// Σ n log(n / N).
  private func logLikelihood(_ events: [ContextEvent]) -> Double {
    Dictionary(grouping: events, by: \.outcome).values
      .reduce(0) { $0 + Double($1.count) * log(Double($1.count) / Double(events.count)) }
  }

  /// The best of all trees over the contexts that occur, one by one.
  @Test(arguments: ["bic", "aic"], ["eos", "halt", "tau:input=none"])
  func theBestOfAllTrees(_ prune: String, _ length: String) throws {
    for (k, depth) in [(2, 1), (2, 3), (3, 2)] { try theBestOfAllTrees(prune, length, k: k, depth: depth) }
  }

  private func theBestOfAllTrees(_ prune: String, _ length: String, k: Int, depth: Int) throws {
    // Every symbol mostly repeats the last but one, so that there is something to find.
    var stream = RandomStream(seed: 5, index: UInt64(k))
    let sequences = (0..<30).map { _ in
      (0..<Int(stream.uniform() * 12)).reduce(into: [Symbol]()) { sequence, _ in
        let repeats = sequence.count > 1 && stream.uniform() < 0.8
        sequence.append(repeats ? sequence[sequence.count - 2] : Int(stream.uniform() * Double(k)))
      }
    }
    let (elements, stops) = ContextEvent.all(in: sequences, length, k: k, depth: depth)
    let free = length == "tau:input=none" ? k - 1 : k
    let all = length == "halt" ? stops : elements
    let penalty = Double(free) * (prune == "aic" ? 1 : log(Double(all.count)) / 2)
    let trees = TreeOfContexts.all(k: k, depth: depth) { context in
      all.contains { $0.context.starts(with: context) }
    }
    func score(_ tree: TreeOfContexts) -> Double {
      tree.leaves.reduce(0) { sum, leaf in
        sum + logLikelihood(elements.filter { $0.context.starts(with: leaf) })
          + logLikelihood(stops.filter { $0.context.starts(with: leaf) }) - penalty
      }
    }
    let best = try #require(trees.max { score($0) < score($1) })
    let wanted = Set(best.leaves.flatMap { leaf in (0...leaf.count).map { Array(leaf.prefix($0)) } })
    #expect(try contexts(sequences, "vlmc:depth=\(depth),prune=\(prune)/\(length)", k: k, depth: depth) == wanted)
    if depth > 1 { #expect(wanted.count > 1, "a tree without contexts shows nothing") }
  }

  /// Terminal contexts taken away one by one, as long as one differs too little from what is below it.
  @Test(
    arguments: [(0.01, 1), (0.3, 1), (0.3, 3), (0.8, 1)], ["eos", "halt", "tau:input=none", "tau:input=remaining"])
  func terminalContextsByTheTest(_ setting: (Double, Int), _ length: String) throws {
    let (alpha, minimum) = setting
    let (k, depth) = (3, 3)
    let sequences = ContextEvent.sequences(40, k: k)
    let (elements, stops) = ContextEvent.all(in: sequences, length, k: k, depth: depth)
    let all = length == "halt" ? stops : elements
    var kept = Set(all.flatMap { event in (0...event.context.count).map { Array(event.context.prefix($0)) } })
    kept = kept.filter { context in
      context.isEmpty || all.count { $0.context.starts(with: context) } >= minimum
    }
    func isSignificant(_ context: [Int]) -> Bool {
      var (gain, freedom) = (0.0, 0)
      for events in [elements, stops] {
        let own = events.filter { $0.context.starts(with: context) }
        let shorter = events.filter { $0.context.starts(with: context.dropLast()) }
        for event in own {
          let here = Double(own.count { $0.outcome == event.outcome }) / Double(own.count)
          let below = Double(shorter.count { $0.outcome == event.outcome }) / Double(shorter.count)
          gain += log(here / below)
        }
        freedom += max(Set(shorter.map(\.outcome)).count - 1, 0)
      }
      return freedom > 0 && chiSquareTail(2 * gain, degreesOfFreedom: Double(freedom)) < alpha
    }
    while let dropped = kept.first(where: { context in
      !context.isEmpty && !isSignificant(context)
        && !kept.contains { $0.count > context.count && $0.starts(with: context) }
    }) {
      kept.remove(dropped)
    }
    let found = try contexts(
      sequences, "vlmc:depth=\(depth),prune=lr:\(alpha),min=\(minimum)/\(length)", k: k, depth: depth)
    #expect(found == kept)
    if alpha == 0.8 { #expect(kept.count > 10, "too few contexts show nothing") }
  }

  /// A chain whose contexts are 0, 10 and 11, read from the nearest: a long sample gives them back, at any depth.
  @Test(arguments: ["lr:0.0001", "bic"], [2, 4])
  func aKnownTree(_ prune: String, _ depth: Int) throws {
    var stream = RandomStream(seed: 11)
    var sequence: [Symbol] = [0, 1]
    for _ in 0..<20_000 {
      let (nearest, second) = (sequence[sequence.count - 1], sequence[sequence.count - 2])
      let one = nearest == 0 ? 0.3 : second == 0 ? 0.8 : 0.5
      sequence.append(stream.uniform() < one ? 1 : 0)
    }
    let found = try contexts([sequence], "vlmc:depth=\(depth),prune=\(prune)/tau:input=none", k: 2, depth: depth)
    let marked = found.filter { !$0.contains(TreeOfContexts.startMark) }
    #expect(marked == [[], [0], [1], [1, 0], [1, 1]] || marked == [[], [1], [1, 0], [1, 1]])
    #expect(prune != "bic" || marked.contains([0]), "all longer contexts or none")
  }

  @Test(arguments: [
    ("vlmc:4", "vlmc:depth=4,prune=lr:0.05,min=2,smoothing=witten-bell/eos"),
    ("vlmc:4,prune=bic", "vlmc:depth=4,prune=bic,smoothing=witten-bell/eos"),
    ("ctw:4", "ctw:depth=4,estimator=perks/eos"),
  ])
  func canonicalWords(_ word: String, _ canonical: String) throws {
    #expect(try ModelSpecification(word).word == canonical)
    #expect(try ModelSpecification(canonical).shortWord == "\(word)/eos" || word.contains("bic"))
  }

  @Test(arguments: [
    ("vlmc", "depth"), ("ctw", "depth"), ("vlmc:3,prune=lr:1", "between 0 and 1"), ("vlmc:3,prune=mdl", "unknown vlmc"),
    ("vlmc:3,prune=bic,min=3", "prune=lr"), ("vlmc:3,min=0", "whole number"), ("ctw:3,estimator=jeffreys", "unknown"),
    ("vlmc:3,prune=bic:2", "unknown"),
  ])
  func wrongWordsAreExplained(_ word: String, _ part: String) {
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification(word) }
    #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
  }
}
