import Foundation
import ModelCore
import Sequences

/// Why a recurrent model ends with probability one: its probability of stopping never falls below a bound (Du, Torroba
/// Hennigen, Yu, Meister, Lee and Cotterell 2023, "A measure-theoretic characterization of tight language models",
/// proposition 4.3: such a model is tight).
public struct Tightness: Sendable, Hashable {
  /// ε: in every state, after every past, P(stop) ≥ ε. So P(τ > n) ≤ (1 − ε)^(n + 1) and E[τ] ≤ 1/ε − 1.
  public let leastStop: Double
}

extension FittedModel {
  /// The bound of a recurrent model with an end symbol or halting; `nil` for all others, and where double precision cannot
  /// tell it from 0.
  public var tightness: Tightness? {
    (process as? any BoundedStop)?.leastLogStop.flatMap { $0 > -700 ? Tightness(leastStop: exp($0)) : nil }
  }
}
