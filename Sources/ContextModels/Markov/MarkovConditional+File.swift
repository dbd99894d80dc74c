import ModelCore
import Sequences

extension MarkovConditional {
  /// Integer counts, from which the smoother makes its probabilities again, and its parameters: tuned ones are read back,
  /// those in closed form stand there for people. The records are for those who ask a large file in place.
  func write(to file: inout TensorFile) {
    counts.write(to: &file, shape)
    if let width = parameters.first?.count, width > 0 {
      file.set("smoothing.parameters", parameters.flatMap { $0 }, shape: [parameters.count, width])
    }
    if var parts = PackedNGramWriter(self) { parts.write(to: &file) }
  }
}

extension ContextCounts {
  /// The tensors of counts and of what is made of them; the data decide their sizes.
  static let tensorSizes: [String: Int?] = [
    "contexts.labels": nil, "contexts.children": nil, "counts.first": nil, "counts.outcomes": nil,
    "counts.counts": nil, "counts.unit": 1, "halting.stops": nil, "halting.decisions": nil, "smoothing.parameters": nil,
    "tails.text": nil, "tails.places": nil, "tails.times": nil, "tails.lengths": nil, "query.words": nil,
    "query.counts": nil, "query.rules": nil, "query.stored": 1, "query.start": 1,
  ]

  func write(to file: inout TensorFile, _ shape: OutputShape) {
    file.set("contexts.labels", tree.labels)
    file.set("contexts.children", tree.firstChild)
    file.set(narrowing: "counts.first", rows.firstEntry, scratch)
    file.set("counts.outcomes", outcomes)
    file.set(narrowing: "counts.counts", counts, scratch)
    if unit != 1 { file.set("counts.unit", counts: [unit]) }
    if shape.stop == .variable {
      file.set(narrowing: "halting.stops", stops, scratch)
      file.set(narrowing: "halting.decisions", decisions, scratch)
    }
    tails?.write(to: &file)
  }

  /// Reads and checks counts.
  /// - Parameters:
  ///   - lowerOrders: whether shorter contexts are counted too.
  ///   - areAll: whether no context has been taken out, so that those of a context's children add up to its own.
  /// - Throws: `ModelFileError`.
  init(
    from file: TensorFile, _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, areAll: Bool = true
  ) throws {
    let tree = try LabelledTree(contextsFrom: file, path)
    let rows = try tree.rows(from: file, "counts", shape)
    let counts = try file.counts("counts.counts", count: rows.outcomes.count)
    // Sums of all counts stay far below what an integer holds.
    guard counts.allSatisfy({ $0 > 0 && $0 < 1 << 53 }), counts.reduce(0.0, { $0 + Double($1) }) < 0x1p62 else {
      throw ModelFileError.inconsistent("counts.counts holds a number that is no count")
    }
    var (stops, decisions): ([Int], [Int]) = ([], [])
    if shape.stop == .variable {
      stops = try file.counts("halting.stops", count: tree.count)
      decisions = try file.counts("halting.decisions", count: tree.count)
      guard zip(stops, decisions).allSatisfy({ $0 <= $1 && $1 < 1 << 53 }) else {
        throw ModelFileError.inconsistent("a context has stopped more often than it was decided")
      }
    }
    let unit = try file.tensors["counts.unit"] == nil ? 1 : file.counts("counts.unit", count: 1)[0]
    guard unit > 0, unit <= 1 << 20, unit == 1 || file.tensors["tails.text"] == nil else {
      throw ModelFileError.inconsistent("counts.unit is not what an occurrence can count")
    }
    self.init(
      tree: tree, rows: rows, unit: unit, counts: FlatArray(counts), stops: FlatArray(stops),
      decisions: FlatArray(decisions),
      tails: try ContextTails(from: file, tree, path, shape))
    if let wrong = checkInvariants(path, shape, lowerOrders: lowerOrders, areAll: areAll) {
      throw ModelFileError.inconsistent(wrong)
    }
  }

  /// Checks that the tree, its rows and its counts agree. O(entries).
  /// - Parameters:
  ///   - lowerOrders: whether shorter contexts are counted too.
  ///   - areAll: whether no context has been taken out, so that those of a context's children add up to its own.
  /// - Returns: what is wrong; `nil` where nothing is.
  package func checkInvariants(
    _ path: ContextPath, _ shape: OutputShape, lowerOrders: Bool, areAll: Bool = true
  ) -> String? {
    if let wrong = tree.checkInvariants() ?? rows.checkInvariants(count: tree.count, below: shape.outcomes) {
      return wrong
    }
    guard counts.count == outcomes.count, [stops.count, decisions.count].allSatisfy({ [0, tree.count].contains($0) })
    else { return "there is not one count for each entry" }
    // Else a model of higher order than its tables would be taken for what it says it is.
    let isWhole = tree.endsInWholeContexts(order: path.order, startMark: path.startMark, others: path.others) {
      tails?.place(of: $0) != nil
    }
    guard !areAll || isWhole else { return "its contexts are shorter than the model's order \(path.order)" }
    guard tails == nil || tailsHaveOneOutcome() else { return "a context of several outcomes goes on in tails.text" }
    guard shape.stop != .variable || decisionsAgree() else {
      return "a context was gone on from more or less often than it has elements"
    }
    guard !lowerOrders || holdsItsChildren(exactly: areAll) else {
      return "a context's counts are not those of its shorter one's"
    }
    // Else counts of a shorter context would be added to those of the longer one, which does not expect them.
    guard lowerOrders || (0..<tree.count).allSatisfy({ tree.isLeaf($0) || entries(of: $0).isEmpty }) else {
      return "a context has counts, and its smoothing looks at the longest ones alone"
    }
    return nil
  }

  /// Whether each context at which a unary path begins has one outcome: an element or the end.
  private func tailsHaveOneOutcome() -> Bool {
    (0..<tree.count).allSatisfy { node in
      guard tails?.place(of: node) != nil else { return true }
      let kinds = entries(of: node).count + (stops(in: node) > 0 ? 1 : 0)
      return tree.isLeaf(node) && kinds == 1
    }
  }

  /// Whether each decision to continue is followed by an element.
  private func decisionsAgree() -> Bool {
    (0..<tree.count).allSatisfy { counts[entries(of: $0)].reduce(0, +) == decisions(in: $0) - stops(in: $0) }
  }

  /// Whether the counts of each context's children add up to its own, or to no more than them.
  private func holdsItsChildren(exactly: Bool) -> Bool {
    var holds = true
    var sums = [Int](repeating: 0, count: counts.count)
    forEachContext { node, above in
      if node == 0 { return }
      for entry in entries(of: node) {
        let shorter = above.entry(outcomes[entry])
        if shorter < 0 { holds = false } else { sums[shorter] += counts[entry] }
      }
    }
    return holds
      && (0..<tree.count).allSatisfy { node in
        tree.isLeaf(node) || entries(of: node).allSatisfy { exactly ? sums[$0] == counts[$0] : sums[$0] <= counts[$0] }
      }
  }
}
