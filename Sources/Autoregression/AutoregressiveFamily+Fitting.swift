import Emissions
import ModelCore
import Probability
import Sequences

extension AutoregressiveFamily {
  package func fit(
    _ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any VectorProcess {
    guard let emission else { preconditionFailure("a family that is resolved has an emission") }
    try checkSize(shape)
    let coding = RegressorCoding(of: data.train, shape)
    do {
      var (stages, weights) = ([SharedRegression](), [Double]())
      var ridges = (elements: ridge ?? 0, stop: 0.0)
      var sharing: [Int] = []
      if emission.values == .reals {
        let regression = GaussianRegression(emission: emission, ridge: ridges.elements, shape: shape, coding: coding)
        (stages, sharing) = try regression.fit(data.train, regressors(shape))
      } else {
        (stages, weights, ridges.elements) = try componentFits(data, shape, coding, emission, context)
      }
      let stop = try stopWeights(data, shape, coding, context)
      ridges.stop = stop?.ridge ?? 0
      return process(
        shape, coding, emission, stages, weights: weights, stop: stop?.weights, ridges: ridges,
        try emission.emission(levels: shape.levels),
        sharing: sharing)
    } catch let error as GSLError {
      throw SpecificationError.refused(
        model: word(complete: false),
        reason: "the data's numbers are too large for a regression (\(error)): divide them by a constant")
    }
  }

  /// A process of its parts.
  /// - Parameter sharing: the first steps, from 0, whose weights are shared for want of sequences.
  func process(
    _ shape: OutputShape, _ coding: RegressorCoding, _ emission: AutoregressiveEmission, _ stages: [SharedRegression],
    weights: [Double], stop: [Double]?, ridges: (elements: Double, stop: Double), _ distribution: any Emission,
    sharing: [Int]
  ) -> AutoregressiveProcess<RegressionPredictor> {
    let predictor = RegressionPredictor(
      shape: shape, order: order, coding: coding, stages: stages,
      stop: stopRegressors(shape).flatMap { regressors in stop.map { (regressors, $0) } }, ridges: ridges,
      sharing: sharing,
      notes: notes(emission, stages, shape, ridges, sharing))
    return AutoregressiveProcess(shape, predictor, FittedEmission(distribution, weights: weights, coding.elements))
  }

  private func notes(
    _ emission: AutoregressiveEmission, _ stages: [SharedRegression], _ shape: OutputShape,
    _ ridges: (elements: Double, stop: Double), _ sharing: [Int]
  ) -> [String] {
    var notes: [String] = []
    if !sharing.isEmpty {
      notes.append(
        "step \(Self.list(sharing)): fewer sequences than 2 · (components + regressors); start=own has the shared weights "
          + "and covariance there")
    }
    let narrow = GaussianRegression.componentsAtFloor(stages, emission, width: shape.vectorWidth)
    if !narrow.isEmpty {
      notes.append(
        "column \(Self.list(narrow)): constant, or determined by other columns; its variance was raised to the floor "
          + "\(Deviation.floor * Deviation.floor) (standardised), which sets its likelihood")
    }
    let hasWeights = Regressors(shape, order: order, indicators: order).count > 1
    let found = ridge == nil && emission.values != .reals ? ", chosen on held-out data" : ""
    if emission.values != .reals, hasWeights || emission.looksLower {
      notes.append("ridge penalty of the elements\(found): \(ridges.elements)")
    }
    if shape.stop == .variable, hasWeights {
      notes.append("ridge penalty of the stop decision\(found): \(ridges.stop)")
    }
    return notes
  }

  /// Some numbers, from 1, the first eight of them.
  private static func list(_ numbers: [Int]) -> String {
    numbers.prefix(8).map { "\($0 + 1)" }.joined(separator: ", ") + (numbers.count > 8 ? ", …" : "")
  }

  /// The regressions of bits, counts or categories, a component each.
  private func componentFits(
    _ data: VectorTrainingData, _ shape: OutputShape, _ coding: RegressorCoding, _ emission: AutoregressiveEmission,
    _ context: FittingContext
  ) throws -> (stages: [SharedRegression], weights: [Double], ridge: Double) {
    let (width, regressors) = (shape.vectorWidth, Regressors(shape, order: order, indicators: order))
    func kind(_ component: Int) -> ComponentRegression.Kind {
      switch emission.values {
      case .counts: emission == .poisson ? .poisson : .negativeBinomial
      case .categories: .categorical(levels: shape.levels[component])
      default: .bernoulli
      }
    }
    let looksLower = emission.looksLower
    func regressions(_ set: VectorSequences) -> [ComponentRegression] {
      let rows = RegressionRows(of: set, shape, regressors, coding, listsLower: looksLower)
      return (0..<width).map {
        ComponentRegression(
          kind: kind($0), rows: rows, targets: rows.targets(set, component: $0),
          lower: looksLower ? regressors.offset(ofComponent: $0) : 0)
      }
    }
    let (fits, ridge) = try search(data, shape, context, regressions).fits(ridge: ridge)
    let features = regressors.count
    let outputs = shape.encodedWidth
    var weights = [Double](repeating: 0, count: features * outputs)
    for (component, fit) in fits.enumerated() {
      // The weights of a regressor, one for each level of categories.
      let (start, own) = (regressors.offset(ofComponent: component), kind(component).outputs)
      for feature in 0..<features {
        for index in 0..<own { weights[feature * outputs + start + index] = fit.weights[feature * own + index] }
      }
    }
    let stage = SharedRegression(
      regressors: regressors, weights: weights,
      constants: emission == .negativeBinomial ? fits.map(\.logDispersion) : [])
    let lower = fits.enumerated().flatMap { $1.weights.dropFirst(features * kind($0).outputs) }
    return ([stage], lower, ridge)
  }

  /// The regression of the stop decision. Where the ridge is given it is at least 1, the size of a standard normal
  /// prior of the weights: ends can often be told exactly.
  private func stopWeights(
    _ data: VectorTrainingData, _ shape: OutputShape, _ coding: RegressorCoding, _ context: FittingContext
  ) throws -> (weights: [Double], ridge: Double)? {
    guard let regressors = stopRegressors(shape) else { return nil }
    func regressions(_ set: VectorSequences) -> [ComponentRegression] {
      let rows = RegressionRows(of: set, shape, regressors, coding, listsLower: false)
      return [ComponentRegression(kind: .bernoulli, rows: rows, targets: rows.stops)]
    }
    let isFound = ridge == nil && emission?.values != .reals
    let (fits, ridge) = try search(data, shape, context, regressions).fits(
      ridge: isFound ? nil : max(ridge ?? 0, 1))
    return (fits[0].weights, ridge)
  }

  private func search(
    _ data: VectorTrainingData, _ shape: OutputShape, _ context: FittingContext,
    _ regressions: (VectorSequences) -> [ComponentRegression]
  ) -> RidgeSearch {
    RidgeSearch(
      fitted: regressions(data.train), judged: data.valid.count > 0 ? regressions(data.valid) : nil,
      leftOut: data.valid.count > 0 ? [] : RidgeSearch.rowsLeftOut(of: data.train, shape, seed: context.seed),
      context: context, name: word(complete: false))
  }
}
