import BigInt
import Foundation
import Inference
import Models
import Sequences
import Testing

/// What must not matter does not: threads, the way in which scores are computed, a file in between.
@Suite struct AgreementTests {
  @Test(arguments: Synthetic.models)
  func scoresSideBySideAreThoseOfTheWalk(word: String, values: ElementKind.Values) throws {
    let model = try Synthetic.fit(word, Synthetic.set(values, inputs: 2))
    let test = Synthetic.set(values, count: 20, longest: 11, seed: 5, inputs: 2)
    let side = try #require(model.batchedScores(of: test, threads: 2))
    func walk(_ process: some SequenceProcess<[Double]>, _ i: Int) -> SequenceScore {
      var score = SequenceScore()
      process.forEachDecision(of: test[i], x: test.input(i)) { walk, element in score.add(walk.decision(element).score)
      }
      return score
    }
    for i in 0..<test.count {
      let plain = walk(model.process, i)
      #expect(abs(side[i].natsElements - plain.natsElements) < 1e-9 || side[i] == plain, "\(word)")
      #expect(abs(side[i].natsLength - plain.natsLength) < 1e-9)
    }
    // By the whole distribution of a step as well.
    func predicted<Process: VectorProcess>(_ process: Process) -> Double {
      var (total, step) = (0.0, Process.Distribution(process.shape))
      process.forEachDecision(of: test[7], x: test.input(7)) { walk, element in
        walk.predict(into: &step)
        total += step.decision(element).score.natsElements
      }
      return total
    }
    let whole = predicted(model.vectors)
    #expect(whole == side[7].natsElements || abs(whole - side[7].natsElements) < 1e-9)
  }

  @Test(arguments: Synthetic.words)
  func threadsDoNotMatter(word: String, values: ElementKind.Values) throws {
    let set = Synthetic.set(values)
    let (one, three) = try (Synthetic.fit(word, set), Synthetic.fit(word, set, threads: 3))
    #expect(try ModelFile.bytes(of: one) == ModelFile.bytes(of: three))
    #expect(one.batchedScores(of: set, threads: 1) == one.batchedScores(of: set, threads: 3))
  }

  @Test(arguments: Synthetic.models)
  func aFileHoldsTheModel(word: String, values: ElementKind.Values) throws {
    let set = Synthetic.set(values, inputs: 2)
    let model = try Synthetic.fit(word, set)
    let bytes = try ModelFile.bytes(of: model)
    let read = try ModelFile.model(from: bytes, as: VectorModel.self, registry: .standard)
    #expect(read.scores(of: set) == model.scores(of: set))
    #expect(read.notes == model.notes && read.specification.word == model.specification.word)
    #expect(read.storedParameters == model.storedParameters)
    #expect(try ModelFile.bytes(of: read) == bytes)
    // The complete word means the same.
    let again = try Synthetic.fit(model.specification.word, set)
    #expect(try ModelFile.bytes(of: again) == bytes)
  }

  /// Numbers in a file that are not those of a model are refused, or give another model; nothing traps.
  @Test(arguments: Synthetic.models)
  func hostileNumbersAreRefusedOrHarmless(word: String, values: ElementKind.Values) throws {
    let set = Synthetic.set(values, inputs: 2)
    let file = try TensorFile(ModelFile.bytes(of: Synthetic.fit(word, set)))
    for (name, tensor) in file.tensors.sorted(by: { $0.key < $1.key }) {
      let count = tensor.bytes.withUnsafeBytes { $0.count } / 8
      for number: Double in [.nan, -.infinity, 1e300, -1e14, -1] {
        var hostile = file
        let whole = number.isNaN ? Int64.max : Int64(max(min(number, 1e18), -1e18))
        let bits = tensor.element == .float64 ? number.bitPattern : UInt64(bitPattern: whole)
        hostile.replaceBytes(
          of: name, by: (0..<count).flatMap { _ in withUnsafeBytes(of: bits.littleEndian) { Array($0) } })
        do {
          let model: VectorModel = try ModelFile.model(
            from: hostile.serialized(), as: VectorModel.self, registry: .standard)
          for score in model.scores(of: set) { #expect(!score.nats.isNaN, "\(word), \(name) = \(number)") }
        } catch is ModelFileError {
          continue
        }
      }
      var cut = file
      cut.remove(name)
      #expect(throws: ModelFileError.self, "\(word) without \(name)") {
        try ModelFile.model(from: cut.serialized(), as: VectorModel.self, registry: .standard)
      }
    }
  }

  /// The template's free parameters are the numbers stored; of tables and of lengths that are drawn first others count.
  @Test(
    arguments: Synthetic.models.filter {
      $0.word.hasSuffix("halt") && !$0.word.contains("tables") && !$0.word.contains("bins")
    })
  func freeParametersAreTheNumbersStored(word: String, values: ElementKind.Values) throws {
    for inputs in [0, 2] {
      let model = try Synthetic.fit(word, Synthetic.set(values, inputs: inputs))
      #expect(model.freeParameters == BigInt(model.storedParameters), "\(word)")
    }
  }

  /// What is asked of any model – densities, causality, draws as scored – is answered.
  @Test(arguments: [
    ("markov:1/halt", ElementKind.Values.reals), ("markov:1,bins=4/halt", .reals), ("markov:1,start=own/tau", .reals),
  ])
  func theAuditPasses(word: String, values: ElementKind.Values) throws {
    var options = AuditOptions()
    options.samples = 4000
    let lines = try Synthetic.fit(word, Synthetic.set(values, width: 1)).audit(options)
    for line in lines { #expect(line.isSound, "\(line)") }
  }

  /// By hand: two bits of order 2 have 1 + 2 + 4 weights each and one from bit to bit, as many of the stop decision.
  @Test func parametersByHand() throws {
    func free(_ word: String, _ values: ElementKind.Values) throws -> BigInt {
      try Synthetic.fit(word, Synthetic.set(values, width: 2)).freeParameters
    }
    #expect(try free("markov:2", .bits) == BigInt(2 * 7 + 1 + 7))
    // Means of two numbers after 0, 1 and 2 elements, three covariances of 3 numbers.
    #expect(try free("markov:2,start=own", .reals) == BigInt(2 * (1 + 3 + 5) + 9 + 7))
    // Contexts of two bits or fewer, and the stop decision.
    #expect(try free("markov:2,components=tables", .bits) == BigInt(2 * 7 + 1))
    // Contexts of one bin or none, two edges and two tails.
    #expect(try free("markov:1,bins=3", .reals) == BigInt(2 * (4 * 2 + 4) + 1))
  }
}
