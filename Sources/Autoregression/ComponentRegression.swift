import Foundation
import Probability

/// The regression of one component, as it was fitted.
struct ComponentFit: Sendable {
  /// One weight for each regressor, then those of the lower components of the same step; of categories as many as there are levels
  /// in the place of each.
  var weights: [Double]
  /// log r of negative binomial counts.
  var logDispersion = 0.0
}

/// The regression of one component that is a bit, a count or a category.
struct ComponentRegression: Sendable {
  /// What a component's distribution is.
  enum Kind: Sendable {
    case bernoulli, poisson, negativeBinomial
    case categorical(levels: Int)

    /// The linear predictors: 1, or one for each level.
    var outputs: Int { if case .categorical(let levels) = self { levels } else { 1 } }
  }

  let kind: Kind
  let rows: RegressionRows
  /// NaN in rows that are left out.
  let targets: [Double]
  /// The regressors that the lower components of the same step are.
  var lower = 0

  private var size: Int { rows.features + lower }

  /// The weights of largest penalised likelihood. A component of bits that never changed, or of counts that are all 0,
  /// has an intercept alone: of bits as if half a 1 and half a 0 had been observed beside, of counts as if half a one
  /// had.
  /// - Parameter tolerance: of the negative log-likelihood, in nats.
  /// - Throws: `FittingError.interrupted`, `GSLError`.
  func fit(
    ridge: Double, from start: ComponentFit?, tolerance: Double, isInterrupted: @escaping @Sendable () -> Bool
  ) throws -> ComponentFit {
    if case .categorical(let levels) = kind {
      let regression = MultinomialRegression(rows: rows, targets: targets, levels: levels, lower: lower, ridge: ridge)
      return ComponentFit(
        weights: try regression.minimised(from: start?.weights, tolerance: tolerance, isInterrupted: isInterrupted))
    }
    var (count, sum) = (0.0, 0.0)
    for y in targets where !y.isNaN { (count, sum) = (count + 1, sum + y) }
    var fit = start ?? ComponentFit(weights: Array(repeating: 0, count: size))
    let isBit = if case .bernoulli = kind { true } else { false }
    let isConstant = sum == 0 || isBit && sum == count
    if isConstant || start == nil {
      fit.weights[0] =
        isBit
        ? log((sum + 0.5) / (count - sum + 0.5)) : log((sum == 0 ? 0.5 : sum) / max(count, 1))
    }
    if isConstant {
      fit.weights.replaceSubrange(1..., with: repeatElement(0, count: size - 1))
      fit.logDispersion = Self.largestLogDispersion
      return fit
    }
    func minimise(_ loss: some RegressionLoss) throws {
      fit.weights = try regression(loss, ridge: ridge, tolerance: tolerance, isInterrupted).minimised(from: fit.weights)
    }
    switch kind {
    case .bernoulli: try minimise(LogisticLoss())
    case .poisson: try minimise(PoissonLoss())
    case .categorical: break
    case .negativeBinomial:
      if start == nil { try minimise(PoissonLoss()) }
      // Weights and dispersion in turn: their estimates are independent in large samples (Lawless 1987).
      var (range, points) = (-15...Self.largestLogDispersion, 81)
      for _ in 0..<50 {
        let earlier = fit
        fit.logDispersion = try logDispersion(fit.weights, range, points: points)
        try minimise(NegativeBinomialLoss(dispersion: exp(fit.logDispersion)))
        let change = zip(fit.weights, earlier.weights).reduce(abs(fit.logDispersion - earlier.logDispersion)) {
          max($0, abs($1.0 - $1.1))
        }
        if change < 1e-7 { break }
        let near = fit.logDispersion
        (range, points) = (max(near - 1, -15)...min(near + 1, Self.largestLogDispersion), 9)
      }
    }
    return fit
  }

  private func regression<Loss: RegressionLoss>(
    _ loss: Loss, ridge: Double = 0, tolerance: Double = 0, _ isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) -> NewtonRegression<Loss> {
    NewtonRegression(
      loss: loss, rows: rows, targets: targets, lower: lower, ridge: ridge, tolerance: tolerance,
      isInterrupted: isInterrupted)
  }

  /// log r beyond which a negative binomial distribution is next to a Poisson one.
  private static let largestLogDispersion = 25.0

  /// −log P of all rows that have a target, in nats, but for what no fit changes.
  func nats(_ fit: ComponentFit) -> Double {
    func nats(_ loss: some RegressionLoss) -> Double {
      regression(loss).nats(fit.weights)
    }
    switch kind {
    case .bernoulli: return nats(LogisticLoss())
    case .poisson: return nats(PoissonLoss())
    case .negativeBinomial: return negativeBinomialNats(predictors(fit.weights), fit.logDispersion)
    case .categorical(let levels):
      return MultinomialRegression(rows: rows, targets: targets, levels: levels, lower: lower, ridge: 0).nats(
        fit.weights)
    }
  }

  private func logDispersion(_ weights: [Double], _ range: ClosedRange<Double>, points: Int) throws -> Double {
    let predictors = predictors(weights)
    return try Brent.minimise(in: range, points: points, tolerance: 1e-9) {
      negativeBinomialNats(predictors, $0)
    }.variable
  }

  private func predictors(_ weights: [Double]) -> [(eta: Double, y: Double)] {
    var predictors: [(eta: Double, y: Double)] = []
    regression(PoissonLoss()).forEachPredictor(weights) { predictors.append(($0, $1)) }
    return predictors
  }

  private func negativeBinomialNats(_ predictors: [(eta: Double, y: Double)], _ logDispersion: Double) -> Double {
    predictors.reduce(0) { sum, row in
      let distribution = NegativeBinomialDistribution(
        logMean: min(max(row.eta, -90), 90), logDispersion: logDispersion)
      return sum - distribution.logProbability(row.y)
    }
  }
}
