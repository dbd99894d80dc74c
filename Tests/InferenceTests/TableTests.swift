import Foundation
import GraphicalModel
import Inference
import Models
import Probability
import Sequences
import Testing

/// Tables with parents of one's own.
@Suite struct TableTests {
  /// With the last m elements as parents it is the Markov model, which is counted and asked otherwise.
  @Test(
    arguments: standardSmoothers.flatMap { $0.examples }.filter {
      (try? ModelSpecification("table:y1,smoothing=\($0)")) != nil
    },
    ["eos", "halt", "tau", "tau:input=none"])
  func theLastElementsAreAMarkovModel(_ smoothing: String, _ length: String) throws {
    for (order, parents) in [(0, "none"), (1, "y1"), (3, "y1+y2+y3")] {
      let markov = try Toys.model("markov:k=\(order),smoothing=\(smoothing)/\(length)", alphabetSize: 3)
      let table = try Toys.model("table:parents=\(parents),smoothing=\(smoothing)/\(length)", alphabetSize: 3)
      for sequence in Toys.allSequences(3, longest: 4) {
        let (own, other) = (table.score(of: sequence), markov.score(of: sequence))
        let comment: Comment = "\(order) \(sequence): \(own) \(other)"
        #expect(own.nats == other.nats || abs(own.nats - other.nats) <= 1e-12 * other.nats, comment)
        #expect(
          own.natsLength == other.natsLength || abs(own.natsLength - other.natsLength) <= 1e-12 * other.nats, comment)
      }
      #expect(table.freeParameters == markov.freeParameters)
      #expect(table.specification.growth() == markov.specification.growth())
    }
  }

  /// Maximum likelihood of a skip model, by counting with strings.
  @Test func skippingIsCountingWhatWasSkipped() throws {
    let set = Toys.set(alphabetSize: 3)
    var counts: [String: [Int: Int]] = [:]
    for index in 0..<set.count {
      let sequence = Array(set[index])
      for time in 0...sequence.count {
        let context = [1, 3].map { time >= $0 ? String(sequence[time - $0]) : "-" }.joined()
        counts[context, default: [:]][time < sequence.count ? sequence[time] : 3, default: 0] += 1
      }
    }
    let exact = counts.values.reduce(0.0) { sum, row in
      let total = Double(row.values.reduce(0, +))
      return sum - row.values.reduce(0) { $0 + Double($1) * log(Double($1) / total) }
    }
    for parents in ["y1+y3", "y3+y1"] {
      let model = try Toys.model("table:parents=\(parents),smoothing=ml/eos", alphabetSize: 3)
      #expect(abs(model.figures(on: set).nats - exact) <= 1e-12 * exact)
      #expect(model.storedParameters == counts.values.reduce(0) { $0 + $1.count })
    }
  }

  /// 120 sequences over three symbols: y(t) is mostly x(t) + y(t−2), x being a number or one-hot.
  private static func set(isOneHot: Bool) -> SequenceSet {
    var stream = RandomStream(seed: 8)
    var (sequences, inputs): ([[Symbol]], [[[Float]]]) = ([], [])
    for _ in 0..<120 {
      let values = (0..<Int(stream.uniform() * 8)).map { _ in Int(stream.uniform() * 3) }
      var sequence: [Symbol] = []
      for (time, x) in values.enumerated() {
        let right = (x + (time > 1 ? sequence[time - 2] : 0)) % 3
        sequence.append(stream.uniform() < 0.9 ? right : Int(stream.uniform() * 3))
      }
      sequences.append(sequence)
      inputs.append(values.map { x in isOneHot ? (0..<3).map { $0 == x ? 1 : 0 } : [Float(x)] })
    }
    return SequenceSet(sequences, alphabetSize: 3, inputs: InputVectors(perStep: inputs, width: isOneHot ? 3 : 1))
  }

  private static func model(_ word: String, isOneHot: Bool) throws -> SequenceModel {
    try SequenceModel.fit(ModelSpecification(word), to: set(isOneHot: isOneHot), Toys.alphabet(3))
  }

  /// Both ways of writing x say the same, and what the data are made of predicts them best.
  @Test func inputsAreValues() throws {
    var nats: [String: Double] = [:]
    for parents in ["x0+y2", "y2+x0", "x0", "y2", "x0+x1+y1", "x1+y2"] {
      let numbers = try Self.model(
        "table:parents=\(parents)\(parents.contains("x") ? ",inputs=3" : "")/tau", isOneHot: false)
      let oneHot = try Self.model("table:parents=\(parents)/tau", isOneHot: true)
      nats[parents] = numbers.figures(on: Self.set(isOneHot: false)).nats
      #expect(nats[parents] == oneHot.figures(on: Self.set(isOneHot: true)).nats)
      #expect(numbers.freeParameters == oneHot.freeParameters)
    }
    let best = try #require(nats.min { $0.value < $1.value })
    #expect(["x0+y2", "y2+x0"].contains(best.key), "\(nats)")
  }

  @Test(arguments: ["x0+y2", "y1+x1", "x2+x0"], ["eos", "halt", "tau", "tau:input=none"])
  func sumsToOneGivenInputs(_ parents: String, _ length: String) throws {
    let smoothing = parents == "y1+x1" ? "add:0.5" : "witten-bell"
    let model = try Self.model("table:parents=\(parents),smoothing=\(smoothing)/\(length)", isOneHot: true)
    let longest = 4
    let strings = Toys.allSequences(3, longest: longest + 1)
    // One of no value is as if there were none.
    for x: [Float] in [[0, 1, 0], [1, 0, 0], [0.5, 0, 0]] {
      let set = SequenceSet(strings, alphabetSize: 3, inputs: InputVectors(perSequence: strings.map { _ in x }))
      var sum = model.lengthLaw(given: set.input(0))?.tail(beyond: longest) ?? 0
      for (index, string) in strings.enumerated() {
        let steps = model.stepScores(of: string, x: set.input(index))
        if string.count <= longest {
          sum += exp(-steps.reduce(0) { $0 + $1.nats })
        } else if model.prior == nil {
          sum += exp(-steps.dropLast().reduce(0) { $0 + $1.nats })
        }
      }
      #expect(abs(sum - 1) < 1e-12, "\(x): \(sum)")
    }
    let set = Self.set(isOneHot: true)
    let read = try ModelFile.model(from: ModelFile.bytes(of: model))
    #expect(read.scores(of: set) == model.scores(of: set))
    #expect(try ModelFile.bytes(of: read) == ModelFile.bytes(of: model))
  }

  /// k − 1 or k numbers for each value of x and each context.
  @Test func countsFollowFromTheGraph() throws {
    func free(_ word: String, _ width: Int, _ longest: Int? = nil) throws -> String {
      String(try ModelSpecification(word).freeParameters(alphabetSize: 5, longest: longest, inputWidth: width))
    }
    #expect(try free("table:x0+y2/eos", 3) == "90")
    #expect(try free("table:x0+y2,inputs=4/halt", 1) == "120")
    #expect(try free("table:y1+y7", 0) == "155")
    // 4 (9 + 5 · 8 + 25 · 2) + 9
    #expect(try free("table:y1+y7/tau", 0, 9) == "405")
    #expect(try ModelSpecification("table:y1+y7").growth() == "k·Σ_{j≤2} k^j")
    #expect(try ModelSpecification("table:x0+y2").growth() == "k·d·Σ_{j≤1} k^j")
    #expect(try ModelSpecification("table:none").growth() == "k")
    let graph = try ModelSpecification("table:y1+y3/tau:input=none").template(alphabetSize: 2).unrolled(steps: 6)
    #expect(try graph.isSeparated("y6 ; y1 | y2, y3, y4, y5"))
    #expect(try !graph.isSeparated("y6 ; y3 | y1, y2, y4, y5"))
  }

  @Test func aTemplateIsAFamily() throws {
    let k = Size("k", 3)
    func template(_ parents: [DirectedTemplate.Parent]) -> DirectedTemplate {
      DirectedTemplate([
        .init("x", .input, domain: .values(3)),
        .init("y", .random, domain: .values(k), parents: parents, conditional: .table(outcomes: k)),
      ])
    }
    let family = try TableFamily(template([.init("x", lags: [0]), .init("y", lags: [7, 1])]))
    #expect(family.word(complete: true) == "table:parents=x0+y7+y1,smoothing=witten-bell,inputs=3")
    #expect(throws: SpecificationError.self) { try TableFamily(template([.init("y", .everyEarlier)])) }
    #expect(throws: GraphError.cycle(["y(t)", "y(t)"])) { try TableFamily(template([.init("y", lags: [0])])) }
  }

  @Test(arguments: [
    ("table", "needs its parents"), ("table:y0", "y(t) → y(t)"), ("table:y1+y1", "different"), ("table:z1", "'z1'"),
    ("table:y", "'y'"), ("table:y1+", "''"), ("table:y1001", "'y1001'"), ("table:y+1", "'y'"),
    ("table:", "option=value"),
    ("table:y1,smoothing=kneser-ney", "for markov alone"), ("table:y1,smoothing=add:auto", "for markov alone"),
    ("table:y1,inputs=3", "no parent"), ("table:x0,inputs=1", "at least 2|from 2"),
  ])
  func wrongWords(_ word: String, _ part: String) {
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification(word) }
    #expect(
      part.split(separator: "|").contains { part in error.map { "\($0)".contains(part) } == true },
      "\(String(describing: error))")
  }

  @Test func wrongInputs() throws {
    #expect(throws: SpecificationError.self) { try Toys.model("table:x0", alphabetSize: 2) }
    #expect(throws: SpecificationError.self) { try Self.model("table:x0", isOneHot: false) }
    let halves = SequenceSet([[0, 1]], alphabetSize: 2, inputs: InputVectors(perStep: [[[1, 1], [1, 0]]]))
    let error = #expect(throws: SpecificationError.self) {
      try SequenceModel.fit(ModelSpecification("table:x0"), to: halves, Toys.alphabet(2))
    }
    #expect(error.map { "\($0)".contains("sequence 1 at step 1") } == true)
    // A fitted model looks at no others either.
    let model = try Self.model("table:x0,inputs=3/tau", isOneHot: false)
    #expect(throws: Never.self) { try model.check(InputVectors(perSequence: [[0], [2]])) }
    for wrong in [3, 0.5, -1, 3e9] as [Float] {
      let error = #expect(throws: DataError.self) { try model.check(InputVectors(perSequence: [[0], [wrong]])) }
      #expect(error.map { "\($0)".contains("sequence 2 at step 1") } == true)
    }
  }
}
