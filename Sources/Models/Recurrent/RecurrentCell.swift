/// The pointers of one step for `rows` sequences of a batch, h units and g rows of gates.
public struct CellStep<Scalar: RecurrentScalar> {
  let rows: Int
  let units: Int
  /// W, g × h.
  let weights: UnsafePointer<Scalar>
  /// rows × g: before the step the inputs' part b + U y(t−1) + S s(t); afterwards whatever the cell wants to keep;
  /// after the backward step ∂L/∂ of that part.
  let gates: UnsafeMutablePointer<Scalar>
  /// rows × h, the cell's to use.
  let auxiliary: UnsafeMutablePointer<Scalar>
  /// rows × g, scratch.
  let scratch: UnsafeMutablePointer<Scalar>
  /// rows × h: h(t−1).
  let previous: UnsafeMutablePointer<Scalar>
  let previousIsZero: Bool
  /// rows × h: h(t).
  let state: UnsafeMutablePointer<Scalar>
}

/// A recurrent cell h(t) = f(h(t−1), inputs): forwards, backwards, and the gradient of its recurrent weights.
public protocol RecurrentCell: Sendable {
  /// The word of the family.
  static var name: String { get }
  /// g / h: 1 for tanh, 3 for a gated unit.
  static var gates: Int { get }

  static func forward<Scalar>(_ step: CellStep<Scalar>)

  /// - Parameter d: rows × h: ∂L/∂h(t); receives ∂L/∂h(t−1).
  static func backward<Scalar>(_ step: CellStep<Scalar>, d: UnsafeMutablePointer<Scalar>)

  /// Adds ∂L/∂W over `rows` rows that have gone backwards.
  static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>)
}
