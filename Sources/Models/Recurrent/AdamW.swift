import Foundation

/// The numbers of one step of Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019).
public struct AdamWStep: Sendable {
  public var rate: Double
  public var beta1 = 0.9
  public var beta2 = 0.99
  public var epsilon = 1e-8
  public var decay: Double
  /// 1 − β1^t and 1 − β2^t.
  public var bias1 = 1.0
  public var bias2 = 1.0
}

/// The optimiser's memory beside the parameters.
package struct AdamWState<Scalar: RecurrentScalar> {
  private var moments: [Scalar]
  private var squares: [Scalar]
  private var steps = 0

  package init(_ count: Int) {
    moments = Array(repeating: 0, count: count)
    squares = moments
  }

  /// One step against `scale · gradient`.
  package mutating func update(
    _ parameters: inout [Scalar], _ gradient: [Scalar], scale: Double, rate: Double, decay: Double
  ) {
    steps += 1
    var step = AdamWStep(rate: rate, decay: decay)
    step.bias1 = 1 - pow(step.beta1, Double(steps))
    step.bias2 = 1 - pow(step.beta2, Double(steps))
    Scalar.adamW(
      parameters.count, parameters: &parameters, gradient: gradient, moments: &moments, squares: &squares,
      scale: Scalar(scale), step)
  }
}
