import BigInt
import Models
import Sequences
import Testing

/// How elements see the length, and what that costs.
@Suite struct LengthInputTests {
  private static let forms = ["knots", "number", "bucket:2", "bucket:3", "bucket:4", "embedding:2", "embedding:5"]

  /// The buckets are of 0, 1, 2–3, 4–7, …; an embedding's last row is for all that is larger.
  @Test func labels() {
    #expect(
      (0..<10).map { LengthInput(.remaining, as: .bucket(4)).label(time: 0, length: $0) } == [
        0, 1, 2, 2, 3, 3, 3, 3, 3, 3,
      ])
    #expect(
      (0..<6).map { LengthInput(.remaining, as: .embedding(4)).label(time: 0, length: $0) } == [0, 1, 2, 3, 3, 3])
    #expect((0..<4).map { LengthInput(.remaining).label(time: $0, length: 4) } == [4, 3, 2, 1])
    #expect((0..<4).map { LengthInput(.total).label(time: $0, length: 4) } == [4, 4, 4, 4])
  }

  /// Contexts of Markov models counted one by one: what of y(t−1), y(t−2), t and the length's label can come together in
  /// sequences of at most T elements.
  @Test(arguments: forms, ["remaining", "total"])
  func parametersAreCounted(_ form: String, _ input: String) throws {
    for (order, time) in [(0, "none"), (1, "none"), (2, "none"), (1, "each"), (2, "bucket:3")] {
      let word = "markov:\(order)" + (time == "none" ? "" : ",time=\(time)") + "/tau:as=\(form),input=\(input)"
      let specification = try ModelSpecification(word)
      let shape = specification.shape(alphabetSize: 3)
      for longest in 0...9 {
        let k = 3
        var contexts: Set<[Int]> = []
        for length in stride(from: 1, through: longest, by: 1) {
          for t in 0..<length {
            let label = try #require(shape.lengthLabel(time: t, length: length))
            // t as such where the context does not tell it otherwise: beyond the order, in its stretch.
            let place = time == "none" ? min(t, order) : time == "each" || t < order ? t : max(order, min(t, 2))
            contexts.insert([min(t, order), place, label])
          }
        }
        let assignments = contexts.reduce(BigInt(0)) { $0 + BigInt(k).power($1[0]) }
        let free = try specification.freeParameters(alphabetSize: k, longest: longest)
        #expect(free == assignments * BigInt(k - 1) + BigInt(longest), "\(word), T = \(longest)")
      }
    }
  }

  /// Full tables see the label of τ at all steps.
  @Test(arguments: forms)
  func parametersOfFullTablesAreCounted(_ form: String) throws {
    let specification = try ModelSpecification("tabular/tau:as=\(form)")
    let shape = specification.shape(alphabetSize: 2)
    for longest in 0...9 {
      var contexts: Set<[Int]> = []
      for length in stride(from: 1, through: longest, by: 1) {
        for t in 0..<length { contexts.insert([t, shape.lengthLabel(time: 0, length: length) ?? -1]) }
      }
      let assignments = contexts.reduce(BigInt(0)) { $0 + BigInt(2).power($1[0]) }
      #expect(try specification.freeParameters(alphabetSize: 2, longest: longest) == assignments + BigInt(longest))
    }
  }

  @Test(arguments: [("as=number", 1), ("as=bucket:5", 5), ("as=embedding:9", 9), ("as=knots", 16)])
  func networksSeeSoManyNumbers(_ form: String, _ width: Int) throws {
    func free(_ length: String) throws -> BigInt {
      try ModelSpecification("gru:7/tau:prior=poisson,\(length)").freeParameters(alphabetSize: 4, longest: nil)
    }
    #expect(try free(form) - free("input=none") == BigInt(3 * 7 * width))
  }

  @Test(arguments: [
    "as=bucket", "as=bucket:1", "as=bucket:64", "as=embedding:0", "as=knots:3", "as=x", "input=none,as=number",
  ])
  func badFormsAreRefused(_ options: String) {
    #expect(throws: SpecificationError.self) { try ModelSpecification("markov:1/tau:\(options)") }
  }

  /// Beyond the longest sequence of the training a network sees the longest, in its file as well: what it would make of larger
  /// numbers nobody has taught it.
  @Test(arguments: forms, ["remaining", "total"])
  func networksDoNotExtrapolate(_ form: String, _ input: String) throws {
    let set = SequenceSet((0..<40).map { Array(repeating: $0 % 2, count: $0 % 10) }, alphabetSize: 2)
    let model = try SequenceModel.fit(
      ModelSpecification("gru:3,epochs=2/tau:as=\(form),input=\(input)"), to: set, valid: set,
      Alphabet(symbols: ["a", "b"], kind: .characters))
    for model in [model, try ModelFile.model(from: ModelFile.bytes(of: model))] {
      func first(_ length: Int) -> Double { logProbability(model.conditional, model.inputs(time: 0, length: length)) }
      #expect([10, 11, 64, 5000].allSatisfy { first($0) == first(9) })
    }
  }

  private func logProbability<C: Conditional>(_ conditional: C, _ inputs: StepInputs) -> Double {
    conditional.logProbability(of: 0, conditional.start(inputs), inputs)
  }
}
