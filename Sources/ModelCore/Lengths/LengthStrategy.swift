import Sequences

/// A way for sequences to end. It says which outputs and which extra input each conditional needs, and holds P(τ)
/// where the length is drawn first; families know nothing of it beyond an `OutputShape`.
public protocol LengthStrategy: Sendable {
  /// The name in a model's word.
  static var name: String { get }
  /// Words that cover its kinds, for `compare --lengths` and for the conformance tests.
  static var examples: [String] { get }
  /// Words of lesser options, for the conformance tests.
  static var variants: [String] { get }
  /// One sentence for the help page.
  static var summary: String { get }

  /// The strategy that options of a word describe.
  /// - Parameter unsmoothed: whether the family is plain maximum likelihood, which P(τ) then is too by default.
  /// - Throws: `SpecificationError`.
  init(_ options: inout ModelOptions, unsmoothed: Bool, registry: Registry) throws

  /// The strategy's part of the word, with all options or with those that differ from their default.
  func word(complete: Bool) -> String

  /// What conditionals of such elements must give.
  func shape(_ elements: ElementKind) -> OutputShape

  /// The kind of distribution P(τ) where the length is drawn first, else `nil`.
  var prior: (any LengthPriorKind.Type)? { get }

  /// Why sequences of such elements cannot end so, as a sentence; `nil` where they can.
  func refusal(_ elements: ElementKind) -> String?

  /// Whether sequences end abruptly, the elements knowing nothing of the end: results say so.
  var endsAbruptly: Bool { get }
}

extension LengthStrategy {
  /// By default there are none.
  public static var variants: [String] { [] }
  /// By default the length is not drawn first.
  public var prior: (any LengthPriorKind.Type)? { nil }
  /// By default elements of any kind can end so.
  public func refusal(_ elements: ElementKind) -> String? { nil }
  /// By default the elements know of the end.
  public var endsAbruptly: Bool { false }
}
