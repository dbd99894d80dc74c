/// The pointers of one step for `rows` sequences of a batch, h units and g rows of gates.
package struct CellStep<Scalar: RecurrentScalar> {
  let rows: Int
  let units: Int
  /// W, g × h, in the cell's parts.
  let weights: [WeightMatrix<Scalar>]
  /// rows × g: before the step the inputs' part b + U x(t); afterwards whatever the cell wants to keep; after the
  /// backward step ∂L/∂ of that part.
  let gates: UnsafeMutablePointer<Scalar>
  /// rows × h, the cell's to use; c(t) for a cell with a memory.
  let auxiliary: UnsafeMutablePointer<Scalar>
  /// rows × h: h(t−1).
  let previous: UnsafePointer<Scalar>
  /// rows × h: c(t−1), for a cell with a memory.
  let previousMemory: UnsafePointer<Scalar>
  /// Whether h(t−1) is zero, so that W h(t−1) need not be computed.
  let previousIsZero: Bool
  /// rows × h: h(t).
  let state: UnsafeMutablePointer<Scalar>
}

/// What comes back through one step.
package struct CellDerivatives<Scalar: RecurrentScalar> {
  /// rows × h: ∂L/∂h(t).
  let state: UnsafePointer<Scalar>
  /// rows × h: ∂L/∂h(t−1), to which the part that comes through this step is added; `nil` before the first step.
  let earlier: UnsafeMutablePointer<Scalar>?
  /// rows × h: what comes back to c(t) from later steps; receives ∂L/∂c(t−1).
  let memory: UnsafeMutablePointer<Scalar>
}

/// A recurrent cell h(t) = f(h(t−1), inputs): forwards, backwards, and the gradient of its recurrent weights.
package protocol RecurrentCell: Sendable {
  /// The word of the family.
  static var name: String { get }
  /// What the help page says of its networks.
  static var summary: String { get }
  /// The gates in the order of W's rows: h of a tanh cell; r, z, n of a gated unit; i, f, g, o of a long short-term memory.
  static var gateNames: [String] { get }
  /// Whether a second vector c(t) is carried beside h(t).
  static var hasMemory: Bool { get }
  /// The gates whose rows of W are multiplied at once, part after part.
  static var parts: [Int] { get }
  /// The gate whose bias begins at 1 instead of 0, if there is one.
  static var openGate: Int? { get }

  static func forward<Scalar>(_ step: CellStep<Scalar>)

  static func backward<Scalar>(_ step: CellStep<Scalar>, _ derivatives: CellDerivatives<Scalar>)

  /// Adds ∂L/∂W over `rows` rows that have gone backwards.
  /// - Parameter previous: h(t−1), rows × h, packed.
  static func addWeightGradient<Scalar: RecurrentScalar>(
    rows: Int, units: Int, gates: UnsafePointer<Scalar>, auxiliary: UnsafePointer<Scalar>,
    previous: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>)
}

extension RecurrentCell {
  package static var hasMemory: Bool { false }
  package static var openGate: Int? { nil }
  package static var parts: [Int] { [gates] }
  /// g / h.
  package static var gates: Int { gateNames.count }
  /// The vectors of h numbers that a layer carries from step to step.
  static var carried: Int { hasMemory ? 2 : 1 }
}
