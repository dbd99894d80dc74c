import ModelCore

/// The smoothers of this package. A new one is one new file and one line here.
package let standardSmoothers: [any Smoother.Type] = [
  MaximumLikelihood.self,
  Additive.self,
  JelinekMercer.self,
  WittenBell.self,
  AbsoluteDiscounting.self,
  KneserNey.self,
  ModifiedKneserNey.self,
  PitmanYor.self,
]

extension Registry {
  /// A smoother from the value of `smoothing=`, such as `add:1`.
  /// - Throws: `SpecificationError`.
  package func smoother(_ text: String) throws -> any Smoother {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let type = smoothers.first(where: { $0.name == parts[0] }) as? any Smoother.Type else {
      throw SpecificationError.unknown(what: "smoothing", word: String(parts[0]), known: smoothers.map { $0.name })
    }
    return try type.init(parameter: parts.count > 1 ? String(parts[1]) : nil)
  }
}
