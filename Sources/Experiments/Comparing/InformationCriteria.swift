import Foundation

/// What the training data say of a model once its parameters are paid for (Akaike 1974; Schwarz 1978), in nats times two:
///
///     AIC = 2 nats + 2 k,   BIC = 2 nats + k log n
///
/// with n events. k is the number of free parameters; of tables, of those whose contexts occur in the training data: the
/// others have no part in the likelihood. Smoothing is no maximum of the likelihood, so that both are rough guides there.
public struct InformationCriteria: Sendable, Hashable, Codable {
  /// k.
  public let parameters: Double
  /// Akaike's criterion.
  public let aic: Double
  /// The Bayesian criterion.
  public let bic: Double

  init(nats: Double, parameters: Double, events: Int) {
    self.parameters = parameters
    aic = 2 * nats + 2 * parameters
    bic = 2 * nats + parameters * log(Double(max(events, 1)))
  }

  /// The mean of several trials' criteria; of one its own.
  init(mean criteria: [InformationCriteria]) {
    func mean(_ value: (InformationCriteria) -> Double) -> Double {
      criteria.reduce(0) { $0 + value($1) } / Double(criteria.count)
    }
    (parameters, aic, bic) = (mean(\.parameters), mean(\.aic), mean(\.bic))
  }
}
