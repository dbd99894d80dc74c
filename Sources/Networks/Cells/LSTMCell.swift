/// The long short-term memory of Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000), in the
/// gate order of PyTorch, with one bias (Goodfellow, Bengio and Courville 2016, equations 10.40 to 10.44):
///
///     i = σ(U_i x + W_i h(t−1) + b_i)              input
///     f = σ(U_f x + W_f h(t−1) + b_f)              forget
///     g = tanh(U_g x + W_g h(t−1) + b_g)           candidate
///     o = σ(U_o x + W_o h(t−1) + b_o)              output
///     c(t) = f ∘ c(t−1) + i ∘ g,   h(t) = o ∘ tanh c(t)
///
/// The forget gate's bias begins at 1 (Jozefowicz, Zaremba and Sutskever 2015).
package enum LSTMCell: RecurrentCell {
  package static let name = "lstm"
  package static let summary = "a recurrent network of h long short-term memories (LSTM); options as for rnn"
  package static let gateNames = ["i", "f", "g", "o"]
  package static let hasMemory = true
  package static let openGate: Int? = 1

  package static func forward<Scalar>(_ step: CellStep<Scalar>) {
    if !step.previousIsZero {
      step.weights[0].multiply(step.rows, step.previous, plus: step.gates, plusStride: 4 * step.units, into: step.gates)
    }
    Scalar.memoryForward(
      rows: step.rows, units: step.units, gates: step.gates, previous: step.previousMemory, memory: step.auxiliary,
      state: step.state)
  }

  /// ∂L/∂c(t) = what comes back + ∂L/∂h(t) ∘ o ∘ (1 − tanh² c(t)), from it the gates' derivatives and
  /// ∂L/∂c(t−1) = f ∘ ∂L/∂c(t); ∂L/∂h(t−1) += Wᵀ ∂L/∂(i, f, g, o), taken before the nonlinearities.
  package static func backward<Scalar>(_ step: CellStep<Scalar>, _ derivatives: CellDerivatives<Scalar>) {
    Scalar.memoryBackward(
      rows: step.rows, units: step.units, gates: step.gates, previous: step.previousMemory, memory: step.auxiliary,
      d: derivatives.state, dMemory: derivatives.memory)
    guard let earlier = derivatives.earlier else { return }
    step.weights[0].multiplyTransposed(step.rows, step.gates, stride: 4 * step.units, plus: earlier, into: earlier)
  }

  package static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.addOuterProducts(rows: rows, gates, n: 4 * units, stride: 4 * units, previous, columns: units, to: gradient)
  }
}
