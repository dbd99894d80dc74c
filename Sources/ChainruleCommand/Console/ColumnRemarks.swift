import Chainrule

/// What a person should know of the columns of vectors before a density is fitted to them.
extension VectorDataset {
  /// Constant columns and lattices, a sentence each.
  func remarks(of summaries: [ColumnSummary]) -> [String] {
    var remarks: [String] = []
    let constant = summaries.filter(\.isConstant).map(\.name)
    if !constant.isEmpty {
      remarks.append(
        "constant: \(Numbers.list(constant))"
          + (columns.values == .reals ? "; a density of such a column has no bound, and models keep a floor" : ""))
    }
    let lattices = Dictionary(grouping: summaries.filter { $0.step != nil }) { Numbers.significant($0.step ?? 0) }
    for (step, columns) in lattices.sorted(by: { $0.key < $1.key }) {
      remarks.append(
        "on a lattice of step \(step): \(Numbers.list(columns.map(\.name))); a density can grow without bound at its points"
      )
    }
    return remarks
  }

  /// The same for training data, with what to do.
  var fittingRemarks: [String] {
    guard columns.values == .reals else { return [] }
    let summaries = sequences.columnSummaries(columns)
    if !jitter.isEmpty {
      return remarks(of: summaries)
        + (jitter.contains { $0 > 0 } ? [] : ["no column is on a lattice: --jitter auto adds nothing"])
    }
    let advice = "--jitter auto adds noise as wide as the step, so that densities of different models can be compared"
    return remarks(of: summaries) + (summaries.contains { $0.step != nil } ? [advice] : [])
  }

  /// What was done to the numbers, for the protocol; `nil` for nothing.
  var jitterSentence: String? {
    guard let widest = jitter.max(), widest > 0 else { return nil }
    let least = jitter.filter { $0 > 0 }.min() ?? widest
    let some = jitter.contains(0) ? " in \(jitter.filter { $0 > 0 }.count) of \(jitter.count) components" : ""
    let width =
      least == widest
      ? Numbers.significant(widest) : "\(Numbers.significant(least)) to \(Numbers.significant(widest))"
    return "uniform noise of width \(width) added to all data\(some)"
  }
}

extension Jitter {
  /// The value of `--jitter`.
  @Sendable init(argument: String) throws {
    if argument == "auto" {
      self = .lattice
      return
    }
    guard let width = Double(argument), width.isFinite, width > 0 else {
      throw NumberArgument.OutOfRange(description: "it must be auto or a width above 0, in the data's units")
    }
    self = .width(width)
  }
}

extension Numbers {
  /// The first of many names, and how many more there are.
  static func list(_ names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(count(names.count - 12)) more" : "")
  }
}
