import Emissions
import GraphicalModel
import ModelCore
import Sequences

/// `markov:k,components=tables` of bits, counts and categories and `markov:k,bins=n` of real numbers: each component is a Markov
/// chain by itself, with tables over its own last k numbers, of real numbers over intervals with as many training data
/// each. With `emission=categorical:autoregressive` a column of categories has a table for each combination of levels of the lower
/// columns in the step as well.
package struct ComponentTableFamily: ModelFamily {
  package static let name = "markov"
  package static let leadingOption: String? = "k"
  package static let examples = [
    "markov:1,components=tables", "markov:2,components=tables,smoothing=add:0.5,start=shared",
    "markov:0,components=tables,smoothing=ml", "markov:1,bins=4",
    "markov:1,components=tables,emission=categorical:autoregressive",
  ]
  package static let summary =
    "components=tables: one table per component, conditioned on its own last k values (bits, counts, categories); start=own: tables "
    + "of their own for the first k steps; start=shared treats values before the start as 0; emission=categorical:autoregressive: and on the lower columns of the step\n"
    + "bins=n: the same of real numbers, cut into n bins; smoothing=add:α (1) or ml"

  /// k.
  let order: Int
  /// n, of real numbers; `nil` for bits, counts and categories.
  let bins: Int?
  /// α of additive smoothing; `nil` for maximum likelihood.
  let added: Double?
  let start: AutoregressiveFamily.Start
  /// What the word says that elements are: the name of an emission of bits or categories.
  let emission: String?
  private static let autoregressive = AutoregressiveEmission.autoregressiveCategorical.rawValue

  private enum Components: String, CaseIterable { case tables }

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let order = try options.integer("k", in: 0...16) else {
      throw SpecificationError.malformed("markov needs its order, as in markov:3")
    }
    self.order = order
    let components: Components? = try options.choice("components")
    bins = try options.integer("bins", in: 2...256)
    guard bins == nil || components == nil else {
      throw SpecificationError.malformed(
        "markov: components=tables is for bits, counts and categories, bins= for real numbers: leave one out")
    }
    emission = options.text("emission")
    let known = [BernoulliEmission.name, CategoricalEmission.name, Self.autoregressive]
    guard emission.map(known.contains) ?? true, emission == nil || bins == nil else {
      throw SpecificationError.malformed(
        "markov: tables have no emission=\(emission ?? "") but emission=bernoulli of bits, and of categories "
          + "emission=categorical or categorical:autoregressive: leave it out")
    }
    added = try Self.smoothing(options.text("smoothing"))
    let start: AutoregressiveFamily.Start? = try options.choice("start")
    guard bins == nil || start ?? .own == .own else {
      throw SpecificationError.malformed("markov: bins have contexts of their own at the start: leave out start=")
    }
    self.start = start ?? .own
  }

  /// α; `nil` for maximum likelihood.
  private static func smoothing(_ text: String?) throws -> Double? {
    guard let text, text != "add" else { return 1 }
    if text == "ml" { return nil }
    guard text.hasPrefix("add:"), let added = Double(text.dropFirst(4)), added > 0, added <= 1e100 else {
      throw SpecificationError.malformed(
        "markov: tables of components have smoothing=add:α, α above 0 and at most 1e100, or ml, not smoothing=\(text)")
    }
    return added
  }

  package func word(complete: Bool) -> String {
    let smoothing = added.map { "add:\($0 == $0.rounded() && $0 < 1e15 ? String(Int($0)) : String($0))" } ?? "ml"
    var options: [(key: String, value: String, isDefault: Bool)] = [("k", String(order), false)]
    if let emission { options.append(("emission", emission, false)) }
    options.append(bins.map { ("bins", String($0), false) } ?? ("components", Components.tables.rawValue, false))
    options.append(("smoothing", smoothing, added == 1))
    if bins == nil { options.append(("start", start.rawValue, start == .own)) }
    return modelWord(Self.name, options, complete: complete)
  }

  package func models(_ elements: ElementKind) -> Bool {
    guard case .vectors(let values, _, _) = elements else { return false }
    if bins != nil { return values == .reals }
    guard let emission else { return values != .reals }
    return values == (emission == BernoulliEmission.name ? .bits : .categories)
  }

  package func refusal(_ shape: OutputShape) -> String? {
    if shape.hasLengthInput { return "tables of components do not look at the length: use /halt or /tau:input=none" }
    if layout(shape) != nil { return nil }
    let advice = emission == Self.autoregressive ? ", or leave out components=tables for a regression" : ""
    return "its tables would have more than \(TableLayout.mostContexts) contexts a component: use a smaller k\(advice)"
  }

  private static let mostNumbers = 1 << 24

  package var isUnsmoothed: Bool { added == nil }
  package var usesValidation: Bool { false }

  /// The classes of each component by which contexts are numbered.
  private func bases(_ shape: OutputShape) -> [Int] {
    if shape.values == .categories { return shape.levels }
    let base = bins ?? (shape.values == .bits ? 2 : ValueClasses.countClasses)
    return Array(repeating: base, count: shape.vectorWidth)
  }

  private func layout(_ shape: OutputShape) -> TableLayout? {
    TableLayout(
      bases: bases(shape), order: order, hasOwnStart: start == .own, looksLower: emission == Self.autoregressive)
  }

  /// - Throws: `SpecificationError.refused` for tables that cannot be held.
  private func checkedLayout(_ shape: OutputShape) throws -> TableLayout {
    let layout = layout(shape)
    if let layout, layout.count <= Self.mostNumbers { return layout }
    let count = layout.map { "\($0.count)" } ?? "too many"
    throw SpecificationError.refused(
      model: word(complete: false),
      reason: "its tables would have \(count) numbers, and \(Self.mostNumbers) are the most: use a smaller k")
  }

  package func componentEdges(_ shape: OutputShape) -> DirectedTemplate.ComponentEdges {
    emission == Self.autoregressive ? .ownPastInsideStep : .ownPast
  }

  package func template(_ shape: OutputShape) -> DirectedTemplate {
    // Of bins also the edges and two tails, of counts the tail.
    let ofClasses = bins.map { $0 + 1 } ?? (shape.values == .counts ? 1 : 0)
    let parents = order == 0 ? [] : [DirectedTemplate.Parent("y", .last(order))]
    var outputs = shape.vectorNodes(
      parents: parents, rows: 0, own: (layout(shape)?.free ?? 1 << 40) + shape.vectorWidth * ofClasses)
    // The stop decision looks at nothing.
    for index in outputs.indices.dropFirst() { outputs[index].parents = [] }
    return DirectedTemplate(shape.lengthNodes() + outputs, countIsBound: bins != nil)
  }

  package func fit(
    _ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any VectorProcess {
    let layout = try checkedLayout(shape)
    let (set, width, values) = (data.train, shape.vectorWidth, data.train.rows.values)
    let classes = (0..<width).map { component -> ValueClasses in
      if shape.values == .bits || shape.values == .categories { return .whole(layout.bases[component], tail: nil) }
      let column = stride(from: component, to: values.count, by: width).map { values[$0] }
      return bins.map { ValueClasses(numbers: column, intervals: $0) } ?? ValueClasses(counts: column)
    }
    var counts = [Int](repeating: 0, count: layout.count)
    func encode(_ y: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>) {
      for component in 0..<width { z[component] = Double(classes[component].index(y[component]) ?? 0) }
    }
    for i in 0..<set.count {
      set.forEachStep(of: i, order: order, shape, encode: encode) { step in
        guard let y = step.element else { return }
        var lower = 0
        for component in 0..<width {
          let base = layout.bases[component]
          let number = classes[component].index(y[component]) ?? 0
          let offset = layout.offset(component, time: step.inputs.time, past: step.past) + lower * base
          counts[offset + number] += 1
          if layout.looksLower { lower = lower * base + number }
        }
      }
    }
    return process(shape, classes, layout, counts, stops: (set.count, set.elementCount + set.count))
  }

  private func process(
    _ shape: OutputShape, _ classes: [ValueClasses], _ layout: TableLayout, _ counts: [Int],
    stops: (ends: Int, decisions: Int)
  ) -> AutoregressiveProcess<TablePredictor> {
    let predictor = TablePredictor(
      layout, classes, added: added, counts: counts, stops: stops, endsByDecision: shape.stop == .variable)
    return AutoregressiveProcess(
      shape, predictor,
      FittedEmission(
        ClassEmission(classes, isAutoregressive: layout.looksLower), weights: [], .none(width: shape.vectorWidth)))
  }

  // MARK: Files

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    let d = shape.vectorWidth
    return [
      "table.counts": layout(shape)?.count ?? 0, "table.classes": d, "table.edges": bins.map { ($0 - 1) * d } ?? 0,
      "table.tails": (bins == nil ? 1 : 2) * d, "stop.counts": 2,
    ]
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    guard let layout = try? checkedLayout(shape) else {
      throw ModelFileError.inconsistent("its tables would be absurdly large")
    }
    let d = shape.vectorWidth
    func refuse(_ condition: Bool, _ what: String) throws {
      if condition { throw ModelFileError.inconsistent(what) }
    }
    let counts = try file.counts("table.counts", count: layout.count)
    let stops = try file.counts("stop.counts", count: 2)
    // Sums of all of them are numbers.
    try refuse((counts + stops).contains { $0 >= 1 << 36 }, "a count of its tables is absurd")
    try refuse(stops[0] > stops[1], "it has more ends than decisions to end")
    var classes: [ValueClasses] = []
    if shape.values == .bits || shape.values == .categories {
      classes = layout.bases.map { .whole($0, tail: nil) }
    } else if let bins {
      let numbers = try file.counts("table.classes", count: d)
      try refuse(numbers.contains { !(2...bins).contains($0) }, "table.classes holds a number of bins that is none")
      let edges = try file.doubles("table.edges", shape: [d, bins - 1])
      let tails = try file.doubles("table.tails", shape: [d, 2])
      for component in 0..<d {
        let own = Array(edges[component * (bins - 1)..<component * (bins - 1) + numbers[component] - 1])
        try refuse(
          own.contains { abs($0) > 1e150 } || zip(own, own.dropFirst()).contains { $1 - $0 < 1e-150 },
          "its bins have edges that do not rise")
        let (below, above) = (tails[2 * component], tails[2 * component + 1])
        try refuse(
          [below, above].contains { !($0 > 1e-150 && $0 < 1e150) }, "its outer bins have a mean that is none")
        classes.append(.intervals(edges: own, below: below, above: above))
      }
    } else {
      let tails = try file.doubles("table.tails", shape: [d])
      try refuse(tails.contains { !($0 > 0 && $0 < 1) }, "the tail of its counts is none")
      classes = tails.map { .whole(ValueClasses.countClasses, tail: $0) }
    }
    for component in 0..<d {
      let base = layout.bases[component]
      for start in stride(from: layout.starts[component], to: layout.starts[component + 1], by: base) {
        try refuse(
          counts[start + classes[component].count..<start + base].contains { $0 > 0 },
          "its tables count what is in no class")
      }
    }
    return process(shape, classes, layout, counts, stops: (stops[0], stops[1]))
  }
}

extension TablePredictor {
  func write(to file: inout TensorFile) {
    let d = classes.count
    file.set("table.counts", counts: counts)
    file.set("stop.counts", counts: [stops.ends, stops.decisions])
    var (numbers, edges, tails) = ([Int](), [Double](), [Double]())
    for classes in classes {
      switch classes {
      case .whole(_, let tail): tails += tail.map { [$0] } ?? []
      case .intervals(let own, let below, let above):
        numbers.append(classes.count)
        // Bins that a column does not have repeat its last edge.
        edges += own + Array(repeating: own[own.count - 1], count: layout.bases[0] - 1 - own.count)
        tails += [below, above]
      }
    }
    if !numbers.isEmpty {
      file.set("table.classes", counts: numbers)
      file.set("table.edges", edges, shape: [d, layout.bases[0] - 1])
      file.set("table.tails", tails, shape: [d, 2])
    } else if !tails.isEmpty {
      file.set("table.tails", tails, shape: [d])
    }
  }

  /// Whether the tables count as many sequences and elements.
  func agrees(with facts: TrainingFacts) -> Bool {
    stops.ends == facts.sequences && stops.decisions == facts.sequences + facts.symbols
      && (0..<classes.count).allSatisfy {
        counts[layout.starts[$0]..<layout.starts[$0 + 1]].reduce(0, +) == facts.symbols
      }
  }
}
