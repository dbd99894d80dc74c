import CKernels

extension Double: RecurrentScalar {
  package static func packedCount(inner: Int, columns: Int) -> Int { ck_packed_count_d(inner, columns) }

  package static func pack(
    inner: Int, columns: Int, _ b: UnsafePointer<Double>, innerStride: Int, columnStride: Int, of all: Int,
    into packed: Pointer
  ) {
    ck_pack_d(inner, columns, b, innerStride, columnStride, all, packed)
  }

  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Double>, stride: Int, step: Int,
    _ packed: UnsafePointer<Double>, plus: UnsafePointer<Double>?, plusStride: Int, into c: Pointer, cStride: Int
  ) {
    ck_packed_product_d(rows, columns, inner, a, stride, step, packed, plus, plusStride, c, cStride)
  }

  package static func add(_ count: Int, _ x: UnsafePointer<Double>, to y: Pointer) { ck_add_d(count, x, y) }

  package static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Double>) -> Double {
    ck_sum_of_squares_d(count, x)
  }

  package static func addColumns(rows: Int, columns: Int, _ x: UnsafePointer<Double>, to sums: Pointer) {
    ck_add_columns_d(rows, columns, x, sums)
  }

  package static func tanh(_ count: Int, _ h: Pointer) { ck_tanh_d(count, h) }

  package static func tanhBackward(
    _ count: Int, _ h: UnsafePointer<Double>, _ d: UnsafePointer<Double>, into out: Pointer
  ) {
    ck_tanh_backward_d(count, h, d, out)
  }

  package static func gatedForward(
    rows: Int, units: Int, gates: Pointer, candidate: UnsafePointer<Double>, previous: UnsafePointer<Double>,
    state: Pointer
  ) {
    ck_gru_forward_d(rows, units, gates, candidate, previous, state)
  }

  package static func gatedBackward(
    rows: Int, units: Int, gates: Pointer, candidate: Pointer, previous: UnsafePointer<Double>,
    d: UnsafePointer<Double>,
    earlier: Pointer?
  ) {
    ck_gru_backward_d(rows, units, gates, candidate, previous, d, earlier)
  }

  package static func memoryForward(
    rows: Int, units: Int, gates: Pointer, previous: UnsafePointer<Double>, memory: Pointer, state: Pointer
  ) {
    ck_lstm_forward_d(rows, units, gates, previous, memory, state)
  }

  package static func memoryBackward(
    rows: Int, units: Int, gates: Pointer, previous: UnsafePointer<Double>, memory: UnsafePointer<Double>,
    d: UnsafePointer<Double>, dMemory: Pointer
  ) {
    ck_lstm_backward_d(rows, units, gates, previous, memory, d, dMemory)
  }

  package static func logProbabilities(
    rows: Int, columns: Int, outcomes: Int, stopColumn: Int?, logits: UnsafePointer<Double>,
    targets: UnsafePointer<Int32>, target: UnsafeMutablePointer<Double>, stop: UnsafeMutablePointer<Double>,
    continuing: UnsafeMutablePointer<Double>
  ) {
    ck_log_probabilities_d(rows, columns, outcomes, stopColumn ?? -1, logits, targets, target, stop, continuing)
  }

  package static func lossGradient(
    rows: Int, columns: Int, outcomes: Int, logits: Pointer, targets: UnsafePointer<Int32>
  ) -> Double {
    ck_loss_gradient_d(rows, columns, outcomes, logits, targets)
  }

  package static func dropout(
    _ count: Int, key: UInt64, first: Int, drop: Double, _ x: UnsafePointer<Double>, into out: Pointer
  ) {
    ck_dropout_d(count, key, first, drop, x, out)
  }

  package static func adamW(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Double>, moments: Pointer, squares: Pointer,
    scale: Double, _ step: AdamWStep
  ) {
    ck_adamw_d(
      count, parameters, gradient, moments, squares, scale, Double(step.rate), Double(step.beta1), Double(step.beta2),
      Double(step.epsilon), Double(step.decay), Double(step.bias1), Double(step.bias2))
  }

  package static func momentum(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Double>, moments: Pointer, scale: Double, rate: Double,
    momentum: Double, decay: Double
  ) {
    ck_sgd_d(count, parameters, gradient, moments, scale, Double(rate), Double(momentum), Double(decay))
  }

  package static func rmsProp(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Double>, squares: Pointer, scale: Double, rate: Double,
    share: Double, epsilon: Double, decay: Double
  ) {
    ck_rmsprop_d(
      count, parameters, gradient, squares, scale, Double(rate), Double(share), Double(epsilon), Double(decay))
  }
}
