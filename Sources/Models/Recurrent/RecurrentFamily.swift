import BigInt
import Sequences

/// What the recurrent families have in common: a cell's name, h units, and how they are trained.
public protocol RecurrentFamily: ModelFamily {
  static var cell: any RecurrentCell.Type { get }
  /// h.
  var units: Int { get }
  var training: RecurrentTraining { get }
}

/// `rnn:h`: a recurrent network with tanh units.
public struct TanhFamily: RecurrentFamily {
  public static let cell: any RecurrentCell.Type = TanhCell.self
  public static let summary =
    "a recurrent network of h tanh units, trained by back-propagation through time; options: " + RecurrentTraining.help
  public let units: Int
  public let training: RecurrentTraining

  public init(_ options: inout ModelOptions, registry: Registry) throws {
    (units, training) = try Self.parse(&options)
  }
}

/// `gru:h`: gated recurrent units.
public struct GatedFamily: RecurrentFamily {
  public static let cell: any RecurrentCell.Type = GatedCell.self
  public static let summary = "a recurrent network of h gated units (GRU); options as for rnn"
  public let units: Int
  public let training: RecurrentTraining

  public init(_ options: inout ModelOptions, registry: Registry) throws {
    (units, training) = try Self.parse(&options)
  }
}

extension RecurrentFamily {
  public static var name: String { cell.name }
  public static var leadingOption: String? { "hidden" }
  public static var examples: [String] { ["\(name):hidden=4,epochs=2"] }

  static func parse(_ options: inout ModelOptions) throws -> (units: Int, training: RecurrentTraining) {
    guard let units = try options.integer("hidden", in: 1...16384) else {
      throw SpecificationError.malformed("\(name) needs its number of units, as in \(name):64")
    }
    return (units, try RecurrentTraining(&options))
  }

  public func word(complete: Bool) -> String {
    let options = training.word
    if !complete, options.allSatisfy(\.isDefault) { return "\(Self.name):\(units)" }
    return Models.word(Self.name, [("hidden", String(units), false)] + options, complete: complete)
  }

  public var isUnsmoothed: Bool { false }
  public var usesValidation: Bool { true }
  public func needsLongest(_ shape: OutputShape) -> Bool { false }

  func layout(_ shape: OutputShape) -> RecurrentLayout {
    RecurrentLayout(shape: shape, units: units, gates: Self.cell.gates)
  }

  public func freeParameters(_ shape: OutputShape, longest: Int) -> BigInt { BigInt(layout(shape).count) }

  public func growth(_ shape: OutputShape) -> String {
    let gates = Self.cell.gates == 1 ? "" : "\(Self.cell.gates)·"
    let lengths = shape.hasLengthInput ? " + \(LengthFeatures.count)h" : ""
    let outputs = shape.stop == .given ? "k" : "(k + 1)"
    return "\(gates)(h·k + h² + h\(lengths)) + \(outputs)(h + 1)"
  }

  public func fit(
    _ data: TrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional<Symbol> {
    let network = RecurrentConditional<Float>(layout: layout(shape), cell: Self.cell, seed: context.seed)
    var trainer = RecurrentTrainer(network, data, training, context)
    return try trainer.run(named: "\(Self.name):\(units)")
  }

  public func conditional(from file: TensorFile, _ shape: OutputShape) throws -> any Conditional<Symbol> {
    try RecurrentConditional<Float>(from: file, layout(shape), Self.cell)
  }
}
