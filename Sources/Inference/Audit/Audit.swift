import Foundation
import ModelCore
import Probability
import Sequences

/// What an audit may take.
public struct AuditOptions: Sendable {
  /// The seed of all draws.
  public var seed: UInt64 = 1
  /// Sequences that are drawn; half of them choose what the other half is tested on.
  public var samples = 20_000
  /// Changes the time it takes, never the result.
  public var threads = 1
  /// The probability with which a sound model fails by chance, at most: of all tests of random numbers together.
  public let level = 1e-4

  /// The default options.
  public init() {}
}

extension AuditedModel {
  /// Whether the model is what it says, a probability distribution over sequences that looks at no future, is scored the
  /// same in any company, and is drawn from as it is scored. Everything is asked through the walk, which every family has,
  /// and faster ways are held against it. Densities of one or two numbers are integrated, those of longer vectors estimated. A model
  /// with inputs is given 1, 0, 0, … at each step.
  /// - Parameter report: is given each line as soon as its verdict is known.
  /// - Throws: what `samples` and `report` throw; `SpecificationError.refused` where a draw is no element of the model.
  public func audit(
    _ options: AuditOptions = AuditOptions(), progress: (FittingProgress) -> Void = { _ in },
    report: (AuditLine) throws -> Void = { _ in }
  ) throws -> [AuditLine] {
    func begin(_ check: AuditLine.Check) {
      let checks = AuditLine.Check.allCases
      let number = checks.firstIndex(of: check) ?? 0
      progress(FittingProgress(fraction: Double(number) / Double(checks.count), text: check.rawValue))
    }
    var lines: [AuditLine] = []
    func finish(_ more: [AuditLine]) throws {
      lines += more
      try more.forEach(report)
    }
    begin(.steps)
    let subject = try AuditSubject(self, options)
    try finish([subject.stepSums()])
    begin(.causality)
    try finish([subject.causality()])
    begin(.invariance)
    try finish(subject.invariance())
    begin(.densities)
    var tests = [subject.densityIntegrals()].compactMap(\.self)
    begin(.sequences)
    tests.append(try subject.sequenceSum())
    begin(.sampler)
    tests.append(try subject.samplerFit())
    AuditLine.adjust(&tests, level: options.level)
    try finish(tests)
    begin(.tightness)
    try finish([subject.tightness()])
    return lines
  }
}

/// What all checks of one audit share.
struct AuditSubject<Model: AuditedModel> {
  typealias Element = Model.Element

  let model: Model
  let options: AuditOptions
  /// Sequences to ask about, the empty one first: half of them the model's own, half of them any.
  private(set) var probes: [[Element]] = []

  static var longestProbe: Int { 24 }
  private static var mostSamples: Int { 100_000_000 }
  private static var probeCount: Int { 100 }

  init(_ model: Model, _ options: AuditOptions) throws {
    self.model = model
    var options = options
    options.samples = min(max(options.samples, 2), Self.mostSamples)
    self.options = options
    var stream = stream("probes")
    let drawn = try model.samples(
      Self.probeCount, seed: seed("probes"), sampling(limit: Self.longestProbe), threads: options.threads)
    let random = (0..<Self.probeCount).map { number in
      (0..<1 + number % (Self.longestProbe / 2)).map { _ in model.proposedElement(&stream) }
    }
    for sample in drawn {
      if let reason = model.refusal(sample.sequence) {
        throw SpecificationError.refused(
          model: model.specification.shortWord, reason: "it draws what it cannot score: \(reason)")
      }
    }
    probes = [[]] + drawn.map(\.sequence) + random
  }

  /// What rounding may do to a figure of order 1.
  var roundingTolerance: Double { max(1e-12, 100 * model.process.roundingError) }

  func stream(_ purpose: String, _ index: Int = 0) -> RandomStream {
    RandomStream(seed: options.seed, purpose: "audit " + purpose, index: UInt64(index))
  }

  func seed(_ purpose: String) -> UInt64 {
    var stream = stream(purpose)
    return stream.next()
  }

  // MARK: Inputs

  private var inputWidth: Int { model.inputWidth }

  /// 1, 0, 0, … or another unit vector.
  private func unitVector(_ place: Int) -> [Float] {
    (0..<inputWidth).map { $0 == place % inputWidth ? 1 : 0 }
  }

  /// The same vector at each step.
  var inputs: InputVectors? { inputWidth > 0 ? InputVectors(perSequence: [unitVector(0)]) : nil }
  var input: SequenceInput? { inputs.map { SequenceInput($0, sequence: 0) } }

  func set(_ sequences: [[Element]]) -> Sequences<Model.Rows> {
    model.set(
      sequences,
      inputs: inputWidth > 0 ? InputVectors(perSequence: sequences.map { _ in unitVector(0) }, width: inputWidth) : nil)
  }

  /// One sequence whose inputs from a time on are others, all zeros where there is but one number.
  func set(_ sequence: [Element], changingInputsFrom time: Int) -> Sequences<Model.Rows> {
    guard inputWidth > 0 else { return set([sequence]) }
    let changed = inputWidth == 1 ? [0] : unitVector(1)
    let rows = sequence.indices.map { $0 < time ? unitVector(0) : changed }
    return model.set([sequence], inputs: InputVectors(perStep: [rows], width: inputWidth))
  }

  func sampling(limit: Int) -> DrawOptions<Element> {
    var sampling = DrawOptions<Element>()
    sampling.maximumLength = limit
    sampling.inputs = inputs
    return sampling
  }

  // MARK: Differences

  /// Whether it scores many sequences at once.
  var isBatched: Bool { model.batchedScores(of: set([]), threads: 1) != nil }

  /// |a − b|, relative where a is more than 1; 0 of equal infinities, ∞ where one of them is no number.
  static func difference(_ a: Double, _ b: Double) -> Double {
    if a == b { return 0 }
    let difference = abs(a - b) / max(abs(a), 1)
    return difference.isNaN ? .infinity : difference
  }
}
