/// The gated recurrent unit of Cho et al. (2014), in the form and gate order of PyTorch, with one bias:
///
///     r = σ(U_r x + W_r h(t−1) + b_r)              reset
///     z = σ(U_z x + W_z h(t−1) + b_z)              update
///     n = tanh(U_n x + r ∘ (W_n h(t−1)) + b_n)     candidate
///     h(t) = (1 − z) ∘ n + z ∘ h(t−1)
public enum GatedCell: RecurrentCell {
  public static let name = "gru"
  public static let gates = 3

  public static func forward<Scalar>(_ step: CellStep<Scalar>) {
    step.scratch.clear(step.rows * 3 * step.units)
    if !step.previousIsZero { step.weights.add(rows: step.rows, step.previous, to: step.scratch) }
    Scalar.gatedForward(
      rows: step.rows, units: step.units, gates: step.gates, recurrent: step.scratch, candidate: step.auxiliary,
      previous: step.previous, state: step.state)
  }

  /// ∂L/∂h(t−1) = z ∘ ∂L/∂h(t) + W_rᵀ ∂r + W_zᵀ ∂z + W_nᵀ (r ∘ ∂n), the ∂s taken before the nonlinearities.
  public static func backward<Scalar>(_ step: CellStep<Scalar>, _ derivatives: CellDerivatives<Scalar>) {
    let units = step.units
    Scalar.gatedBackward(
      rows: step.rows, units: units, gates: step.gates, candidate: step.auxiliary, previous: step.previous,
      d: derivatives.state)
    guard derivatives.reachesBack else { return }
    step.weights.transposed(
      rows: step.rows, step.gates, gates: 0..<2 * units, stride: 3 * units, beta: 1, derivatives.state)
    step.weights.transposed(
      rows: step.rows, step.auxiliary, gates: 2 * units..<3 * units, stride: units, beta: 1, derivatives.state)
  }

  public static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.multiply(
      rows: 2 * units, columns: units, inner: rows, gates, strideA: 3 * units, transposedA: true, previous,
      strideB: units, transposedB: false, beta: 1, gradient, strideC: units)
    Scalar.multiply(
      rows: units, columns: units, inner: rows, auxiliary, strideA: units, transposedA: true, previous,
      strideB: units, transposedB: false, beta: 1, gradient + 2 * units * units, strideC: units)
  }
}
