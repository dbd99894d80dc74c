/// What the words of a model may name. A new family, length strategy, distribution of the length or smoother is one new file
/// and one line here;
/// the conformance tests run on everything in this list.
public struct Registry: Sendable {
  public var families: [any ModelFamily.Type]
  public var lengths: [any LengthStrategy.Type]
  /// What `prior=` names, where the length is drawn first.
  public var priors: [any LengthPriorKind.Type]
  public var smoothers: [any Smoother.Type]

  public static let standard = Registry(
    families: [
      TabularFamily.self,
      MarkovFamily.self,
      ContextTreeFamily.self,
      VariableLengthFamily.self,
      TableFamily.self,
      RNNFamily.self,
      GRUFamily.self,
      LSTMFamily.self,
      ArpaFamily.self,
    ],
    lengths: [
      EndSymbol.self,
      Halting.self,
      PredictedLength.self,
    ],
    priors: [
      LengthTable.self,
      UnsmoothedLengthTable.self,
      PoissonLengths.self,
      NegativeBinomialLengths.self,
      GeometricLengths.self,
      LearnedLengths.self,
    ],
    smoothers: [
      MaximumLikelihood.self,
      Additive.self,
      JelinekMercer.self,
      WittenBell.self,
      AbsoluteDiscounting.self,
      KneserNey.self,
      ModifiedKneserNey.self,
      PitmanYor.self,
    ])

  /// The distribution of the length that `prior=` names.
  func prior(_ name: String, owner: String) throws -> any LengthPriorKind.Type {
    guard let prior = priors.first(where: { $0.name == name }) else {
      throw SpecificationError.unknown(what: "\(owner): prior", word: name, known: priors.map { $0.name })
    }
    return prior
  }

  /// A smoother from the value of `smoothing=`, such as `add:1`.
  func smoother(_ text: String) throws -> any Smoother {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let type = smoothers.first(where: { $0.name == parts[0] }) else {
      throw SpecificationError.unknown(what: "smoothing", word: String(parts[0]), known: smoothers.map { $0.name })
    }
    return try type.init(parameter: parts.count > 1 ? String(parts[1]) : nil)
  }
}
