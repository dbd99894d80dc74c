import CGSL

/// A discrete distribution laid out so that a draw takes the same short time however many outcomes there are (Walker
/// 1977; GSL's `gsl_ran_discrete`).
package final class AliasTable: @unchecked Sendable {
  /// Written once; drawing only reads it.
  private let table: UnsafeMutablePointer<gsl_ran_discrete_t>

  /// O(outcomes).
  /// - Parameter weights: ≥ 0 and finite, with a positive sum.
  /// - Throws: `GSLError` where there is no memory for it.
  package init(weights: [Double]) throws {
    precondition(weights.allSatisfy { $0 >= 0 && $0.isFinite } && weights.contains { $0 > 0 })
    GSL.start()
    guard let table = gsl_ran_discrete_preproc(weights.count, weights) else {
      throw GSLError(status: Int32(GSL_ENOMEM))
    }
    self.table = table
  }

  deinit { gsl_ran_discrete_free(table) }

  /// An outcome.
  package func sample(_ stream: inout RandomStream) -> Int { stream.withGSL { Int(gsl_ran_discrete($0, table)) } }
}
