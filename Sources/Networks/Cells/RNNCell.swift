/// The recurrent network of Goodfellow, Bengio and Courville (2016), equations 10.8 and 10.9:
///
///     a(t) = b + W h(t−1) + U x(t),   h(t) = tanh a(t)
package enum RNNCell: RecurrentCell {
  package static let name = "rnn"
  package static let summary =
    "a recurrent network of h tanh units, trained by back-propagation through time; options, with their defaults first:\n"
    + "\(RecurrentArchitecture.help)\n\(RecurrentTraining.help)"
  package static let gateNames = ["h"]

  package static func forward<Scalar>(_ step: CellStep<Scalar>) {
    if step.previousIsZero {
      step.state.update(from: step.gates, count: step.rows * step.units)
    } else {
      step.weights[0].multiply(step.rows, step.previous, plus: step.gates, plusStride: step.units, into: step.state)
    }
    Scalar.tanh(step.rows * step.units, step.state)
  }

  /// Equation 10.21's recursion: ∂L/∂a(t) = diag(1 − h(t)²) ∂L/∂h(t), and ∂L/∂h(t−1) += Wᵀ ∂L/∂a(t).
  package static func backward<Scalar>(_ step: CellStep<Scalar>, _ derivatives: CellDerivatives<Scalar>) {
    Scalar.tanhBackward(step.rows * step.units, step.state, derivatives.state, into: step.gates)
    guard let earlier = derivatives.earlier else { return }
    step.weights[0].multiplyTransposed(step.rows, step.gates, stride: step.units, plus: earlier, into: earlier)
  }

  /// Equation 10.26: ∂L/∂W = Σ_t diag(1 − h(t)²) ∂L/∂h(t) h(t−1)ᵀ.
  package static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.addOuterProducts(rows: rows, gates, n: units, stride: units, previous, columns: units, to: gradient)
  }
}
