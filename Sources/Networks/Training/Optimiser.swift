import Foundation

/// How the parameters follow the gradient.
package enum Optimiser: String, Sendable, CaseIterable {
  /// Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019).
  case adamw
  /// Stochastic gradient descent with momentum 0.9.
  case sgd
  /// RMSProp (Tieleman and Hinton 2012).
  case rmsprop
  /// Quasi-Newton steps on the whole data in double precision, without minibatches (GSL's vector_bfgs2): for small
  /// networks and little data.
  case bfgs

  /// The rate that is taken if none is given; for `bfgs` the size of the first step.
  var defaultRate: Double {
    switch self {
    case .adamw: 0.01
    case .sgd: 0.5
    case .rmsprop: 0.003
    case .bfgs: 0.1
    }
  }
}

/// The numbers of one step of AdamW.
package struct AdamWStep: Sendable {
  package var rate: Double
  package var beta1 = 0.9
  package var beta2 = 0.99
  package var epsilon = 1e-8
  package var decay: Double
  /// 1 − β1^t and 1 − β2^t.
  package var bias1 = 1.0
  package var bias2 = 1.0
}

/// The optimiser's memory beside the parameters.
package struct OptimiserState<Scalar: RecurrentScalar> {
  private let kind: Optimiser
  /// First and second moments; empty where the optimiser has none.
  var moments: [Scalar]
  var squares: [Scalar]
  var steps = 0

  package init(_ kind: Optimiser, count: Int) {
    self.kind = kind
    moments = Array(repeating: 0, count: kind == .rmsprop ? 0 : count)
    squares = Array(repeating: 0, count: kind == .sgd ? 0 : count)
  }

  /// One step against `scale · gradient`.
  package mutating func update(
    _ parameters: inout [Scalar], _ gradient: [Scalar], scale: Double, rate: Double, decay: Double
  ) {
    steps += 1
    switch kind {
    case .sgd:
      Scalar.momentum(
        parameters.count, parameters: &parameters, gradient: gradient, moments: &moments, scale: Scalar(scale),
        rate: rate, momentum: 0.9, decay: decay)
    case .rmsprop:
      Scalar.rmsProp(
        parameters.count, parameters: &parameters, gradient: gradient, squares: &squares, scale: Scalar(scale),
        rate: rate, share: 0.99, epsilon: 1e-8, decay: decay)
    case .adamw, .bfgs:
      var step = AdamWStep(rate: rate, decay: decay)
      step.bias1 = 1 - pow(step.beta1, Double(steps))
      step.bias2 = 1 - pow(step.beta2, Double(steps))
      Scalar.adamW(
        parameters.count, parameters: &parameters, gradient: gradient, moments: &moments, squares: &squares,
        scale: Scalar(scale), step)
    }
  }
}
