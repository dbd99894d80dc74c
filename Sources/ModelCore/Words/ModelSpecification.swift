import BigInt
import Sequences

/// A model in one word, `family[(component;component…)][:options][/length[:options]]`:
///
///     let model = try ModelSpecification("markov:3,smoothing=witten-bell/halt")
///     model.word        // "markov:k=3,smoothing=witten-bell/halt", canonical and complete
///
/// It says what is to be fitted, before any data. Parsing the canonical word gives the same specification.
public struct ModelSpecification: Sendable, CustomStringConvertible {
  /// The family with its options.
  public private(set) var family: any ModelFamily
  /// The way to end with its options.
  public private(set) var length: any LengthStrategy
  /// The word as it was given.
  public let typed: String
  /// The ways to end of a word that names none, in their order; empty where it names one.
  private let usualLengths: [any LengthStrategy]

  /// Parses a word, whose names the registry knows.
  /// - Throws: `SpecificationError`.
  public init(_ word: String, registry: Registry) throws {
    typed = word
    let parts = Substring(word).split(outsideBracketsAt: "/", maxSplits: 1)
    family = try registry.family(parts[0])
    usualLengths = try parts.count > 1 ? [] : registry.usualLengths(of: family)
    length = try parts.count > 1 ? registry.length(parts[1], of: family) : family.usual(usualLengths, ElementKind.all)
    if let reason = family.refusal(length, ElementKind.all) {
      throw SpecificationError.refused(model: shortWord, reason: reason)
    }
  }

  /// The same model of elements of this kind, with everything settled that the word leaves to it: the emission, and the way
  /// to end where none was named.
  /// - Throws: `SpecificationError.refused` for a model that is not one of such elements.
  public func resolved(for elements: ElementKind) throws -> ModelSpecification {
    var specification = self
    specification.family = try family.resolved(for: elements)
    if !usualLengths.isEmpty { specification.length = try specification.family.usual(usualLengths, [elements]) }
    if let reason = specification.family.refusal(specification.length, [elements]) {
      throw SpecificationError.refused(model: specification.shortWord, reason: reason)
    }
    return specification
  }

  /// The kind of elements that the word is about before there are data: symbols, unless it names an emission of numbers or the
  /// numbers are described. Each column of categories has as many levels as there are symbols.
  /// - Parameters:
  ///   - values: what the numbers are; by default the first kind that it models.
  ///   - width: the numbers in a vector; by default 2.
  public func elements(alphabetSize: Int, values: ElementKind.Values?, width: Int?) -> ElementKind {
    if values == nil, width == nil, family.models(.symbols(alphabetSize)) { return .symbols(alphabetSize) }
    let width = width ?? 2
    let kinds = (values.map { [$0] } ?? ElementKind.Values.allCases).map { values in
      ElementKind.vectors(
        values, width: width, levels: values == .categories ? Array(repeating: alphabetSize, count: width) : [])
    }
    return kinds.first(where: family.models) ?? kinds[0]
  }

  /// Checks that the model is fitted to data of these elements.
  /// - Throws: `SpecificationError.refused` for a model that is not fitted to data of these elements.
  public func checkFitting(_ elements: ElementKind = .symbols(1)) throws {
    if let reason = family.fittingRefusal ?? family.refusal(length, [elements]) {
      throw SpecificationError.refused(model: shortWord, reason: reason)
    }
  }

  /// The canonical and complete word.
  public var word: String { family.word(complete: true) + "/" + length.word(complete: true) }

  /// The word without the options that have their default value, for tables that people read.
  public var shortWord: String { family.word(complete: false) + "/" + length.word(complete: false) }

  /// The canonical and complete word.
  public var description: String { word }

  /// Whether the family or the law of lengths looks at inputs x, where the data have any.
  public var readsInputs: Bool { family.readsInputs || length.prior?.readsInputs == true }

  /// What the conditionals must give: what the length strategy asks for, and the data's inputs x.
  public func shape(alphabetSize: Int, inputWidth: Int = 0) -> OutputShape {
    shape(.symbols(alphabetSize), inputWidth: inputWidth)
  }

  /// The same for elements of any kind.
  public func shape(_ elements: ElementKind, inputWidth: Int = 0) -> OutputShape {
    var shape = length.shape(elements)
    shape.inputWidth = inputWidth
    return shape
  }

  /// The degrees of freedom of the model, exactly, from the specification alone.
  /// - Parameters:
  ///   - longest: T, the longest length allowed for, which full tables and tables over lengths depend on.
  ///   - inputWidth: the numbers in an input vector x(t).
  /// - Throws: `SpecificationError.refused` where T is needed and `nil`, and for numbers that nobody could read.
  public func freeParameters(alphabetSize: Int, longest: Int?, inputWidth: Int = 0) throws -> BigInt {
    try freeParameters(.symbols(alphabetSize), longest: longest, inputWidth: inputWidth)
  }

  /// The same for elements of any kind, for which it is resolved.
  public func freeParameters(_ elements: ElementKind, longest: Int?, inputWidth: Int = 0) throws -> BigInt {
    let shape = shape(elements, inputWidth: inputWidth)
    let needsLongest =
      family.needsLongest(shape) || (length.prior?.isTable ?? false)
    if let longest {
      let digits = family.template(shape).digits(longest: longest)
      guard digits <= Self.mostDigits else {
        throw SpecificationError.refused(
          model: shortWord,
          reason:
            "its number of parameters has about \(Int(min(digits, 1e15))) digits, more than \(Int(Self.mostDigits)): "
            + "give a smaller --length T")
      }
    }
    guard longest != nil || !needsLongest else {
      throw SpecificationError.refused(
        model: shortWord, reason: "its number of parameters depends on the longest length allowed: give --length T")
    }
    return freeParameters(shape, allowing: longest ?? 0)
  }

  /// Longer numbers take minutes to write down.
  private static let mostDigits = 500_000.0

  /// The same for a longest length that is known.
  func freeParameters(_ shape: OutputShape, allowing longest: Int) -> BigInt {
    family.freeParameters(shape, longest: longest)
      + (length.prior?.freeParameters(longest: longest, inputWidth: shape.inputWidth) ?? 0)
  }

  /// The growth law of `freeParameters`, in k (alphabet), T (longest length), d (inputs) and the family's own letters.
  public func growth(inputWidth: Int = 0) -> String { growth(.symbols(2), inputWidth: inputWidth) }

  /// The same for elements of any kind, for which it is resolved.
  public func growth(_ elements: ElementKind, inputWidth: Int = 0) -> String {
    family.growth(shape(elements, inputWidth: inputWidth))
      + (length.prior.map { " + \($0.growth(inputWidth: inputWidth))" } ?? "")
  }
}
