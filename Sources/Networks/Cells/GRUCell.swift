/// The gated recurrent unit of Cho et al. (2014), in the form and gate order of PyTorch, with one bias:
///
///     r = σ(U_r x + W_r h(t−1) + b_r)              reset
///     z = σ(U_z x + W_z h(t−1) + b_z)              update
///     n = tanh(U_n x + r ∘ (W_n h(t−1)) + b_n)     candidate
///     h(t) = (1 − z) ∘ n + z ∘ h(t−1)
package enum GRUCell: RecurrentCell {
  package static let name = "gru"
  package static let summary = "a recurrent network of h gated units (GRU); options as for rnn"
  package static let gateNames = ["r", "z", "n"]
  /// W_n h(t−1) meets r before it meets the inputs' part, and so does the derivative on its way back.
  package static let parts = [2, 1]

  package static func forward<Scalar>(_ step: CellStep<Scalar>) {
    if step.previousIsZero {
      clear(step.auxiliary, step.rows * step.units)
    } else {
      let stride = 3 * step.units
      step.weights[0].multiply(
        step.rows, step.previous, plus: step.gates, plusStride: stride, into: step.gates, stride: stride)
      step.weights[1].multiply(step.rows, step.previous, plus: nil, plusStride: 0, into: step.auxiliary)
    }
    Scalar.gatedForward(
      rows: step.rows, units: step.units, gates: step.gates, candidate: step.auxiliary, previous: step.previous,
      state: step.state)
  }

  /// ∂L/∂h(t−1) += z ∘ ∂L/∂h(t) + W_rᵀ ∂r + W_zᵀ ∂z + W_nᵀ (r ∘ ∂n), the ∂s taken before the nonlinearities.
  package static func backward<Scalar>(_ step: CellStep<Scalar>, _ derivatives: CellDerivatives<Scalar>) {
    let units = step.units
    Scalar.gatedBackward(
      rows: step.rows, units: units, gates: step.gates, candidate: step.auxiliary, previous: step.previous,
      d: derivatives.state, earlier: derivatives.earlier)
    guard let earlier = derivatives.earlier else { return }
    step.weights[0].multiplyTransposed(step.rows, step.gates, stride: 3 * units, plus: earlier, into: earlier)
    step.weights[1].multiplyTransposed(step.rows, step.auxiliary, stride: units, plus: earlier, into: earlier)
  }

  package static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.addOuterProducts(rows: rows, gates, n: 2 * units, stride: 3 * units, previous, columns: units, to: gradient)
    Scalar.addOuterProducts(
      rows: rows, auxiliary, n: units, stride: units, previous, columns: units, to: gradient + 2 * units * units)
  }
}
