import Models
import Probability
import Sequences

/// What all draws of one call share.
struct SamplingPlan {
  /// The numbers of the draws.
  let indices: [Int]
  /// Which try at each of them it is, where a draw may be rejected; −1 for draws of a pilot.
  var attempt = 0
  let options: SamplingOptions
  /// A number beside the array: threads that ask for it do not meet in counting references.
  let prefixCount: Int
  let shape: OutputShape
  /// Whether the length is drawn first, and from what where that is the same for all draws.
  let hasPrior: Bool
  private let law: (any LengthLaw)?
  /// The elements after which a sequence is cut.
  let limit: Int
  /// Whether draws are from the model's own distribution.
  let isPlain: Bool
  /// The longest sequence that may be asked for: each draw is held in memory.
  private static let longest = 10_000_000
  private let model: SequenceModel
  private let seed: UInt64
  /// P(τ | prefix, x) where τ is drawn after a prefix: for each of the sequences that inputs are taken from, as far as
  /// their turn comes; for all draws in common without inputs.
  private var lengths: [LengthWeights?] = []

  /// - Throws: `SpecificationError.refused` for what the model cannot do.
  init(_ model: SequenceModel, _ indices: [Int], seed: UInt64, _ options: SamplingOptions) throws {
    self.model = model
    self.indices = indices
    self.seed = seed
    self.options = options
    prefixCount = options.prefix.count
    shape = model.conditional.shape
    hasPrior = model.prior != nil
    law = model.prior?.readsInputs == true ? nil : model.lengthLaw()
    limit = max(options.maximumLength, options.prefix.count, options.length ?? 0)
    isPlain = !options.truncation.changesDistribution(shape) && (hasPrior || options.minimumLength == 0)
    try checkLength()
    try checkInputs()
    if !options.prefix.isEmpty { try weighLengths() } else { try checkLeastLength() }
  }

  private func refused(_ reason: String) -> SpecificationError {
    .refused(model: model.specification.shortWord, reason: reason)
  }

  private func checkLength() throws {
    guard let length = options.length else { return }
    guard length <= Self.longest else {
      throw refused("a sequence of \(length) elements is too long to be drawn; \(Self.longest) are the most")
    }
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

  /// Weighs the lengths that a sequence with the prefix and the least length may have, if they are to be drawn.
  private mutating func weighLengths() throws {
    let impossible = refused("no sequence of the model begins with this prefix")
    guard hasPrior, options.length == nil else {
      let length = options.length ?? 0
      if indices.isEmpty || model.logLikelihood(ofPrefix: options.prefix, length: length, input(0)) > -.infinity {
        return
      }
      throw impossible
    }
    let sources = options.inputs?.count ?? 1
    lengths = Array(repeating: nil, count: sources)
    for (number, index) in indices.prefix(sources).enumerated() {
      let x = input(number)
      guard let law = lengthLaw(x) else { continue }
      let weights = try model.lengthWeights(
        options.prefix, from: max(options.prefix.count, options.minimumLength), law, x)
      guard weights.isPossible else { throw impossible }
      lengths[index % sources] = weights
    }
  }

  /// Where the length is drawn first, of those that are no less than the least one.
  private func checkLeastLength() throws {
    guard hasPrior, options.minimumLength > 0, options.length == nil else { return }
    // Those with a law in common share its answer.
    for number in indices.indices.prefix(law == nil ? options.inputs?.count ?? 1 : 1) {
      guard let tail = lengthLaw(input(number))?.tail(beyond: options.minimumLength - 1), tail == 0 else { continue }
      throw refused("no sequence of the model is so long")
    }
  }

  // MARK: Of one draw

  /// The random numbers of the plan's draw `number`, counted from the first of `indices`.
  func stream(_ number: Int) -> RandomStream {
    RandomStream(
      seed: seed, purpose: attempt == 0 ? "sample" : "sample \(attempt)", index: UInt64(indices[number]))
  }

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
    if !lengths.isEmpty, let weights = lengths[indices[number] % lengths.count] { return weights.sample(&stream) }
    return options.minimumLength > 0 ? law.sample(atLeast: options.minimumLength, &stream) : law.sample(&stream)
  }

  func inputs(time: Int, length: Int, x: SequenceInput?) -> StepInputs {
    shape.hasLengthInput
      ? model.inputs(time: time, length: length, x: x) : StepInputs(time: time, x: x?.at(time) ?? [])
  }
}
