import BigInt
import Sequences

/// `tabular`: the chain rule without any assumption, one distribution for each full history.
public struct TabularFamily: ModelFamily {
  public static let name = "tabular"
  public static let leadingOption: String? = nil
  public static let examples = ["tabular:smoothing=ml", "tabular:smoothing=add:0.5"]
  public static let summary = "one distribution for each full history (smoothing=ml or add:α)"

  /// α added to each count; 0 is maximum likelihood.
  public let added: Double
  private static let defaultAdded = 1.0

  public init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let text = options.text("smoothing") else {
      added = Self.defaultAdded
      return
    }
    let smoother = try registry.smoother(text)
    switch smoother {
    case is MaximumLikelihood: added = 0
    case let additive as Additive where additive.added != nil: added = additive.added ?? Self.defaultAdded
    default:
      throw SpecificationError.refused(
        model: "tabular:smoothing=\(text)",
        reason: "a full history has no shorter one to fall back on; use smoothing=ml or smoothing=add:α")
    }
  }

  public func word(complete: Bool) -> String {
    let smoothing: any Smoother = added == 0 ? MaximumLikelihood() : Additive(added)
    return Models.word(
      Self.name, [("smoothing", smoothing.word, added == Self.defaultAdded)], complete: complete)
  }

  public var isUnsmoothed: Bool { added == 0 }
  public var usesValidation: Bool { false }
  public func needsLongest(_ shape: OutputShape) -> Bool { true }

  /// Histories shorter than T, each with one distribution; with a given length, of each length.
  ///
  /// With an end symbol or halting that is k Σ_{t<T} k^t = k (k^T − 1)/(k − 1): the end is certain after T elements.
  /// With a length input it is Σ_{τ=1..T} (k^τ − 1), which with the T numbers of P(τ) is the same total.
  public func freeParameters(_ shape: OutputShape, longest: Int) -> BigInt {
    let k = BigInt(shape.alphabetSize)
    // Σ_{τ=1..T} k^τ is k Σ_{t<T} k^t.
    if shape.hasLengthInput { return k.powerSum(below: longest) * k - BigInt(longest) }
    return (k.powerSum(below: longest)) * BigInt(shape.freeNumbers)
  }

  public func growth(_ shape: OutputShape) -> String {
    if shape.hasLengthInput { return "Σ_{τ=1..T} (k^τ − 1)" }
    return shape.stop == .given ? "k^T − 1" : "k·(k^T − 1)/(k − 1)"
  }

  public func fit(_ data: TrainingData, _ shape: OutputShape, _ context: FittingContext) -> any Conditional<Symbol> {
    TabularConditional(
      shape: shape, table: PrefixTable(data.train, lengthInput: data.lengthInput), added: added)
  }

  public func conditional(from file: TensorFile, _ shape: OutputShape) throws -> any Conditional<Symbol> {
    TabularConditional(shape: shape, table: try PrefixTable(from: file, shape), added: added)
  }
}

extension BigInt {
  /// Σ_{j < count} self^j.
  func powerSum(below count: Int) -> BigInt {
    if self == 1 { return BigInt(count) }
    return (power(count) - 1) / (self - 1)
  }
}
