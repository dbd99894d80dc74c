import Foundation
import GraphicalModel
import Inference
import Models
import Probability
import Sequences
import Testing

/// The examples of Documentation/CustomModels.md.
@Suite struct CustomModelTests {
  @Test func aTemplateInSwift() throws {
    let k = Size("k", 3)
    let template = DirectedTemplate([
      .init("x", .input, domain: .values(2)),
      .init(
        "y", .random, domain: .values(k), parents: [.init("x", lags: [0]), .init("y", lags: [2])],
        conditional: .table(outcomes: k)),
    ])
    let family = try TableFamily(template)
    let word = family.word(complete: true) + "/eos"
    #expect(try ModelSpecification(word).shortWord == "table:x0+y2/eos")
    var stream = RandomStream(seed: 3)
    let sequences = (0..<50).map { _ in (0..<6).map { _ in Int(stream.uniform() * 3) } }
    let inputs = InputVectors(perStep: sequences.map { $0.map { _ in [stream.uniform() < 0.5 ? 0 : 1] } })
    let set = SequenceSet(sequences, alphabetSize: 3, inputs: inputs)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, Toys.alphabet(3))
    #expect(model.scores(of: set).allSatisfy { $0.nats.isFinite })

    let graph = try template.unrolled(steps: 6)
    #expect(try graph.isSeparated("y6 ; y5 | x6, y4"))
    #expect(try !graph.isSeparated("y6 ; y2 | x6"))
  }

  @Test func skipping() throws {
    let graph = try ModelSpecification("table:y1+y7").template(alphabetSize: 27).unrolled(steps: 9)
    #expect(try graph.names(graph.parents(graph.variable("y9")).map(Int.init)).sorted() == ["y2", "y8"])
  }

  /// Two models, each with the other sequence for its x, are a distribution over pairs of sequences of a length; not where
  /// both look at the other's present.
  @Test(arguments: [("table:y1+x1", "table:x0+y1", true), ("table:y1+x0", "table:x0+y1", false)])
  func coupledSequences(_ a: String, _ b: String, _ isSound: Bool) throws {
    var stream = RandomStream(seed: 9)
    var (first, second): ([[Symbol]], [[Symbol]]) = ([], [])
    for _ in 0..<80 {
      var (x, y): ([Symbol], [Symbol]) = ([], [])
      for t in 0..<3 {
        x.append(stream.uniform() < 0.7 && t > 0 ? y[t - 1] : Int(stream.uniform() * 2))
        y.append(stream.uniform() < 0.8 ? x[t] : Int(stream.uniform() * 2))
      }
      first.append(x)
      second.append(y)
    }
    func set(_ y: [[Symbol]], given x: [[Symbol]]) -> SequenceSet {
      SequenceSet(y, alphabetSize: 2, inputs: InputVectors(perStep: x.map { $0.map { [Float($0)] } }))
    }
    func fit(_ word: String, _ set: SequenceSet) throws -> SequenceModel {
      try SequenceModel.fit(ModelSpecification(word + ",inputs=2/tau:input=none"), to: set, Toys.alphabet(2))
    }
    let modelOfA = try fit(a, set(first, given: second))
    let modelOfB = try fit(b, set(second, given: first))
    let all = Toys.allSequences(2, longest: 3).filter { $0.count == 3 }
    let pairs = all.flatMap { a in all.map { (a, $0) } }
    let scoresOfA = modelOfA.scores(of: set(pairs.map(\.0), given: pairs.map(\.1)))
    let scoresOfB = modelOfB.scores(of: set(pairs.map(\.1), given: pairs.map(\.0)))
    let sum = zip(scoresOfA, scoresOfB).reduce(0.0) { $0 + exp(-$1.0.natsElements - $1.1.natsElements) }
    #expect((abs(sum - 1) < 1e-12) == isSound, "\(sum)")
  }
}
