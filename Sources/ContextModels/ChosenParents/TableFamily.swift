import GraphicalModel
import ModelCore
import Sequences

/// `table:parents=…`: a table with parents of one's own, fitted by counting: skip models, such as `table:y1+y7`, and
/// models that look at inputs, such as `table:x0+y2`.
public struct TableFamily: SummarisingFamily {
  /// The name in a model's word.
  public static let name = "table"
  /// The parents stand first.
  public static let leadingOption: String? = "parents"
  /// Words of it.
  public static let examples = [
    "table:parents=y1+y3", "table:parents=y2,smoothing=add:0.5", "table:parents=none,smoothing=ml",
    "table:parents=y3+y1,smoothing=absolute", "table:parents=y2+y1,smoothing=jelinek-mercer:0.5",
  ]
  /// What the help page says of it.
  public static let summary =
    "a table with parents of your own: table:y1+y7 looks at y(t−1) and y(t−7), table:x0+y2 at x(t) and y(t−2), "
    + "table:none at nothing; smoothing=witten-bell or another that has a closed form and counts what occurred: it drops "
    + "parents from the end of the list; inputs=n, the values 0 … n−1 of an x of one number (2); longer ones are one-hot; d in its "
    + "growth formula is the number of values of x"

  package let parents: TableParents
  package let smoother: any Smoother
  private static let defaultSmoothing = WittenBell.name

  /// From the options of a word.
  public init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let text = options.text("parents") else {
      throw SpecificationError.malformed("table needs its parents, as in table:y1+y7 or table:none")
    }
    parents = try TableParents(text, inputValues: try options.integer("inputs", in: 2...1_000_000), owner: Self.name)
    smoother = try registry.smoother(options.text("smoothing") ?? Self.defaultSmoothing)
    try check()
  }

  /// The family of a template's y(t), whose parents – earlier y(t) and x(t) – are taken in their order.
  /// - Parameter smoother: Witten and Bell's if left out.
  /// - Throws: `SpecificationError`, for other parents; `GraphError`, where the template is none.
  public init(_ template: DirectedTemplate, smoother: (any Smoother)? = nil) throws {
    try template.validate()
    let word = "the template"
    guard let y = template["y"] else {
      throw SpecificationError.refused(model: word, reason: "it has no node y, of which the table would be")
    }
    var list: [TableParents.Parent] = []
    var inputValues = TableParents.defaultInputValues
    for parent in y.parents {
      guard case .lags(let lags) = parent.reach, parent.name == "y" || parent.name == "x" else {
        throw SpecificationError.refused(
          model: word, reason: "a table's parents are earlier y(t) and x(t), and \(parent.name) is none of them")
      }
      list += lags.map { parent.name == "y" ? .element(lag: $0) : .input(lag: $0) }
      if parent.name == "x", case .values(let size)? = template["x"]?.domain { inputValues = size.number }
    }
    parents = try TableParents(list, inputValues: max(inputValues, 2), owner: Self.name)
    self.smoother = smoother ?? WittenBell(factor: nil)
    try check()
  }

  private func check() throws {
    if smoother.needsTuning || smoother.tableExponent != 1 {
      throw SpecificationError.malformed(
        "table: smoothing=\(smoother.word) is for markov alone; use one that has a closed form and counts "
          + "what occurred, such as \(Self.defaultSmoothing)")
    }
  }

  /// `table:y1+y7`.
  public func word(complete: Bool) -> String {
    var options = [
      ("parents", parents.word, false), ("smoothing", smoother.word, smoother.word == Self.defaultSmoothing),
    ]
    if parents.inputValues != TableParents.defaultInputValues {
      options.append(("inputs", String(parents.inputValues), false))
    }
    if !complete, options.dropFirst().allSatisfy(\.2) { return "\(Self.name):\(parents.word)" }
    return modelWord(Self.name, options, complete: complete)
  }

  /// That of its smoother.
  public var isUnsmoothed: Bool { smoother.isUnsmoothed }
  /// It is fitted by counting alone.
  public var usesValidation: Bool { false }
  /// Whether x is among the parents.
  public var readsInputs: Bool { parents.readsInputs }

  /// y(t) with its parents.
  public func template(_ shape: OutputShape) -> DirectedTemplate { parents.template(shape) }

  /// The counts of a part. O(symbols · parents).
  public func summarise(
    _ part: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> EventCounts {
    if readsInputs {
      guard let inputs = part.inputs else {
        throw SpecificationError.refused(
          model: word(complete: false), reason: "it looks at inputs x, and the data have none (jsonl holds them)")
      }
      if let reason = complaint(inputs, shape) {
        throw SpecificationError.refused(model: word(complete: false), reason: reason)
      }
    }
    return try EventCounts(part, parents, shape)
  }

  /// The counts in a file.
  public func sums(from file: TensorFile, _ shape: OutputShape) throws -> EventCounts {
    try EventCounts(from: file, shape) { parents.isContext($0, shape) }
  }

  /// Smooths the counts. O(contexts).
  public func finish(
    _ sums: consuming EventCounts, valid: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional {
    let counts = try ContextCounts(
      sums.whole(end: shape.alphabetSize, seed: context.seed), parents, shape, lowerOrders: smoother.usesLowerOrders)
    return TableConditional(shape, parents, counts, smoother)
  }

  /// Each x must be one of the values that a table can have a row for.
  public func complaint(_ inputs: InputVectors, _ shape: OutputShape) -> String? {
    guard readsInputs, inputs.width == shape.inputWidth else { return nil }
    for sequence in 0..<inputs.count {
      for time in 0..<inputs.vectorCount(sequence: sequence) {
        guard let range = inputs.range(sequence: sequence, time: time), parents.label(inputs.values[range], shape) < 0
        else { continue }
        let expected =
          shape.inputWidth == 1
          ? "a whole number from 0 to \(parents.inputValues - 1) (more with inputs=n)"
          : "one-hot: a single 1 among zeros"
        return "its x must be \(expected), and that of sequence \(sequence + 1) at step \(time + 1) is not"
      }
    }
    return nil
  }

  /// The data decide them.
  public func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    [
      "table.labels": nil, "table.children": nil, "table.entries": nil, "table.outcomes": nil, "table.counts": nil,
      "table.stops": nil, "table.decisions": nil, "smoothing.parameters": nil,
    ]
  }

  /// The fitted table in a file.
  public func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    let counts = try ContextCounts(tableFrom: file, parents, shape, lowerOrders: smoother.usesLowerOrders)
    return TableConditional(shape, parents, counts, smoother)
  }
}
