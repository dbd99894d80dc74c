import CKernels

extension Float: RecurrentScalar {
  package static func packedCount(inner: Int, columns: Int) -> Int { ck_packed_count_f(inner, columns) }

  package static func pack(
    inner: Int, columns: Int, _ b: UnsafePointer<Float>, innerStride: Int, columnStride: Int, of all: Int,
    into packed: Pointer
  ) {
    ck_pack_f(inner, columns, b, innerStride, columnStride, all, packed)
  }

  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, stride: Int, step: Int,
    _ packed: UnsafePointer<Float>, plus: UnsafePointer<Float>?, plusStride: Int, into c: Pointer, cStride: Int
  ) {
    ck_packed_product_f(rows, columns, inner, a, stride, step, packed, plus, plusStride, c, cStride)
  }

  package static func add(_ count: Int, _ x: UnsafePointer<Float>, to y: Pointer) { ck_add_f(count, x, y) }

  package static func sumOfSquares(_ count: Int, _ x: UnsafePointer<Float>) -> Double {
    ck_sum_of_squares_f(count, x)
  }

  package static func addColumns(rows: Int, columns: Int, _ x: UnsafePointer<Float>, to sums: Pointer) {
    ck_add_columns_f(rows, columns, x, sums)
  }

  package static func tanh(_ count: Int, _ h: Pointer) { ck_tanh_f(count, h) }

  package static func tanhBackward(
    _ count: Int, _ h: UnsafePointer<Float>, _ d: UnsafePointer<Float>, into out: Pointer
  ) {
    ck_tanh_backward_f(count, h, d, out)
  }

  package static func gatedForward(
    rows: Int, units: Int, gates: Pointer, candidate: UnsafePointer<Float>, previous: UnsafePointer<Float>,
    state: Pointer
  ) {
    ck_gru_forward_f(rows, units, gates, candidate, previous, state)
  }

  package static func gatedBackward(
    rows: Int, units: Int, gates: Pointer, candidate: Pointer, previous: UnsafePointer<Float>, d: UnsafePointer<Float>,
    earlier: Pointer?
  ) {
    ck_gru_backward_f(rows, units, gates, candidate, previous, d, earlier)
  }

  package static func memoryForward(
    rows: Int, units: Int, gates: Pointer, previous: UnsafePointer<Float>, memory: Pointer, state: Pointer
  ) {
    ck_lstm_forward_f(rows, units, gates, previous, memory, state)
  }

  package static func memoryBackward(
    rows: Int, units: Int, gates: Pointer, previous: UnsafePointer<Float>, memory: UnsafePointer<Float>,
    d: UnsafePointer<Float>, dMemory: Pointer
  ) {
    ck_lstm_backward_f(rows, units, gates, previous, memory, d, dMemory)
  }

  package static func logProbabilities(
    rows: Int, columns: Int, outcomes: Int, stopColumn: Int?, logits: UnsafePointer<Float>,
    targets: UnsafePointer<Int32>, target: UnsafeMutablePointer<Double>, stop: UnsafeMutablePointer<Double>,
    continuing: UnsafeMutablePointer<Double>
  ) {
    ck_log_probabilities_f(rows, columns, outcomes, stopColumn ?? -1, logits, targets, target, stop, continuing)
  }

  package static func lossGradient(
    rows: Int, columns: Int, outcomes: Int, logits: Pointer, targets: UnsafePointer<Int32>
  ) -> Double {
    ck_loss_gradient_f(rows, columns, outcomes, logits, targets)
  }

  package static func dropout(
    _ count: Int, key: UInt64, first: Int, drop: Double, _ x: UnsafePointer<Float>, into out: Pointer
  ) {
    ck_dropout_f(count, key, first, drop, x, out)
  }

  package static func adamW(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Float>, moments: Pointer, squares: Pointer,
    scale: Float, _ step: AdamWStep
  ) {
    ck_adamw_f(
      count, parameters, gradient, moments, squares, scale, Float(step.rate), Float(step.beta1), Float(step.beta2),
      Float(step.epsilon), Float(step.decay), Float(step.bias1), Float(step.bias2))
  }

  package static func momentum(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Float>, moments: Pointer, scale: Float, rate: Double,
    momentum: Double, decay: Double
  ) {
    ck_sgd_f(count, parameters, gradient, moments, scale, Float(rate), Float(momentum), Float(decay))
  }

  package static func rmsProp(
    _ count: Int, parameters: Pointer, gradient: UnsafePointer<Float>, squares: Pointer, scale: Float, rate: Double,
    share: Double, epsilon: Double, decay: Double
  ) {
    ck_rmsprop_f(count, parameters, gradient, squares, scale, Float(rate), Float(share), Float(epsilon), Float(decay))
  }
}
