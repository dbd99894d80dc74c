import BigInt
import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Columns of categories: what they have in common with symbols, and closed forms.
@Suite struct CategoryTests {
  /// Sequences of levels, ragged, an empty one among them; each level depends on the one before and on the lower column.
  private func sequences(_ levels: [Int], count: Int = 40, seed: UInt64 = 4) -> [[[Double]]] {
    var stream = RandomStream(seed: seed, purpose: "categories")
    return (0..<count).map { i in
      var y = levels.map { _ in 0 }
      return (0..<i % 7).map { _ in
        for column in levels.indices {
          let step = stream.uniform() < 0.6 ? 1 : Int(stream.uniform() * 5)
          y[column] = (y[column] + step + (column > 0 ? y[column - 1] : 0)) % levels[column]
        }
        return y.map(Double.init)
      }
    }
  }

  private func set(_ sequences: [[[Double]]], _ levels: [Int], inputs: InputVectors? = nil) -> VectorSequences {
    VectorSequences(sequences, width: levels.count, .categories, levels: levels, inputs: inputs)
  }

  private func symbols(_ sequences: [[Int]], k: Int, _ word: String) throws -> (SequenceModel, SequenceSet) {
    let set = SequenceSet(sequences, alphabetSize: k)
    let alphabet = try Alphabet(symbols: (0..<k).map { "s\(100 + $0)" }, kind: .words)
    return (try SequenceModel.fit(ModelSpecification(word), to: set, alphabet), set)
  }

  /// A symbol is a column of its own: the same tables, the same smoothing, the same nats.
  @Test(arguments: [0, 1], ["add:1", "add:0.25", "ml"])
  func oneColumnIsASymbol(order: Int, smoothing: String) throws {
    let all = sequences([4])
    let categories = set(all, [4])
    let model = try Synthetic.fit("markov:\(order),components=tables,smoothing=\(smoothing)/halt", categories)
    let (wanted, set) = try symbols(
      all.map { $0.map { Int($0[0]) } }, k: 4, "markov:\(order),smoothing=\(smoothing)/halt")
    for (one, other) in zip(model.scores(of: categories), wanted.scores(of: set)) {
      #expect(abs(one.natsElements - other.natsElements) < 1e-12 * max(1, other.natsElements))
      // The stop decision of tables of components looks at nothing; that of symbols has their context.
      if order == 0 { #expect(abs(one.natsLength - other.natsLength) < 1e-12 * max(1, other.natsLength)) }
    }
  }

  /// p(y1) p(y2 | y1) by unsmoothed tables is the distribution of pairs.
  @Test func pairsAreAChain() throws {
    let all = sequences([3, 4])
    let categories = set(all, [3, 4])
    let (wanted, set) = try symbols(
      all.map { $0.map { Int($0[0]) * 4 + Int($0[1]) } }, k: 12, "markov:0,smoothing=ml/halt")
    let word = "markov:0,components=tables,emission=categorical:autoregressive,smoothing=ml/halt"
    let model = try Synthetic.fit(word, categories)
    for (one, other) in zip(model.scores(of: categories), wanted.scores(of: set)) {
      #expect(abs(one.nats - other.nats) < 1e-12 * max(1, other.nats))
    }
    // The regression has a weight for each pair too: but for its ridge and half an observation of each level it is the same.
    let many = self.set(sequences([3, 4], count: 4000), [3, 4])
    let (tables, regression) = (
      try Synthetic.fit(word, many),
      try Synthetic.fit("markov:0,emission=categorical:autoregressive,ridge=1e-6/halt", many)
    )
    let gap = tables.logLikelihood(many) - regression.logLikelihood(many)
    #expect(gap > 0 && gap < 1, "\(gap)")
  }

  /// Σ over all vectors of 2 and 3 levels is 1 after any past.
  @Test(arguments: Synthetic.words.filter { $0.values == .categories }.map(\.word) + ["gru:3,epochs=1"])
  func vectorsSumToOne(word: String) throws {
    let model = try Synthetic.fit(
      "\(word)/halt", set(sequences([2, 3]), [2, 3]), valid: set(sequences([2, 3]), [2, 3]))
    for past in [[], [[1, 2]], [[1, 0], [0, 2], [1, 1]]] as [[[Double]]] {
      let sum = (0..<6).reduce(0.0) { sum, number in
        let y = [Double(number % 2), Double(number / 2)]
        return sum + exp(-model.score(of: past + [y]).natsElements + model.score(of: past).natsElements)
      }
      #expect(abs(sum - 1) < (word.hasPrefix("gru") ? 1e-5 : 1e-12), "\(sum) after \(past)")
    }
  }

  /// Intercepts alone are the frequencies with half an observation of each level more.
  @Test func orderZeroIsInClosedForm() throws {
    let train = set(sequences([3, 4]), [3, 4])
    let model = try Synthetic.fit("markov:0,emission=categorical,ridge=1/tau:input=none", train)
    let counts = train.levelCounts()
    let n = Double(train.elementCount)
    for y in [[0, 0], [2, 3], [1, 2]] as [[Double]] {
      let wanted = zip(counts, y).reduce(0.0) {
        $0 + log((Double($1.0[Int($1.1)]) + 0.5) / (n + Double($1.0.count) / 2))
      }
      #expect(abs(-model.score(of: [y]).natsElements - wanted) < 1e-7)
    }
  }

  /// Of two levels it is the logistic regression of a bit: the difference of the weights has half their penalty.
  @Test func twoLevelsAreABit() throws {
    let all = sequences([2], count: 60)
    var stream = RandomStream(seed: 2)
    let inputs = InputVectors(
      perStep: all.map { $0.map { y in [Float(y[0] + 2 * stream.normal()), Float(stream.normal())] } }, width: 2)
    let categories = set(all, [2], inputs: inputs)
    let bits = VectorSequences(all, width: 1, .bits, inputs: inputs)
    let one = try Synthetic.fit("markov:0,emission=categorical,ridge=2/tau:input=none", categories)
    let other = try Synthetic.fit("markov:0,emission=bernoulli,ridge=1/tau:input=none", bits)
    for (one, other) in zip(one.scores(of: categories), other.scores(of: bits)) {
      #expect(abs(one.natsElements - other.natsElements) < 1e-6)
    }
  }

  /// By hand: of 2 and 3 levels 5 rows of weights for 1, two indicators and two lags of 5 levels, 6 from level to level; tables of
  /// contexts of 0, 1 and 2 levels, 3 levels given 2 of the lower column.
  @Test func parametersByHand() throws {
    func free(_ word: String) throws -> BigInt {
      try Synthetic.fit("\(word)/tau:input=none,prior=poisson", set(sequences([2, 3]), [2, 3])).freeParameters - 1
    }
    #expect(try free("markov:2") == BigInt(5 * (1 + 2 + 10) + 6))
    #expect(try free("markov:2,emission=categorical") == BigInt(5 * 13))
    #expect(try free("markov:2,components=tables") == BigInt(7 * 1 + 13 * 2))
    #expect(
      try free("markov:1,components=tables,emission=categorical:autoregressive") == BigInt(3 * 1 + 4 * 2 * 2))
  }

  /// A column with one level, one with a hundred of which most do not occur, and no data at all.
  @Test(arguments: Synthetic.words.filter { $0.values == .categories }.map(\.word))
  func unusualLevels(word: String) throws {
    let all = sequences([1, 3])
    for (levels, sequences) in [([1, 3], all), ([100, 3], all), ([1, 1], [[]]), ([2, 2], [])] {
      let train = set(sequences, levels)
      let model = try Synthetic.fit("\(word)/halt", train)
      #expect(model.scores(of: train).allSatisfy { $0.nats.isFinite })
      let samples = try model.samples(5, seed: 1)
      #expect(samples.allSatisfy { model.refusal($0.sequence) == nil })
      // What no data have has a probability all the same.
      #expect(model.score(of: [levels.map { Double($0 - 1) }]).nats.isFinite)
    }
  }

  /// The largest words of tables and regressions are refused with what helps.
  @Test func whatIsTooLargeIsRefused() throws {
    let train = set([[[0, 0]]], [5000, 2])
    for word in ["markov:1", "markov:1,components=tables", "markov:2,emission=categorical"] {
      #expect {
        try Synthetic.fit("\(word)/halt", train)
      } throws: {
        "\($0)".contains("a smaller k")
      }
    }
    for word in ["markov:0", "markov:0,components=tables,emission=categorical:autoregressive,smoothing=ml"] {
      #expect(try Synthetic.fit("\(word)/halt", train).logLikelihood(train).isFinite)
    }
  }

  /// Columns in a file that cannot be those of data are refused.
  @Test func hostileColumnsAreRefused() throws {
    let file = try TensorFile(ModelFile.bytes(of: Synthetic.fit("markov:1/halt", set(sequences([2, 3]), [2, 3]))))
    let json = try #require(file.metadata["chainrule.columns"])
    #expect(json.contains("[[\"0\",\"1\"],[\"0\",\"1\",\"2\"]]"))
    for levels in [
      "[[\"0\",\"1\"],[\"0\",\"1\"]]", "[[\"0\",\"1\"],[\"0\",\"1\",\"1\"]]", "[[\"0\",\"1\"],[\"0\",\"1\",\"\"]]",
      "[[\"0\",\"1\"]]", "[[],[\"0\",\"1\",\"2\"]]", "[]", "null",
    ] {
      var hostile = file
      hostile.metadata["chainrule.columns"] = json.replacing("[[\"0\",\"1\"],[\"0\",\"1\",\"2\"]]", with: levels)
      #expect(throws: ModelFileError.self, "\(levels)") {
        try ModelFile.model(from: hostile.serialized(), as: VectorModel.self, registry: .standard)
      }
    }
  }
}
