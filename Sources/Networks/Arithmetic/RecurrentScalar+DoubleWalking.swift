import CKernels

// What walks in lockstep need.
extension Double {
  package static func inputRows(
    rows: Int, columns: Int, bias: UnsafePointer<Double>, table: UnsafePointer<Double>, choice: UnsafePointer<Int32>?,
    into out: Pointer
  ) {
    ck_input_rows_d(rows, columns, bias, table, choice, out)
  }

  package static func addFeatures(
    rows: Int, columns: Int, features: Int, _ x: UnsafePointer<Float>, table: UnsafePointer<Double>, to out: Pointer
  ) {
    ck_add_features_d(rows, columns, features, x, table, out)
  }

  package static func weights(
    rows: Int, columns: Int, outcomes: Int, elements: Int, logits: UnsafePointer<Double>,
    into weights: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    ck_weights_d(rows, columns, outcomes, elements, logits, weights, sums)
  }

  package static func doubles(_ count: Int, _ x: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>) {
    ck_doubles_d(count, x, out)
  }
}
