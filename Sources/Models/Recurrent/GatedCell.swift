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
    let width = 3 * step.units
    if step.previousIsZero {
      let bytes = step.rows * width * MemoryLayout<Scalar>.stride
      UnsafeMutableRawPointer(step.scratch).initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    } else {
      Scalar.multiply(
        rows: step.rows, columns: width, inner: step.units, step.previous, strideA: step.units, transposedA: false,
        step.weights, strideB: step.units, transposedB: true, beta: 0, step.scratch, strideC: width)
    }
    Scalar.gatedForward(
      rows: step.rows, units: step.units, gates: step.gates, recurrent: step.scratch, candidate: step.auxiliary,
      previous: step.previous, state: step.state)
  }

  /// ∂L/∂h(t−1) = z ∘ ∂L/∂h(t) + W_rᵀ ∂r + W_zᵀ ∂z + W_nᵀ (r ∘ ∂n), the ∂s taken before the nonlinearities.
  public static func backward<Scalar>(_ step: CellStep<Scalar>, d: UnsafeMutablePointer<Scalar>) {
    let units = step.units
    Scalar.gatedBackward(
      rows: step.rows, units: units, gates: step.gates, candidate: step.auxiliary, previous: step.previous, d: d)
    guard !step.previousIsZero else { return }
    Scalar.multiply(
      rows: step.rows, columns: units, inner: 2 * units, step.gates, strideA: 3 * units, transposedA: false,
      step.weights, strideB: units, transposedB: false, beta: 1, d, strideC: units)
    Scalar.multiply(
      rows: step.rows, columns: units, inner: units, step.auxiliary, strideA: units, transposedA: false,
      step.weights + 2 * units * units, strideB: units, transposedB: false, beta: 1, d, strideC: units)
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
