import CKernels

// What walks in lockstep need.
extension Float {
  package static func inputRows(
    rows: Int, columns: Int, bias: UnsafePointer<Float>, table: UnsafePointer<Float>, choice: UnsafePointer<Int32>?,
    into out: Pointer
  ) {
    ck_input_rows_f(rows, columns, bias, table, choice, out)
  }

  package static func addFeatures(
    rows: Int, columns: Int, features: Int, _ x: UnsafePointer<Float>, table: UnsafePointer<Float>, to out: Pointer
  ) {
    ck_add_features_f(rows, columns, features, x, table, out)
  }

  package static func weights(
    rows: Int, columns: Int, outcomes: Int, elements: Int, logits: UnsafePointer<Float>,
    into weights: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    ck_weights_f(rows, columns, outcomes, elements, logits, weights, sums)
  }

  package static func doubles(_ count: Int, _ x: UnsafePointer<Float>, into out: UnsafeMutablePointer<Double>) {
    ck_doubles_f(count, x, out)
  }
}
