import ModelCore
import Probability
import Sequences
import Support

/// How far back the loss of a fitted recurrent network reaches: the norm of ∂L(t)/∂h(t − lag), L(t) being the nats of
/// the decision at step t alone, and the eigenvalues of W that make it vanish or explode (Bengio, Simard and Frasconi
/// 1994; Pascanu, Mikolov and Bengio 2013; Goodfellow, Bengio and Courville 2016, section 10.7).
///
///     let reach = try GradientReach(model: model, set: test)
///     reach.lags.last?.relative         // what 64 steps leave of the gradient
///
/// Windows of at most 128 steps end at random steps of the sequences and begin with a zero state; the loss counts at the
/// last step. It is h(t − lag) of one layer that moves, and with it all that is computed from it: not the layers below
/// at that step, and in a long short-term memory not c(t − lag). All in double precision.
public struct GradientReach: Sendable {
  /// One lag.
  public struct Lag: Sendable, Hashable {
    /// How many steps back.
    public let lag: Int
    /// The mean of ‖∂L(t)/∂h(t − lag)‖ in each layer, the lowest first, in nats.
    public let layerNorms: [Double]
    /// The same divided by that of lag 0 over the same windows: those that are long enough.
    public let layerRelatives: [Double]
    /// The windows that are long enough.
    public let windows: Int

    /// Of the highest layer.
    public var norm: Double { layerNorms.last ?? 0 }
    /// Of the highest layer.
    public var relative: Double { layerRelatives.last ?? 0 }
  }

  /// The recurrent weights of one gate of a layer.
  public struct Gate: Sendable, Hashable {
    /// From 0.
    public let layer: Int
    /// h of a tanh layer; r, z, n of a gated unit; i, f, g, o of a long short-term memory.
    public let gate: String
    /// The largest modulus of W's eigenvalues.
    public let spectralRadius: Double
  }

  /// Those that some window is long enough for.
  public let lags: [Lag]
  /// The gates of all layers.
  public let gates: [Gate]

  /// The lags asked about.
  public static let lags = [0, 1, 2, 4, 8, 16, 32, 64]
  private static let window = 128
  /// Windows that go through the network side by side.
  private static let windowsAtOnce = 32

  /// - Throws: `SpecificationError.refused` for a model that is no recurrent network.
  public static func check(_ model: some FittedModel) throws { _ = try network(of: model) }

  private static func network(of model: some FittedModel) throws -> any AnyRecurrentNetwork {
    guard let network = model.process as? any AnyRecurrentNetwork else {
      throw SpecificationError.refused(
        model: model.specification.shortWord,
        reason: "only recurrent models have a state that gradients go back through")
    }
    return network
  }

  /// O(windows · window · parameters + layers · gates · h³).
  /// - Parameters:
  ///   - most: the most windows: one in each of as many sequences, or where there are fewer sequences, several in each.
  ///   - seed: of the choice.
  ///   - threads: the result does not depend on it.
  /// - Throws: `SpecificationError.refused` for a model that is no recurrent network; `GSLError` where the eigenvalues
  ///   cannot be found.
  public init<Model: FittedModel>(
    model: Model, set: Sequences<Model.Rows>, most: Int = 256, seed: UInt64 = 1, threads: Int = 1,
    progress: @Sendable (FittingProgress) -> Void = { _ in }
  ) throws {
    let network = try Self.network(of: model)
    let (layout, parameters) = (network.layout, network.doubleParameters)
    let windows = Self.windows(set, layout.shape, most: most, seed: seed)
    let pieces = (windows.count + Self.windowsAtOnce - 1) / Self.windowsAtOnce
    let norms = parallelMap(pieces, threads: threads) { piece in
      let members = windows[(piece * windows.count / pieces)..<((piece + 1) * windows.count / pieces)]
      let batch = PackedBatch(members, of: set, layout)
      defer { progress(FittingProgress(fraction: 0.9 * Double(piece + 1) / Double(pieces), text: "gradients")) }
      return Self.norms(batch, layout, network.cell, parameters)
    }
    let all = norms.flatMap { $0 }
    lags = Self.lags.compactMap { Lag($0, all, layers: layout.layers) }
    gates = try Self.gates(layout, network.cell, parameters, threads: threads)
  }

  /// The windows: random ends in equal parts of each chosen sequence.
  private static func windows(_ set: Sequences<some RowStorage>, _ shape: OutputShape, most: Int, seed: UInt64)
    -> [Segment]
  {
    var stream = RandomStream(seed: seed, purpose: "gradient reach")
    let usable = (0..<set.count).filter { shape.steps(length: set.length($0)) > 0 }
    let chosen = stream.permutation(usable.count).prefix(most).map { usable[$0] }
    return chosen.flatMap { sequence in
      let steps = shape.steps(length: set.length(sequence))
      let parts = min(max(most / chosen.count, 1), steps)
      return (0..<parts).map { part in
        let (low, high) = (part * steps / parts, (part + 1) * steps / parts)
        let end = low + Int(stream.uniform() * Double(high - low)) + 1
        return Segment(sequence: sequence, steps: max(0, end - window)..<end)
      }
    }
  }

  /// One window's ‖∂L(t)/∂h(t − lag)‖: a row for each of `lags` that it is long enough for, a column for each layer.
  private typealias WindowNorms = [[Double]]

  private static func norms(
    _ batch: PackedBatch, _ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, _ parameters: [Double]
  ) -> [WindowNorms] {
    let lengths = batch.segments.map(\.steps.count)
    var norms: [WindowNorms] = lengths.map { length in
      lags.prefix { $0 < length }.map { _ in Array(repeating: 0, count: layout.layers) }
    }
    let last = Set(lengths.enumerated().map { batch.rowStart[$1 - 1] + $0 })
    let pass = RecurrentPass<Double>(layout, cell, goesBackwards: true)
    var gradient = [Double](repeating: 0, count: layout.count)
    parameters.withUnsafeBufferPointer { parameters in
      gradient.withUnsafeMutableBufferPointer { gradient in
        guard let parameters = parameters.baseAddress, let gradient = gradient.baseAddress else { return }
        pass.load(parameters)
        pass.forward(batch, parameters)
        _ = pass.backward(
          batch, parameters, addingTo: gradient, isCounted: { last.contains($0) },
          observe: { layer, step, derivatives in
            for segment in 0..<batch.alive[step] {
              guard let row = lags.firstIndex(of: lengths[segment] - 1 - step) else { continue }
              norms[segment][row][layer] =
                Double.sumOfSquares(layout.units, derivatives + segment * layout.units).squareRoot()
            }
          })
      }
    }
    return norms
  }

  private static func gates(
    _ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, _ parameters: [Double], threads: Int
  ) throws -> [Gate] {
    let (names, units) = (cell.gateNames, layout.units)
    let radii = parallelMap(layout.layers * names.count, threads: threads) { index in
      let start = layout.recurrentWeights(index / names.count) + index % names.count * units * units
      return Result { try spectralRadius(Array(parameters[start..<(start + units * units)]), size: units) }
    }
    return try radii.enumerated().map { index, radius in
      Gate(layer: index / names.count, gate: names[index % names.count], spectralRadius: try radius.get())
    }
  }
}

extension GradientReach.Lag {
  /// `nil` where no window is long enough.
  fileprivate init?(_ lag: Int, _ windows: [[[Double]]], layers: Int) {
    guard let row = GradientReach.lags.firstIndex(of: lag) else { return nil }
    let long = windows.filter { $0.count > row }
    guard !long.isEmpty else { return nil }
    func mean(_ row: Int) -> [Double] {
      (0..<layers).map { layer in long.reduce(0) { $0 + $1[row][layer] } / Double(long.count) }
    }
    self.lag = lag
    self.windows = long.count
    layerNorms = mean(row)
    // Nothing is left of nothing: a gradient that is zero from the start reaches nowhere.
    layerRelatives = zip(layerNorms, mean(0)).map { $1 > 0 ? $0 / $1 : 0 }
  }
}

/// A recurrent network of either precision.
private protocol AnyRecurrentNetwork {
  var layout: RecurrentLayout { get }
  var cell: any RecurrentCell.Type { get }
  var doubleParameters: [Double] { get }
}

extension RecurrentConditional: AnyRecurrentNetwork {
  fileprivate var doubleParameters: [Double] { parameters.map { Double($0) } }
}

extension RecurrentVectorProcess: AnyRecurrentNetwork {
  fileprivate var layout: RecurrentLayout { network.layout }
  fileprivate var cell: any RecurrentCell.Type { network.cell }
  fileprivate var doubleParameters: [Double] { network.parameters.map { Double($0) } }
}
