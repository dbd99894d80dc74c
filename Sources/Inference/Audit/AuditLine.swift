/// One thing that was checked of a model: a figure, what it may be, and a sentence.
public struct AuditLine: Sendable, Hashable {
  public enum Check: String, Sendable, CaseIterable {
    case steps = "steps sum to one"
    case sequences = "sequences sum to one"
    case causality
    case invariance = "order, batches, threads"
    case walk = "batches against the walk"
    case sampler = "draws against likelihood"
    case tightness
  }

  public var check: Check
  /// Never a NaN.
  public var figure: Double
  /// What the figure may be at most, or, of a p-value, at least.
  public var tolerance: Double
  public var isPValue: Bool
  public var sentence: String

  /// - Parameter figure: a NaN counts as infinite, and as a p-value of 0.
  init(_ check: Check, _ figure: Double, within tolerance: Double, isPValue: Bool = false, _ sentence: String) {
    self.check = check
    self.figure = figure.isNaN ? (isPValue ? 0 : .infinity) : figure
    self.tolerance = tolerance
    self.isPValue = isPValue
    self.sentence = sentence
  }

  public var isSound: Bool { isPValue ? figure >= tolerance : figure <= tolerance }
}
