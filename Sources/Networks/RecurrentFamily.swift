import Emissions
import GraphicalModel
import ModelCore
import Probability
import Sequences

/// What the recurrent families have in common: a cell's name, layers of h units, and how they are trained.
package protocol RecurrentFamily: ModelFamily {
  static var cell: any RecurrentCell.Type { get }
  var architecture: RecurrentArchitecture { get }
  var training: RecurrentTraining { get }
  /// The distribution of vectors; `nil` for symbols, or where the word leaves it open.
  var emission: (any Emission)? { get }
  /// Whether the word says `categorical`: symbols, which need no emission, or independent columns of categories.
  var isCategorical: Bool { get }
  /// The same with an emission.
  func with(_ emission: any Emission) -> Self
}

/// `rnn:h`, `gru:h` or `lstm:h`: a recurrent network of one kind of cell.
package struct CellFamily<Cell: RecurrentCell>: RecurrentFamily {
  package static var cell: any RecurrentCell.Type { Cell.self }
  package let architecture: RecurrentArchitecture
  package let training: RecurrentTraining
  package private(set) var emission: (any Emission)?

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    (architecture, training) = try Self.parse(&options)
    let named = options.text("emission")
    isCategorical = named == CategoricalEmission.name
    emission = try named.flatMap { $0 == CategoricalEmission.name ? nil : try registry.emission($0) }
    standard = registry
  }

  package func with(_ emission: any Emission) -> CellFamily {
    var family = self
    family.emission = emission
    return family
  }

  package let isCategorical: Bool

  /// Where the usual emission of a kind of numbers is looked up.
  private let standard: Registry

  package func resolved(for elements: ElementKind) throws -> any ModelFamily {
    guard case .vectors(let values, _, _) = elements, models(elements) else { return self }
    if isCategorical { return with(CategoricalEmission(isAutoregressive: false)) }
    return with(try (emission ?? standard.usualEmission(of: values)).ofNetwork(seesPast: architecture.hasFeedback))
  }
}

extension Registry {
  /// The names of the families that are recurrent networks.
  package var recurrentNames: [String] { families.compactMap { ($0 as? any RecurrentFamily.Type)?.name } }
}

extension RecurrentFamily {
  package var resumableOptions: Set<String> { RecurrentTraining.resumableOptions }
  package var adviceForPoorFit: String? {
    "more epochs= help where it had hardly begun, a smaller rate= where it diverged"
  }
  package static var name: String { cell.name }
  package static var summary: String { cell.summary }
  package static var leadingOption: String? { "hidden" }
  package static var examples: [String] {
    ["\(name):hidden=4,epochs=2", "\(name):hidden=3,layers=2,time=sinusoid:4,bptt=2,epochs=2"]
  }

  static func parse(_ options: inout ModelOptions) throws -> (RecurrentArchitecture, RecurrentTraining) {
    let (architecture, training) = (
      try RecurrentArchitecture(&options, owner: name), try RecurrentTraining(&options, owner: name)
    )
    guard architecture.hasFeedback || training.regime == .teacher else {
      throw SpecificationError.malformed("\(name): with feedback=none nothing is fed back: leave out regime=")
    }
    return (architecture, training)
  }

  package func word(complete: Bool) -> String {
    let named = emission.map { [("emission", $0.word, false)] } ?? []
    let options = architecture.word.dropFirst() + named + training.word
    if !complete, options.allSatisfy(\.isDefault) { return "\(Self.name):\(architecture.units)" }
    return modelWord(Self.name, architecture.word + named + training.word, complete: complete)
  }

  package func models(_ elements: ElementKind) -> Bool {
    switch elements {
    case .symbols: emission == nil && training.augmentation == nil
    case .vectors(let values, _, _):
      isCategorical ? values == .categories : emission?.models(values) ?? true
    }
  }

  package func componentEdges(_ shape: OutputShape) -> DirectedTemplate.ComponentEdges {
    emission?.isAutoregressive == true ? .insideStep : .independent
  }

  package func refusal(_ shape: OutputShape) -> String? {
    guard shape.vectorWidth > 0 else { return nil }
    if training.regime != .teacher { return "scheduled sampling (regime=) is not available for vectors" }
    if training.augmentation != nil, shape.values != .bits { return "only piano rolls of bits can be transposed" }
    if !architecture.hasFeedback, emission?.pastFrames ?? 0 > 0 {
      return
        "bernoulli:autoregressive:n looks at the last four steps, which feedback=none rules out: leave out :n"
    }
    return nil
  }

  package var isUnsmoothed: Bool { false }
  package var usesValidation: Bool { true }
  package var keepsCheckpoints: Bool { true }
  package var readsInputs: Bool { true }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    let layout = layout(shape)
    let (g, h) = (layout.gateRows, layout.units)
    var sizes: [String: Int?] = [
      "output.weight": layout.elementOutputs * h, "output.bias": layout.elementOutputs, "halting.weight": h,
      "halting.bias": 1,
      "length.longest": 1, "training.parameters": layout.count, "training.iterate": layout.count,
    ]
    for layer in 0..<layout.layers {
      sizes["rnn.weight_ih_l\(layer)"] = g * (layer == 0 ? layout.symbolRows + layout.features : h)
      sizes["rnn.weight_hh_l\(layer)"] = g * h
      sizes["rnn.bias_ih_l\(layer)"] = g
      sizes["rnn.bias_hh_l\(layer)"] = g
    }
    if emission != nil {
      sizes["emission.weight"] = layout.emissionWeightCount
      sizes.merge(VectorCoding.tensorSizes(width: shape.vectorWidth)) { $1 }
    }
    // The optimiser and the data decide.
    for name in ["training.moments", "training.squares", "training.carried"] { sizes[name] = .some(nil) }
    return sizes
  }

  func layout(_ shape: OutputShape) -> RecurrentLayout {
    RecurrentLayout(
      shape: shape, architecture, Self.cell,
      emission: shape.vectorWidth > 0 ? emission?.withLevels(shape.levels) : nil)
  }

  /// The layout of a network that can be held and written.
  /// - Throws: `SpecificationError.refused`.
  func checkedLayout(_ shape: OutputShape) throws -> RecurrentLayout {
    let layout = layout(shape)
    guard layout.count < 1 << 31 else {
      throw SpecificationError.refused(
        model: word(complete: false), reason: "it would have \(layout.count) parameters; 2147483647 are the most")
    }
    return layout
  }

  package func fit(
    _ data: TrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional {
    RecurrentConditional(try network(data, shape, context, checkedLayout(shape)))
  }

  package func fit(
    _ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any VectorProcess {
    var layout = try checkedLayout(shape)
    layout.coding = VectorCoding(of: data.train)
    return RecurrentVectorProcess(try network(data, shape, context, layout))
  }

  /// Trains a network.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  private func network<Rows: RowStorage>(
    _ data: FittingData<Rows>, _ shape: OutputShape, _ context: FittingContext, _ layout: RecurrentLayout
  ) throws -> RecurrentNetwork<Float> {
    guard architecture.hasFeedback || shape.inputWidth > 0 else {
      throw SpecificationError.refused(
        model: word(complete: false),
        reason: "without feedback the elements depend on inputs x alone, and the data have none (jsonl holds them)")
    }
    var layout = layout
    layout.longestLabel = shape.lengthInput?.label(time: 0, length: data.train.longest)
    var network = RecurrentNetwork<Float>(layout: layout, cell: Self.cell, seed: context.seed)
    if let vectors = data.train as? VectorSequences { network = network.startingNear(vectors, seed: context.seed) }
    if training.optimiser == .bfgs {
      var trainer = QuasiNewtonTrainer(network, data, training, context)
      return try trainer.run()
    }
    var trainer = RecurrentTrainer(network, data, training, context, named: "\(Self.name):\(architecture.units)")
    return try trainer.run()
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    let layout = layout(shape)
    guard layout.count < 1 << 31 else { throw ModelFileError.inconsistent("the network would be absurdly large") }
    return try RecurrentNetwork<Float>(from: file, layout, Self.cell).process
  }
}
