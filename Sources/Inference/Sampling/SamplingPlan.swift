import ModelCore
import Probability
import Sequences

/// What all draws of one call share.
struct SamplingPlan<Model: FittedModel> {
  /// The numbers of the draws.
  private(set) var indices: [Int]
  /// Which try at each of them it is, where a draw may be rejected; −1 for draws of a pilot.
  var attempt = 0
  /// How each sequence begins, where that has been drawn already; empty elsewhere.
  var openings: [Opening<Model.Element>] = []
  let options: DrawOptions<Model.Element>
  let shape: OutputShape
  /// Whether the length is drawn first, and from what where that is the same for all draws.
  let hasPrior: Bool
  private let law: (any LengthLaw)?
  /// The elements after which a sequence is cut.
  let limit: Int
  /// Whether draws are from the model's own distribution.
  let isPlain: Bool
  /// The longest sequence that may be asked for: each draw is held in memory.
  private static var longest: Int { 10_000_000 }
  private let model: Model
  let seed: UInt64
  /// P(τ | prefix, x) where τ is drawn after a prefix: for each of the sequences that inputs are taken from, as far as
  /// their turn comes; for all draws in common without inputs.
  private var lengths: [LengthWeights?] = []

  /// - Throws: `SpecificationError.refused` for what the model cannot do.
  init(_ model: Model, _ indices: [Int], seed: UInt64, _ options: DrawOptions<Model.Element>) throws {
    self.model = model
    self.indices = indices
    self.seed = seed
    self.options = options
    shape = model.shape
    hasPrior = model.prior != nil
    law = model.prior?.readsInputs == true ? nil : model.lengthLaw()
    let asked = options.isCutBelowLength ? 0 : options.length ?? 0
    limit = max(options.maximumLength, options.prefix.count, asked)
    isPlain = !options.truncation.changesDistribution(shape) && (hasPrior || options.minimumLength == 0)
    if let reason = model.process.refusal(options.truncation) { throw refused(reason) }
    try checkLength()
    try checkInputs()
    try checkPrefix()
    try prepareLengths()
  }

  /// The same for other draws.
  func drawing(_ indices: [Int]) throws -> SamplingPlan {
    var plan = self
    plan.indices = indices
    try plan.prepareLengths()
    return plan
  }

  private func refused(_ reason: String) -> SpecificationError {
    .refused(model: model.specification.shortWord, reason: reason)
  }

  private func checkLength() throws {
    if let most = [options.length ?? 0, options.minimumLength].max(), most > Self.longest {
      throw refused("a sequence of \(most) elements is too long to be drawn; \(Self.longest) are the most")
    }
    guard let length = options.length else { return }
    guard length >= options.minimumLength else {
      throw refused("the length that is asked for is below the least one")
    }
    guard length >= options.prefix.count else {
      throw refused("the prefix is longer than the length that is asked for")
    }
  }

  private func checkInputs() throws {
    let wanted = model.inputWidth
    let vectors = wanted == 1 ? "x of 1 number a step" : "x of \(wanted) numbers a step"
    guard let inputs = options.inputs else {
      if wanted == 0 { return }
      throw refused("it was trained with inputs, \(vectors): give them with --inputs FILE.jsonl")
    }
    if wanted == 0 { throw refused("it looks at no inputs x: leave out --inputs") }
    guard inputs.width == wanted else {
      throw refused("it was trained with \(vectors), and --inputs has \(inputs.width): give a FILE.jsonl with as many")
    }
    if inputs.count == 0 { throw refused("--inputs holds no sequence to take x from") }
  }

  /// Without a length that is drawn first, which is weighed together with it.
  private func checkPrefix() throws {
    if let reason = model.refusal(options.prefix) { throw refused(reason) }
    guard !options.prefix.isEmpty, !hasPrior, !indices.isEmpty else { return }
    if model.logLikelihood(ofPrefix: options.prefix, length: 0, input(0)) == -.infinity {
      throw refused("no sequence of the model begins with this prefix")
    }
  }

  /// Where the length is drawn first: that one is possible as it is asked for, and their weights after a prefix. Draws with a
  /// distribution of the length in common share its answer.
  private mutating func prepareLengths() throws {
    guard hasPrior, options.length != nil || options.minimumLength > 0 || !options.prefix.isEmpty else { return }
    if lengths.isEmpty { lengths = Array(repeating: nil, count: options.inputs?.count ?? 1) }
    for (number, index) in indices.prefix(law == nil || !options.prefix.isEmpty ? lengths.count : 1).enumerated() {
      let x = input(number)
      guard lengths[index % lengths.count] == nil, let law = lengthLaw(x) else { continue }
      if options.prefix.isEmpty {
        try check(law)
      } else if let length = options.length {
        let both = law.logProbability(length) + model.logLikelihood(ofPrefix: options.prefix, length: length, x)
        if both == -.infinity { throw model.impossible(options) }
      } else {
        let weights = try model.lengthWeights(
          options.prefix, from: max(options.prefix.count, options.minimumLength), law, x)
        guard weights.isPossible else { throw model.impossible(options) }
        lengths[index % lengths.count] = weights
      }
    }
  }

  /// - Throws: `SpecificationError.refused` where no length is as it is asked for.
  private func check(_ law: any LengthLaw) throws {
    if let length = options.length {
      if law.logProbability(length) == -.infinity { throw model.impossible(options) }
    } else if options.minimumLength > 0, law.tail(beyond: options.minimumLength - 1) == 0 {
      // A tail may be too small for a number.
      if law.logProbability(options.minimumLength) == -.infinity { throw model.impossible(options) }
      throw refused(
        "sequences of \(options.minimumLength) elements or more are so rare that double precision cannot tell their "
          + "probability from 0")
    }
  }

  // MARK: Of one draw

  /// The random numbers of the plan's draw `number`, counted from the first of `indices`.
  func stream(_ number: Int) -> RandomStream {
    RandomStream(
      seed: seed, purpose: attempt == 0 ? "sample" : "sample \(attempt)", index: UInt64(indices[number]))
  }

  /// What truncation has done to the decision to stop in the elements that have been drawn already.
  func stops(_ number: Int) -> StopMass { openings.isEmpty ? StopMass() : openings[number].stops }

  func input(_ number: Int) -> SequenceInput? {
    options.inputs.map { SequenceInput($0, sequence: indices[number] % $0.count) }
  }

  /// P(τ | x) where the length is drawn first.
  func lengthLaw(_ x: SequenceInput?) -> (any LengthLaw)? {
    hasPrior ? law ?? model.lengthLaw(given: x) : nil
  }

  /// τ of a draw whose law is P(τ | x): given, or drawn, after a prefix and no less than the least one.
  func length(_ number: Int, _ law: any LengthLaw, _ stream: inout RandomStream) -> Int {
    if let length = options.length { return length }
    if !options.prefix.isEmpty, let weights = lengths[indices[number] % lengths.count] {
      return weights.sample(&stream)
    }
    return options.minimumLength > 0 ? law.sample(atLeast: options.minimumLength, &stream) : law.sample(&stream)
  }
}

extension FittedModel {
  /// What is said, before anything is drawn, of a length or prefix that no sequence has.
  func impossible(_ options: DrawOptions<Element>) -> SpecificationError {
    func elements(_ count: Int, _ more: String = "") -> String {
      "has \(count) element\(count == 1 && more.isEmpty ? "" : "s")\(more)"
    }
    var wanted: [String] = []
    if let length = options.length {
      wanted.append(elements(length))
    } else if options.minimumLength > options.prefix.count {
      wanted.append(elements(options.minimumLength, " or more"))
    }
    if !options.prefix.isEmpty { wanted.append("begins with this prefix") }
    let isTruncated = options.truncation.changesDistribution(shape) && prior == nil
    return .refused(
      model: specification.shortWord,
      reason: "no sequence of the model \(wanted.joined(separator: " and "))"
        + (isTruncated ? ", with this temperature and these cuts" : "")
        + (prior?.readsInputs == true ? ", given its inputs x" : ""))
  }
}
