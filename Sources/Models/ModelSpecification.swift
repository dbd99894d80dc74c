import BigInt

/// A model in one word, `family[:options][/length[:options]]`:
///
///     let model = try ModelSpecification("markov:3,smoothing=witten-bell/halt")
///     model.word        // "markov:k=3,smoothing=witten-bell/halt", canonical and complete
///
/// It says what is to be fitted, before any data. Parsing the canonical word gives the same specification.
public struct ModelSpecification: Sendable, CustomStringConvertible {
  public let family: any ModelFamily
  public let length: any LengthStrategy
  /// The word as it was given.
  public let typed: String

  /// - Throws: `SpecificationError`.
  public init(_ word: String, registry: Registry = .standard) throws {
    typed = word
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let familyPart = Component(parts[0])
    guard let familyType = registry.families.first(where: { $0.name == familyPart.name }) else {
      throw SpecificationError.unknown(
        what: "model", word: familyPart.name, known: registry.families.map { $0.name })
    }
    var options = try ModelOptions(
      owner: familyType.name, text: familyPart.options, leadingKey: familyType.leadingOption)
    family = try familyType.init(&options, registry: registry)
    try options.finish()

    let lengthPart = Component(parts.count > 1 ? parts[1] : Substring(EndSymbol.name))
    guard let lengthType = registry.lengths.first(where: { $0.name == lengthPart.name }) else {
      throw SpecificationError.unknown(
        what: "length strategy", word: lengthPart.name, known: registry.lengths.map { $0.name })
    }
    var lengthOptions = try ModelOptions(owner: lengthType.name, text: lengthPart.options, leadingKey: nil)
    length = try lengthType.init(&lengthOptions, unsmoothed: family.isUnsmoothed, registry: registry)
    try lengthOptions.finish()
  }

  /// The canonical and complete word.
  public var word: String { family.word(complete: true) + "/" + length.word(complete: true) }

  /// The word without the options that have their default value, for tables that people read.
  public var shortWord: String { family.word(complete: false) + "/" + length.word(complete: false) }

  public var description: String { word }

  /// Whether the family or the law of lengths looks at inputs x, where the data have any.
  public var readsInputs: Bool { family.readsInputs || length.prior?.readsInputs == true }

  /// What the conditionals must give: what the length strategy asks for, and the data's inputs x.
  public func shape(alphabetSize: Int, inputWidth: Int = 0) -> OutputShape {
    var shape = length.shape(alphabetSize: alphabetSize)
    shape.inputWidth = inputWidth
    return shape
  }

  /// The degrees of freedom of the model, exactly, from the specification alone.
  /// - Parameters:
  ///   - longest: T, the longest length allowed for, which full tables and tables over lengths depend on.
  ///   - inputWidth: the numbers in an input vector x(t).
  /// - Throws: `SpecificationError.refused` where T is needed and `nil`, and for numbers that nobody could read.
  public func freeParameters(alphabetSize: Int, longest: Int?, inputWidth: Int = 0) throws -> BigInt {
    let shape = shape(alphabetSize: alphabetSize, inputWidth: inputWidth)
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
  public func growth(inputWidth: Int = 0) -> String {
    family.growth(shape(alphabetSize: 2, inputWidth: inputWidth))
      + (length.prior.map { " + \($0.growth(inputWidth: inputWidth))" } ?? "")
  }

  /// `name[:options]`.
  private struct Component {
    let name: String
    let options: Substring?

    init(_ text: Substring) {
      if let colon = text.firstIndex(of: ":") {
        name = String(text[..<colon])
        options = text[text.index(after: colon)...]
      } else {
        name = String(text)
        options = nil
      }
    }
  }
}

/// Writes a family's or strategy's word: its name and those options that are wanted.
func word(_ name: String, _ options: [(key: String, value: String, isDefault: Bool)], complete: Bool) -> String {
  let shown = options.filter { complete || !$0.isDefault }.map { "\($0.key)=\($0.value)" }
  return shown.isEmpty ? name : name + ":" + shown.joined(separator: ",")
}
