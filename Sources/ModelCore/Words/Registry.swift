import Sequences

/// What a registry says of an entry.
public protocol RegistryEntry: Sendable {
  /// The name in a model's word.
  static var name: String { get }
  /// Values that cover its kinds, for help and for the conformance tests.
  static var examples: [String] { get }
  /// What the help page says of it, with its parameters.
  static var summary: String { get }
}

/// What the words of a model may name. `Registry.standard` holds what this package has; the conformance tests run on everything
/// in it.
public struct Registry: Sendable {
  /// The families of models.
  public var families: [any ModelFamily.Type]
  /// The ways to end; a word without one has the first that its family accepts.
  public var lengths: [any LengthStrategy.Type]
  /// What `prior=` names, where the length is drawn first.
  public var priors: [any LengthPriorKind.Type]
  /// What `smoothing=` names in tables over contexts.
  public var smoothers: [any RegistryEntry.Type]
  /// What `emission=` names where elements are vectors.
  public var emissions: [any RegistryEntry.Type]

  /// A registry of these entries.
  public init(
    families: [any ModelFamily.Type], lengths: [any LengthStrategy.Type], priors: [any LengthPriorKind.Type],
    smoothers: [any RegistryEntry.Type], emissions: [any RegistryEntry.Type] = []
  ) {
    (self.families, self.lengths, self.priors, self.smoothers) = (families, lengths, priors, smoothers)
    self.emissions = emissions
  }

  /// The words of a family with every way to end that it does not decline.
  /// - Parameters:
  ///   - family: a model's word without its length.
  ///   - withVariants: whether ways to end with rarely used options are among them.
  /// - Throws: `SpecificationError`.
  public func words(of family: String, withVariants: Bool = false) throws -> [String] {
    let parsed = try self.family(Substring(family))
    return try lengths.flatMap { $0.examples + (withVariants ? $0.variants : []) }.filter {
      try parsed.refusal(length(Substring($0), of: parsed), ElementKind.all) == nil
    }.map { "\(family)/\($0)" }
  }

  /// All families' examples with every way to end that they do not decline: what the conformance tests run on. An example that
  /// is no word stays as it is, so that tests fail on it.
  package var exampleWords: [String] {
    families.flatMap { family in
      family.examples.enumerated().flatMap { number, example in
        (try? words(of: example, withVariants: number == 0)) ?? [example]
      }
    }
  }

  /// The family that a word without its length names.
  /// - Throws: `SpecificationError`.
  func family(_ text: Substring) throws -> any ModelFamily {
    let part = try ModelWordPart(text)
    guard let type = families.first(where: { $0.name == part.name }) else {
      throw SpecificationError.unknown(what: "model", word: part.name, known: families.map { $0.name })
    }
    var options = try ModelOptions(part, leadingKey: type.leadingOption)
    let family = try type.family(&options, registry: self)
    try options.finish()
    return family
  }

  /// The way to end that the second part of a family's word names.
  /// - Throws: `SpecificationError`.
  func length(_ text: Substring, of family: any ModelFamily) throws -> any LengthStrategy {
    let part = try ModelWordPart(text)
    guard let type = lengths.first(where: { $0.name == part.name }) else {
      throw SpecificationError.unknown(what: "length strategy", word: part.name, known: lengths.map { $0.name })
    }
    var options = try ModelOptions(part, leadingKey: nil)
    let length = try type.init(&options, unsmoothed: family.isUnsmoothed, registry: self)
    try options.finish()
    return length
  }

  /// The ways to end of a word that names none, of which the first one counts that the family does not decline.
  /// - Throws: `SpecificationError`.
  func usualLengths(of family: any ModelFamily) throws -> [any LengthStrategy] {
    try lengths.map { try length(Substring($0.name), of: family) }
  }

  /// The distribution of the length that `prior=` names.
  package func prior(_ name: String, owner: String) throws -> any LengthPriorKind.Type {
    guard let prior = priors.first(where: { $0.name == name }) else {
      throw SpecificationError.unknown(what: "\(owner): prior", word: name, known: priors.map { $0.name })
    }
    return prior
  }
}
