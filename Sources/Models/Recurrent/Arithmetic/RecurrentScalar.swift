/// The precision of a recurrent network: `Float` for training, `Double` for checks. All arithmetic over arrays goes
/// through here, to OpenBLAS or to this package's kernels. Matrices are row-major.
public protocol RecurrentScalar: BinaryFloatingPoint, Sendable {
  typealias Pointer = UnsafeMutablePointer<Self>

  /// c (rows × columns) = a · b + β c, where a is rows × inner and b inner × columns, each as it stands or transposed.
  static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Self>, strideA: Int, transposedA: Bool,
    _ b: UnsafePointer<Self>, strideB: Int, transposedB: Bool, beta: Self, _ c: Pointer, strideC: Int)

  /// The numbers that a packed matrix (inner × columns) takes.
  static func packedCount(inner: Int, columns: Int) -> Int
  /// Packs a matrix whose element (p, j) is at b[p · innerStride + j · columnStride].
  static func pack(
    inner: Int, columns: Int, _ b: UnsafePointer<Self>, innerStride: Int, columnStride: Int, into packed: Pointer)
  /// c (rows × columns) += a (rows × inner) · a packed matrix; each row is the same to the bit, however many there are.
  static func multiplyPacked(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Self>, _ packed: UnsafePointer<Self>, addingTo c: Pointer)
  /// out (rows × columns) = bias + the chosen row of `table`, if any.
  static func inputRows(
    rows: Int, columns: Int, bias: UnsafePointer<Self>, table: UnsafePointer<Self>, choice: UnsafePointer<Int32>?,
    into out: Pointer)
  /// out (rows × columns) += x (rows × features) · table, for x that are mostly zero.
  static func addFeatures(
    rows: Int, columns: Int, features: Int, _ x: UnsafePointer<Float>, table: UnsafePointer<Self>, to out: Pointer)
  /// e^(logit − the row's largest) of the outcomes, the other logits as they are; and the sum of the first `elements`.
  static func weights(
    rows: Int, columns: Int, outcomes: Int, elements: Int, logits: UnsafePointer<Self>,
    into weights: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>)
  static func doubles(_ count: Int, _ x: UnsafePointer<Self>, into out: UnsafeMutablePointer<Double>)

  static func add(_ count: Int, _ x: UnsafePointer<Self>, to y: Pointer)
  static func add(_ count: Int, _ factor: Self, times x: UnsafePointer<Self>, to y: Pointer)
  static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Self>) -> Double
  static func addColumns(rows: Int, columns: Int, _ x: UnsafePointer<Self>, to sums: Pointer)
  static func tanh(_ count: Int, _ h: Pointer)
  static func tanhBackward(_ count: Int, _ h: UnsafePointer<Self>, _ d: Pointer)
  static func gatedForward(
    rows: Int, units: Int, gates: Pointer, recurrent: UnsafePointer<Self>, candidate: Pointer,
    previous: UnsafePointer<Self>, state: Pointer)
  static func gatedBackward(
    rows: Int, units: Int, gates: Pointer, candidate: Pointer, previous: UnsafePointer<Self>, d: Pointer)
  static func memoryForward(
    rows: Int, units: Int, gates: Pointer, previous: UnsafePointer<Self>, memory: Pointer, state: Pointer)
  static func memoryBackward(
    rows: Int, units: Int, gates: Pointer, previous: UnsafePointer<Self>, memory: UnsafePointer<Self>,
    d: UnsafePointer<Self>, dMemory: Pointer)
  static func logProbabilities(
    rows: Int, columns: Int, outcomes: Int, stopColumn: Int?, logits: UnsafePointer<Self>,
    targets: UnsafePointer<Int32>, target: UnsafeMutablePointer<Double>, stop: UnsafeMutablePointer<Double>,
    goOn: UnsafeMutablePointer<Double>)
  static func lossGradient(
    rows: Int, columns: Int, outcomes: Int, logits: Pointer, targets: UnsafePointer<Int32>
  ) -> Double
  static func dropout(
    _ count: Int, key: UInt64, first: Int, drop: Double, _ x: UnsafePointer<Self>, into out: Pointer)
  static func adamW(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Self>, moments: Pointer, squares: Pointer,
    scale: Self, _ step: AdamWStep)
  static func momentum(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Self>, moments: Pointer, scale: Self, rate: Double,
    momentum: Double, decay: Double)
  static func rmsProp(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Self>, squares: Pointer, scale: Self, rate: Double,
    share: Double, epsilon: Double, decay: Double)
}
