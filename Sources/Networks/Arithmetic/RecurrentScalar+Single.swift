import CKernels

extension Float: RecurrentScalar {
  package static func packedCount(inner: Int, columns: Int) -> Int { ck_packed_count_f(inner, columns) }

  package static func pack(
    inner: Int, columns: Int, _ b: Numbers, innerStride: Int, columnStride: Int, of all: Int,
    into packed: Pointer
  ) {
    ck_pack_f(inner, columns, b, innerStride, columnStride, all, packed)
  }

  package static func product(
    rows: Int, columns: Int, inner: Int, _ a: Numbers, stride: Int, step: Int,
    _ packed: Numbers, plus: Numbers?, plusStride: Int, into c: Pointer, cStride: Int
  ) {
    ck_packed_product_f(rows, columns, inner, a, stride, step, packed, plus, plusStride, c, cStride)
  }

  package static func add(_ count: Int, _ x: Numbers, to y: Pointer) { ck_add_f(count, x, y) }

  package static func sumOfSquares(_ count: Int, _ x: Numbers) -> Double { ck_sum_of_squares_f(count, x) }

  package static func addColumns(rows: Int, columns: Int, _ x: Numbers, to sums: Pointer) {
    ck_add_columns_f(rows, columns, x, sums)
  }

  package static func tanh(_ count: Int, _ h: Pointer) { ck_tanh_f(count, h) }

  package static func tanhBackward(_ count: Int, _ h: Numbers, _ d: Numbers, into out: Pointer) {
    ck_tanh_backward_f(count, h, d, out)
  }

  package static func gatedForward(
    rows: Int, units: Int, gates: Pointer, candidate: Numbers, previous: Numbers,
    state: Pointer
  ) {
    ck_gru_forward_f(rows, units, gates, candidate, previous, state)
  }

  package static func gatedBackward(
    rows: Int, units: Int, gates: Pointer, candidate: Pointer, previous: Numbers, d: Numbers,
    earlier: Pointer?
  ) {
    ck_gru_backward_f(rows, units, gates, candidate, previous, d, earlier)
  }

  package static func memoryForward(
    rows: Int, units: Int, gates: Pointer, previous: Numbers, memory: Pointer, state: Pointer
  ) {
    ck_lstm_forward_f(rows, units, gates, previous, memory, state)
  }

  package static func memoryBackward(
    rows: Int, units: Int, gates: Pointer, previous: Numbers, memory: Numbers,
    d: Numbers, dMemory: Pointer
  ) {
    ck_lstm_backward_f(rows, units, gates, previous, memory, d, dMemory)
  }

  package static func logProbabilities(
    rows: Int, columns: Int, outcomes: Int, stopColumn: Int?, logits: Numbers,
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

  package static func dropout(_ count: Int, key: UInt64, first: Int, drop: Double, _ x: Numbers, into out: Pointer) {
    ck_dropout_f(count, key, first, drop, x, out)
  }

  package static func adamW(
    _ count: Int, parameters: Pointer, gradient: Numbers, moments: Pointer, squares: Pointer,
    scale: Float, _ step: AdamWStep
  ) {
    ck_adamw_f(
      count, parameters, gradient, moments, squares, scale, Float(step.rate), Float(step.beta1), Float(step.beta2),
      Float(step.epsilon), Float(step.decay), Float(step.bias1), Float(step.bias2))
  }

  package static func momentum(
    _ count: Int, parameters: Pointer, gradient: Numbers, moments: Pointer, scale: Float, rate: Double,
    momentum: Double, decay: Double
  ) {
    ck_sgd_f(count, parameters, gradient, moments, scale, Float(rate), Float(momentum), Float(decay))
  }

  package static func rmsProp(
    _ count: Int, parameters: Pointer, gradient: Numbers, squares: Pointer, scale: Float, rate: Double,
    share: Double, epsilon: Double, decay: Double
  ) {
    ck_rmsprop_f(count, parameters, gradient, squares, scale, Float(rate), Float(share), Float(epsilon), Float(decay))
  }

  // MARK: What walks in lockstep need

  package static func inputRows(
    rows: Int, columns: Int, bias: Numbers, table: Numbers, choice: UnsafePointer<Int32>?,
    into out: Pointer
  ) {
    ck_input_rows_f(rows, columns, bias, table, choice, out)
  }

  package static func addFeatures(
    rows: Int, columns: Int, features: Int, _ x: UnsafePointer<Float>, table: Numbers, to out: Pointer
  ) {
    ck_add_features_f(rows, columns, features, x, table, out)
  }

  package static func weights(
    rows: Int, columns: Int, outcomes: Int, elements: Int, logits: Numbers,
    into weights: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    ck_weights_f(rows, columns, outcomes, elements, logits, weights, sums)
  }

  package static func doubles(_ count: Int, _ x: Numbers, into out: UnsafeMutablePointer<Double>) {
    ck_doubles_f(count, x, out)
  }
}
