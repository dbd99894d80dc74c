import Emissions
import GraphicalModel
import ModelCore
import Sequences

/// `markov:k,components=tables` of bits and counts and `markov:k,bins=n` of real numbers: each component is a Markov
/// chain by itself, with tables over its own last k numbers, of real numbers over intervals with as many training data
/// each.
package struct ComponentTableFamily: ModelFamily {
  package static let name = "markov"
  package static let leadingOption: String? = "k"
  package static let examples = [
    "markov:1,components=tables", "markov:2,components=tables,smoothing=add:0.5,start=shared",
    "markov:0,components=tables,smoothing=ml", "markov:1,bins=4",
  ]
  package static let summary =
    "components=tables: one table per component, conditioned on its own last k values (bits, counts); start=own: tables "
    + "of their own for the first k steps; start=shared treats values before the start as 0\n"
    + "bins=n: the same of real numbers, cut into n bins; smoothing=add:α (1) or ml"

  /// k.
  let order: Int
  /// n, of real numbers; `nil` for bits and counts.
  let bins: Int?
  /// α of additive smoothing; `nil` for maximum likelihood.
  let added: Double?
  let start: AutoregressiveFamily.Start
  /// Whether the word says that elements are bits.
  let isOfBits: Bool

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
        "markov: components=tables is for bits and counts, bins= for real numbers: leave one out")
    }
    let emission = options.text("emission")
    guard emission == nil || emission == BernoulliEmission.name && bins == nil else {
      throw SpecificationError.malformed(
        "markov: tables have no emission=\(emission ?? "") but emission=bernoulli of bits: leave it out")
    }
    isOfBits = emission != nil
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
    if isOfBits { options.append(("emission", BernoulliEmission.name, false)) }
    options.append(bins.map { ("bins", String($0), false) } ?? ("components", Components.tables.rawValue, false))
    options.append(("smoothing", smoothing, added == 1))
    if bins == nil { options.append(("start", start.rawValue, start == .own)) }
    return modelWord(Self.name, options, complete: complete)
  }

  package func models(_ elements: ElementKind) -> Bool {
    guard case .vectors(let values, _) = elements else { return false }
    return bins == nil ? values == .bits || (values == .counts && !isOfBits) : values == .reals
  }

  package func refusal(_ shape: OutputShape) -> String? {
    if shape.hasLengthInput { return "tables of components do not look at the length: use /halt or /tau:input=none" }
    return contexts(shape) > Self.mostContexts
      ? "its tables would have more than \(Self.mostContexts) contexts a component: use a smaller k"
      : nil
  }

  private static let mostContexts = 1 << 17
  private static let mostNumbers = 1 << 24

  package var isUnsmoothed: Bool { added == nil }
  package var usesValidation: Bool { false }

  /// The classes by which contexts are numbered.
  private func base(_ shape: OutputShape) -> Int { bins ?? (shape.values == .bits ? 2 : ValueClasses.countClasses) }

  private func contexts(_ shape: OutputShape) -> Int {
    TablePredictor.power(base(shape), order) > Self.mostContexts
      ? .max : TablePredictor.contexts(base: base(shape), order: order, hasOwnStart: start == .own)
  }

  /// - Throws: `SpecificationError.refused` for tables that cannot be held.
  private func checkSize(_ shape: OutputShape) throws {
    let (numbers, overflows) = (contexts(shape) &* base(shape)).multipliedReportingOverflow(by: shape.vectorWidth)
    if overflows || numbers > Self.mostNumbers {
      throw SpecificationError.refused(
        model: word(complete: false),
        reason: "its tables would have \(numbers) numbers, and \(Self.mostNumbers) are the most: use a smaller k")
    }
  }

  package func componentEdges(_ shape: OutputShape) -> DirectedTemplate.ComponentEdges { .ownPast }

  package func template(_ shape: OutputShape) -> DirectedTemplate {
    let (d, base) = (shape.vectorWidth, base(shape))
    // Of bins also the edges and two tails, of counts the tail.
    let ofClasses = bins.map { $0 + 1 } ?? (shape.values == .bits ? 0 : 1)
    let parents = order == 0 ? [] : [DirectedTemplate.Parent("y", .last(order))]
    var outputs = shape.vectorNodes(
      parents: parents, rows: 0, own: d * (min(contexts(shape), Self.mostContexts) * (base - 1) + ofClasses))
    // The stop decision looks at nothing.
    for index in outputs.indices.dropFirst() { outputs[index].parents = [] }
    return DirectedTemplate(shape.lengthNodes() + outputs, countIsBound: bins != nil)
  }

  package func fit(
    _ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any VectorProcess {
    try checkSize(shape)
    let (set, width, base) = (data.train, shape.vectorWidth, base(shape))
    let values = set.rows.values
    let classes = (0..<width).map { component -> ValueClasses in
      if shape.values == .bits { return .whole(2, tail: nil) }
      let column = stride(from: component, to: values.count, by: width).map { values[$0] }
      return bins.map { ValueClasses(numbers: column, intervals: $0) } ?? ValueClasses(counts: column)
    }
    let contexts = contexts(shape)
    var counts = [Int](repeating: 0, count: width * contexts * base)
    func encode(_ y: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>) {
      for component in 0..<width { z[component] = Double(classes[component].index(y[component]) ?? 0) }
    }
    for i in 0..<set.count {
      set.forEachStep(of: i, order: order, shape, encode: encode) { step in
        guard let y = step.element else { return }
        for component in 0..<width {
          let offset = TablePredictor.offset(
            component: component, time: step.inputs.time, past: step.past, width: width, base: base, order: order,
            hasOwnStart: start == .own, contexts: contexts)
          counts[offset + (classes[component].index(y[component]) ?? 0)] += 1
        }
      }
    }
    return process(shape, classes, counts, stops: (set.count, set.elementCount + set.count))
  }

  private func process(
    _ shape: OutputShape, _ classes: [ValueClasses], _ counts: [Int], stops: (ends: Int, decisions: Int)
  ) -> AutoregressiveProcess<TablePredictor> {
    let predictor = TablePredictor(
      order: order, classes, base: base(shape), hasOwnStart: start == .own, added: added, counts: counts,
      stops: stops, endsByDecision: shape.stop == .variable)
    return AutoregressiveProcess(
      shape, predictor, FittedEmission(ClassEmission(classes), weights: [], .none(width: shape.vectorWidth)))
  }

  // MARK: Files

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    let d = shape.vectorWidth
    let (numbers, overflows) = (min(contexts(shape), Self.mostContexts) * base(shape)).multipliedReportingOverflow(
      by: d)
    return [
      "table.counts": overflows ? 0 : numbers, "table.classes": d, "table.edges": bins.map { ($0 - 1) * d } ?? 0,
      "table.tails": (bins == nil ? 1 : 2) * d, "stop.counts": 2,
    ]
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    do { try checkSize(shape) } catch { throw ModelFileError.inconsistent("its tables would be absurdly large") }
    let (d, base) = (shape.vectorWidth, base(shape))
    func refuse(_ condition: Bool, _ what: String) throws {
      if condition { throw ModelFileError.inconsistent(what) }
    }
    let counts = try file.counts("table.counts", count: d * contexts(shape) * base)
    let stops = try file.counts("stop.counts", count: 2)
    // Sums of all of them are numbers.
    try refuse((counts + stops).contains { $0 >= 1 << 36 }, "a count of its tables is absurd")
    try refuse(stops[0] > stops[1], "it has more ends than decisions to end")
    var classes: [ValueClasses] = []
    if shape.values == .bits {
      classes = Array(repeating: .whole(2, tail: nil), count: d)
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
    let contexts = contexts(shape)
    for component in 0..<d {
      for context in 0..<contexts {
        let start = (component * contexts + context) * base
        try refuse(
          counts[start + classes[component].count..<start + base].contains { $0 > 0 },
          "its tables count what is in no class")
      }
    }
    return process(shape, classes, counts, stops: (stops[0], stops[1]))
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
        edges += own + Array(repeating: own[own.count - 1], count: base - 1 - own.count)
        tails += [below, above]
      }
    }
    if !numbers.isEmpty {
      file.set("table.classes", counts: numbers)
      file.set("table.edges", edges, shape: [d, base - 1])
      file.set("table.tails", tails, shape: [d, 2])
    } else if !tails.isEmpty {
      file.set("table.tails", tails, shape: [d])
    }
  }

  /// Whether the tables count as many sequences and elements.
  func agrees(with facts: TrainingFacts) -> Bool {
    let own = counts.count / max(classes.count, 1)
    return stops.ends == facts.sequences && stops.decisions == facts.sequences + facts.symbols
      && (0..<classes.count).allSatisfy { counts[$0 * own..<($0 + 1) * own].reduce(0, +) == facts.symbols }
  }
}
