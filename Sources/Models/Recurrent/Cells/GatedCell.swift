/// The gated recurrent unit of Cho et al. (2014), in the form and gate order of PyTorch, with one bias:
///
///     r = σ(U_r x + W_r h(t−1) + b_r)              reset
///     z = σ(U_z x + W_z h(t−1) + b_z)              update
///     n = tanh(U_n x + r ∘ (W_n h(t−1)) + b_n)     candidate
///     h(t) = (1 − z) ∘ n + z ∘ h(t−1)
public enum GatedCell: RecurrentCell {
  public static let name = "gru"
  public static let gates = 3
  /// The candidate's derivative passes r on its way to h(t−1), not on its way to the inputs.
  public static let splitGates: Int? = 2

  public static func forward<Scalar>(_ step: CellStep<Scalar>) {
    clear(step.scratch, step.rows * 3 * step.units)
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
    step.weights.addTransposed(
      rows: step.rows, upper: step.gates, stride: 3 * units, lower: step.auxiliary, stride: units, to: derivatives.state
    )
  }

  public static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.addOuterProducts(rows: rows, gates, n: 2 * units, stride: 3 * units, previous, columns: units, to: gradient)
    Scalar.addOuterProducts(
      rows: rows, auxiliary, n: units, stride: units, previous, columns: units, to: gradient + 2 * units * units)
  }
}
