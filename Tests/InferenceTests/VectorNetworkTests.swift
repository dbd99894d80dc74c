import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Recurrent networks of vectors: the batched way against the walk, files, threads, and data of all shapes.
@Suite struct VectorNetworkTests {
  /// A word with small settings for each emission, with each cell and way to end among them.
  static let words = [
    "rnn:3,emission=gaussian,epochs=2/halt", "gru:3,emission=gaussian:diagonal,epochs=2/tau",
    "lstm:3,emission=gaussian:full,epochs=2/halt", "gru:3,layers=2,emission=gaussian:constant,epochs=2/halt",
    "gru:3,emission=mixture:2,time=scaled,epochs=2/tau:input=total", "rnn:3,emission=poisson,epochs=2/halt",
    "lstm:3,emission=negative-binomial,epochs=2/tau", "gru:3,emission=bernoulli,epochs=2/tau:input=none",
    "gru:3,emission=bernoulli:autoregressive:2,epochs=2/halt",
    "lstm:3,emission=bernoulli:autoregressive:2,augment=transpose:2,bptt=3,epochs=2/halt",
    "gru:3,emission=categorical,epochs=2/tau", "lstm:3,emission=categorical:autoregressive,epochs=2/halt",
  ]

  static func values(_ word: String) -> ElementKind.Values {
    word.contains("categorical")
      ? .categories
      : word.contains("bernoulli") ? .bits : word.contains("poisson") || word.contains("binomial") ? .counts : .reals
  }

  /// Sequences of a kind, of ragged lengths, an empty one among them.
  static func set(_ values: ElementKind.Values, width: Int = 3, lengths: [Int] = [5, 0, 1, 9, 2, 30]) -> VectorSequences
  {
    var stream = RandomStream(seed: 5, purpose: values.rawValue)
    func number(_ component: Int) -> Double {
      switch values {
      case .reals: 10 + Double(component) + 0.3 * stream.normal()
      case .counts: Double(Int(stream.uniform() * 6))
      case .bits: stream.uniform() < 0.3 ? 1 : 0
      case .categories: Double(Int(stream.uniform() * Double(2 + component)))
      }
    }
    let sequences = lengths.map { (0..<$0).map { _ in (0..<width).map(number) } }
    return VectorSequences(sequences, width: width, values)
  }

  static func fit(_ word: String, to set: VectorSequences, threads: Int = 1) throws -> VectorModel {
    try VectorModel.fit(
      ModelSpecification(word), to: set, valid: set,
      Columns(set.rows.valueKind, width: set.rows.width, levelCounts: set.rows.levels),
      FittingContext(seed: 3, threads: threads))
  }

  /// How far two numbers are apart, as a share of them.
  private func gap(_ one: Double, _ other: Double) -> Double { abs(one - other) / max(1, abs(one)) }

  @Test("Sequences side by side score as one by one, in original units", arguments: words)
  func batchedAsWalked(_ word: String) throws {
    let set = Self.set(Self.values(word))
    let model = try Self.fit(word, to: set)
    for (batched, walked) in zip(model.scores(of: set, threads: 2), model.walkScores(of: set)) {
      #expect(gap(batched.natsElements, walked.natsElements) < 1e-4)
      #expect(gap(batched.natsLength, walked.natsLength) < 1e-4)
    }
  }

  @Test("The bits do not depend on threads", arguments: words)
  func threads(_ word: String) throws {
    let set = Self.set(Self.values(word), lengths: Array(repeating: 4, count: 40) + [7, 0, 11])
    let one = try Self.fit(word, to: set, threads: 1)
    let two = try Self.fit(word, to: set, threads: 2)
    #expect(try ModelFile.bytes(of: one) == ModelFile.bytes(of: two))
    #expect(try one.samples(3, seed: 1).map(\.sequence) == two.samples(3, seed: 1, threads: 2).map(\.sequence))
  }

  @Test("A file gives the same model", arguments: words)
  func file(_ word: String) throws {
    let set = Self.set(Self.values(word))
    let model = try Self.fit(word, to: set)
    let bytes = try ModelFile.bytes(of: model)
    let read = try ModelFile.model(from: bytes, as: VectorModel.self, registry: .standard)
    #expect(read.specification.word == model.specification.word && read.columns == model.columns)
    #expect(read.scores(of: set) == model.scores(of: set))
    #expect(read.freeParameters == model.freeParameters)
  }

  @Test("As many parameters are free as are stored, the distribution of the length aside", arguments: words)
  func counts(_ word: String) throws {
    let model = try Self.fit(word, to: Self.set(Self.values(word)))
    let free = model.specification.family.freeParameters(model.shape, longest: 30)
    #expect(Int(free) == model.process.storedParameters)
  }

  @Test("Draws are of the kind, and their score is that of the sequence", arguments: words)
  func draws(_ word: String) throws {
    let model = try Self.fit(word, to: Self.set(Self.values(word)))
    var options = DrawOptions<[Double]>()
    options.maximumLength = 40
    for sample in try model.samples(20, seed: 2, options) {
      #expect(sample.sequence.allSatisfy { $0.count == 3 && $0.allSatisfy(model.columns.values.contains) })
      let scored = model.score(of: sample.sequence)
      #expect(gap(sample.score.natsElements, scored.natsElements) < 1e-6)
    }
  }

  @Test("Data of any shape can be fitted, and no figure is NaN", arguments: words)
  func shapes(_ word: String) throws {
    let values = Self.values(word)
    let constant = VectorSequences([[[1, 1, 0], [1, 1, 0]], [[1, 1, 0]]], width: 3, values)
    let sets = [
      Self.set(values, lengths: [1]), Self.set(values, lengths: [0, 0, 3]),
      Self.set(values, width: 1, lengths: [4, 2]),
      Self.set(values, width: 9, lengths: [2]), constant,
    ]
    for set in sets {
      let model = try Self.fit(word, to: set)
      #expect(model.scores(of: set).allSatisfy { $0.nats.isFinite })
    }
  }

  @Test("Units: what is multiplied by 1,000 has log 1,000 more nats a number")
  func units() throws {
    let set = Self.set(.reals)
    let scaled = VectorSequences(
      (0..<set.count).map { set[$0].map { $0.map { 1000 * $0 } } }, width: 3)
    let word = "gru:4,emission=gaussian:full,epochs=3/halt"
    let (one, other) = (try Self.fit(word, to: set), try Self.fit(word, to: scaled))
    let gap =
      other.scores(of: scaled).reduce(0) { $0 + $1.natsElements }
      - one.scores(of: set).reduce(0) { $0 + $1.natsElements }
    #expect(abs(gap / Double(3 * set.elementCount) - log(1000)) < 1e-3)
  }

  @Test("A unit-variance normal density is half the squared error and a constant")
  func squaredError() throws {
    let set = Self.set(.reals, width: 2)
    let model = try Self.fit("gru:3,emission=gaussian,epochs=2/halt", to: set)
    let process = try #require(model.vectors as? RecurrentVectorProcess<Float>)
    let standardisation = process.fitted.standardisation
    process.forEachDecision(of: set[3]) { walk, element in
      guard let element else { return }
      var step = EmissionDistribution(process.shape)
      walk.predict(into: &step)
      let errors = zip(zip(element, step.means ?? []), standardisation.scales).map { pow(($0.0 - $0.1) / $1, 2) }
      let wanted = errors.reduce(0, +) / 2 + log(2 * .pi) + standardisation.logScale
      #expect(abs(-step.logDensity(of: element) - wanted) < 1e-9)
    }
  }

  @Test("Transposition moves all keys by one shift, which keeps them on the keyboard")
  func transposition() throws {
    let word = "gru:2,emission=bernoulli,augment=transpose:3,epochs=1/halt"
    let specification = try ModelSpecification(word).resolved(for: .vectors(.bits, width: 5))
    #expect(specification.word.contains("augment=transpose:3"))
    let bits = [[0.0, 1, 0, 1, 0], [0, 0, 1, 0, 0]]
    let set = VectorSequences([bits, [[1, 1, 1, 1, 1]], []], width: 5, .bits)
    let augmentation = try #require(try Augmentation("transpose:3", owner: "gru"))
    // The lowest key is 1 and the highest 3 of 0 … 4; a full keyboard and an empty sequence stay.
    for sequence in 0..<3 {
      let shift = augmentation.shift(of: sequence, in: set)
      #expect(sequence == 0 ? (-1...1).contains(shift) : shift == 0)
    }
    var moved = [Double](repeating: .nan, count: 5)
    Augmentation.move(bits[0], 5, by: 1, into: &moved)
    #expect(moved == [0, 0, 1, 0, 1])
  }

  @Test(
    "What a network of vectors cannot be is said before there are data",
    arguments: [
      "gru:3,emission=poisson/eos", "gru:3,emission=gaussian:none/halt", "gru:3,emission=mixture:0/halt",
      "gru:3,augment=transpose:99/halt", "gru:3,emission=bernoulli:autoregressive:0/halt",
    ])
  func refusals(_ word: String) {
    #expect(throws: SpecificationError.self) { try ModelSpecification(word) }
  }

  @Test("A training that was interrupted continues to the same bits")
  func resumption() throws {
    let word = "gru:3,emission=mixture:2,epochs=4/halt"
    let set = Self.set(.reals, lengths: Array(repeating: 6, count: 20))
    let columns = Columns(.reals, width: 3)
    let whole = try VectorModel.fit(ModelSpecification(word), to: set, valid: set, columns, FittingContext(seed: 1))
    let record = Record()
    var context = FittingContext(
      seed: 1, checkpoints: Checkpoints(interval: 0) { record.keep(try ModelFile.bytes(of: $0)) },
      isInterrupted: { record.count >= 3 })
    _ = try? VectorModel.fit(ModelSpecification(word), to: set, valid: set, columns, context)
    let checkpoint = try ModelFile.checkpoint(from: #require(record.last))
    context = FittingContext(seed: 1, checkpoints: Checkpoints(interval: 1e9, resuming: checkpoint) { _ in })
    let resumed = try VectorModel.fit(ModelSpecification(word), to: set, valid: set, columns, context)
    #expect(try ModelFile.bytes(of: whole) == ModelFile.bytes(of: resumed))
  }
}

/// The checkpoints of a training.
private final class Record: @unchecked Sendable {
  private let lock = NSLock()
  private var kept: [Data] = []
  var count: Int { lock.withLock { kept.count } }
  var last: Data? { lock.withLock { kept.last } }
  func keep(_ bytes: Data) { lock.withLock { kept.append(bytes) } }
}
