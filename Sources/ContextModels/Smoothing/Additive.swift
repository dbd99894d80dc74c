import ModelCore

/// `add:α`: (count + α) / (total + α · outcomes) in the full context: the mean under a symmetric Dirichlet prior
/// (Laplace for α = 1, Jeffreys and Krichevsky–Trofimov for α = 1/2). `add:auto` finds α.
package struct Additive: Smoother {
  package static let name = "add"
  package static let examples = ["add:1", "add:0.1", "add:auto"]
  package static let summary = "add:α adds α to each count of the full context (α = 1); add:auto finds α"

  /// α ≥ 0, or `nil` where it is to be found.
  package let added: Double?

  init(_ added: Double) { self.added = added }

  package init(parameter: String?) throws {
    if parameter == "auto" {
      added = nil
      return
    }
    guard let parameter else {
      added = 1
      return
    }
    // With far larger ones, their sums would not be finite.
    guard let number = Double(parameter), number > 0, number <= 1e100 else {
      throw SpecificationError.malformed(
        "smoothing=add:\(parameter): α must be a number above 0 and at most 1e100, as in add:0.5, or auto")
    }
    added = number
  }

  package var word: String { added == nil ? "\(Self.name):auto" : Self.word(added) }

  package var usesLowerOrders: Bool { false }
  package var ranges: [ParameterRange?] { added == nil ? [.positive] : [] }
  package var needsTuning: Bool { added == nil }
  package var sharesParameters: Bool { true }

  package func parameters(of order: OrderCounts) -> SmoothingParameters { SmoothingParameters([added ?? 0.5]) }

  package func rule(_ parameters: [Double], _ context: ContextStatistics, outcomes: Int) -> SmoothingRule {
    SmoothingRule(strength: parameters[0] * Double(outcomes))
  }

  package func stopShare(_ stops: Double, of decisions: Double, _ parameters: [[Double]]) -> (
    mass: Double, weight: Double
  ) {
    let added = parameters.first?.first ?? 0.5
    let total = decisions + 2 * added
    return (stops / total, 2 * added / total)
  }
}
