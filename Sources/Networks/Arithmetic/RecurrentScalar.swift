/// The precision of a recurrent network: `Float` for training, `Double` for checks. All arithmetic over arrays goes
/// through here, to this package's kernels. Matrices are row-major.
package protocol RecurrentScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  typealias Pointer = UnsafeMutablePointer<Self>
  typealias Numbers = UnsafePointer<Self>

  /// The numbers that a packed matrix takes.
  static func packedCount(inner: Int, columns: Int) -> Int

  /// Packs b (inner × columns), whose element (p, j) is at p × innerStride + j × columnStride, for `product`: all of a
  /// matrix, or some of its `all` rows, of which row p begins at `packed` + packedCount(inner: p, columns: 1).
  static func pack(
    inner: Int, columns: Int, _ b: Numbers, innerStride: Int, columnStride: Int, of all: Int,
    into packed: Pointer)

  /// c (rows × columns) = plus + a · b. Element (i, p) of a is at i × stride + p × step, one of which is 1; what is added has a row every
  /// `plusStride` numbers (0: one row for all; `nil`: nothing), and may be c itself. A row of c is the same to the bit
  /// however many rows there are.
  static func product(
    rows: Int, columns: Int, inner: Int, _ a: Numbers, stride: Int, step: Int,
    _ packed: Numbers, plus: Numbers?, plusStride: Int, into c: Pointer, cStride: Int)

  /// out (rows × columns) = bias + the chosen row of `table`, if any.
  static func inputRows(
    rows: Int, columns: Int, bias: Numbers, table: Numbers, choice: UnsafePointer<Int32>?,
    into out: Pointer)
  /// out (rows × columns) += x (rows × features) · table, for x that are mostly zero.
  static func addFeatures(
    rows: Int, columns: Int, features: Int, _ x: UnsafePointer<Float>, table: Numbers, to out: Pointer)
  /// e^(logit − the row's largest) of the outcomes, the other logits as they are; and the sum of the first `elements`.
  static func weights(
    rows: Int, columns: Int, outcomes: Int, elements: Int, logits: Numbers,
    into weights: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>)
  static func doubles(_ count: Int, _ x: Numbers, into out: UnsafeMutablePointer<Double>)

  static func add(_ count: Int, _ x: Numbers, to y: Pointer)
  static func sumOfSquares(_ count: Int, _ x: Numbers) -> Double
  static func addColumns(rows: Int, columns: Int, _ x: Numbers, to sums: Pointer)
  static func tanh(_ count: Int, _ h: Pointer)
  static func tanhBackward(_ count: Int, _ h: Numbers, _ d: Numbers, into out: Pointer)
  static func gatedForward(rows: Int, units: Int, gates: Pointer, candidate: Numbers, previous: Numbers, state: Pointer)
  static func gatedBackward(
    rows: Int, units: Int, gates: Pointer, candidate: Pointer, previous: Numbers, d: Numbers,
    earlier: Pointer?)
  static func memoryForward(rows: Int, units: Int, gates: Pointer, previous: Numbers, memory: Pointer, state: Pointer)
  static func memoryBackward(
    rows: Int, units: Int, gates: Pointer, previous: Numbers, memory: Numbers,
    d: Numbers, dMemory: Pointer)
  static func logProbabilities(
    rows: Int, columns: Int, outcomes: Int, stopColumn: Int?, logits: Numbers,
    targets: UnsafePointer<Int32>, target: UnsafeMutablePointer<Double>, stop: UnsafeMutablePointer<Double>,
    continuing: UnsafeMutablePointer<Double>)
  static func lossGradient(
    rows: Int, columns: Int, outcomes: Int, logits: Pointer, targets: UnsafePointer<Int32>
  ) -> Double
  static func dropout(_ count: Int, key: UInt64, first: Int, drop: Double, _ x: Numbers, into out: Pointer)
  static func adamW(
    _ count: Int, parameters: Pointer, gradient: Numbers, moments: Pointer, squares: Pointer,
    scale: Self, _ step: AdamWStep)
  static func momentum(
    _ count: Int, parameters: Pointer, gradient: Numbers, moments: Pointer, scale: Self, rate: Double,
    momentum: Double, decay: Double)
  static func rmsProp(
    _ count: Int, parameters: Pointer, gradient: Numbers, squares: Pointer, scale: Self, rate: Double,
    share: Double, epsilon: Double, decay: Double)
}

extension RecurrentScalar {
  /// gradient (n × columns) += Σ d hᵀ over `rows` rows: d holds n numbers a row, a row every `stride` numbers; h is
  /// rows × columns, packed.
  static func addOuterProducts(
    rows: Int, _ d: Numbers, n: Int, stride: Int, _ packed: Numbers, columns: Int,
    to gradient: Pointer
  ) {
    product(
      rows: n, columns: columns, inner: rows, d, stride: 1, step: stride, packed, plus: gradient, plusStride: columns,
      into: gradient, cStride: columns)
  }
}
