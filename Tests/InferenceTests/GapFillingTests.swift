import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Counts that are means over several sets, and so fractions, and the rounds that fill gaps with them.
@Suite struct GapFillingTests {
  /// The sets differ in elements, not in lengths, as fillings do.
  private static let sets: [SequenceSet] = {
    let set = Toys.set(alphabetSize: 3)
    return (0..<4).map { number in
      var stream = RandomStream(seed: 9, index: UInt64(number))
      return SequenceSet(
        (0..<set.count).map { index in set[index].map { stream.uniform() < 0.3 ? Int(stream.uniform() * 3) : $0 } },
        alphabetSize: 3)
    }
  }()
  private static let words = Toys.words.filter {
    $0.hasPrefix("markov") || $0.hasPrefix("vlmc") || $0.hasPrefix("ctw") || $0.hasPrefix("table:")
  }

  private func mean(_ word: String, of sets: [SequenceSet]) throws -> SequenceModel {
    try .fit(
      ModelSpecification(word), toMeanOf: sets, valid: sets[0], Toys.alphabet(sets[0].alphabetSize),
      FittingContext(seed: 3))
  }

  @Test func thereAreWords() { #expect(Self.words.count > 30, "\(Self.words.count)") }

  /// The mean of one set three times is that set: for every smoother and way to end.
  @Test(arguments: words) func theMeanOfTheSameIsTheSame(_ word: String) throws {
    let set = Toys.set(alphabetSize: 2)
    let (once, mean) = (try mean(word, of: [set]), try mean(word, of: [set, set, set]))
    // Of many events those are drawn on which parameters are tuned: three times as many of them are others.
    for sequence in Toys.allSequences(2, longest: 5) {
      let (expected, found) = (once.score(of: sequence).nats, mean.score(of: sequence).nats)
      #expect(expected == found || abs(expected - found) < 1e-9, "\(word), \(sequence): \(found), wanted \(expected)")
    }
  }

  /// With counts that are fractions each context still has a distribution, which is the same after its file was read, and
  /// the training data's score is the mean over the sets.
  @Test(arguments: words) func fractionsGiveDistributions(_ word: String) throws {
    let model = try mean(word, of: Self.sets)
    let process = model.conditional
    for sequence in Toys.allSequences(3, longest: 3) {
      let inputs = { model.inputs(time: $0, length: sequence.count + 1) }
      func sum<C: Conditional>(_ conditional: C) -> Double {
        var state = conditional.start(inputs(0))
        for (time, symbol) in sequence.enumerated() { conditional.advance(&state, past: symbol, inputs(time + 1)) }
        var prediction = Prediction(conditional.shape)
        conditional.predict(state, inputs(sequence.count), into: &prediction)
        return prediction.logProbabilities.reduce(0) { $0 + exp($1) }
      }
      let total = sum(process)
      #expect(abs(total - 1) < 1e-12, "\(word) after \(sequence): \(total)")
    }
    let read = try ModelFile.model(from: ModelFile.bytes(of: model))
    for index in 0..<Self.sets[0].count {
      let sequence = Array(Self.sets[0][index])
      let (expected, found) = (model.score(of: sequence).nats, read.score(of: sequence).nats)
      #expect(expected == found || abs(expected - found) < 1e-12, "\(word), \(sequence) from its file")
    }
  }

  /// Absolute discounting and Kneser–Ney of order 2, by their formulas.
  @Test(arguments: ["absolute:0.5", "kneser-ney"]) func fractionsAreSmoothed(_ smoothing: String) throws {
    let model = try mean("markov:2,smoothing=\(smoothing)/eos", of: Self.sets)
    let share = 1 / Double(Self.sets.count)
    var levels = [[[Int]: [Int: Double]]](repeating: [:], count: 3)
    for set in Self.sets {
      for index in 0..<set.count {
        let padded = [-1] + set[index] + [3]
        for end in 1..<padded.count {
          levels[min(end, 2)][Array(padded[max(end - 2, 0)..<end]), default: [:]][padded[end], default: 0] += share
        }
      }
    }
    for depth in [2, 1] {
      for (context, outcomes) in levels[depth] {
        for (outcome, count) in outcomes {
          levels[depth - 1][Array(context.dropFirst()), default: [:]][outcome, default: 0] +=
            smoothing == "kneser-ney" ? min(count, 1) : count
        }
      }
    }
    let discounts = levels.map { level -> Double in
      if smoothing != "kneser-ney" { return 0.5 }
      let counts = level.values.flatMap { $0.values }
      let n = [1.0, 2].map { whole in counts.reduce(0) { $0 + max(1 - abs($1 - whole), 0) } }
      return n[0] > 0 && n[1] > 0 ? n[0] / (n[0] + 2 * n[1]) : 0.75
    }
    func probability(_ outcome: Int, _ context: [Int]) -> Double {
      let lower = context.isEmpty ? 0.25 : probability(outcome, Array(context.dropFirst()))
      guard let counts = levels[context.count][context] else { return lower }
      let (total, discount) = (counts.values.reduce(0, +), discounts[context.count])
      let count = counts[outcome] ?? 0
      let free = counts.values.reduce(0) { $0 + discount * min($1, 1) }
      return (count - discount * min(count, 1) + free * lower) / total
    }
    var compared = 0
    for sequence in Toys.allSequences(3, longest: 4) {
      let padded = [-1] + sequence + [3]
      let expected = (1..<padded.count).reduce(0.0) {
        $0 - log(probability(padded[$1], Array(padded[max($1 - 2, 0)..<$1])))
      }
      let found = model.score(of: sequence).nats
      #expect(abs(found - expected) < 1e-9, "\(smoothing), \(sequence): \(found), wanted \(expected)")
      compared += 1
    }
    #expect(compared == 121)
  }

  /// A file that says how much an occurrence counts, and says what cannot be.
  @Test(arguments: [0, -1, 1 << 40]) func absurdUnitsAreRefused(_ unit: Int) throws {
    let whole = try TensorFile(ModelFile.bytes(of: mean("markov:1/halt", of: Self.sets)))
    #expect(try whole.counts("counts.unit") == [4])
    var file = whole.keeping(whole.tensors.keys.filter { $0 != "counts.unit" })
    file.metadata = whole.metadata
    file.set("counts.unit", counts: [unit])
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: file.serialized()) }
  }

  /// Without folds it is EM: log P(known) does not fall, and the model comes near to that of exact EM, whose expected counts
  /// are sums over all completions.
  @Test func roundsAreThoseOfExpectationMaximisation() throws {
    let truth = try Toys.model("markov:1,smoothing=ml/eos", alphabetSize: 2)
    let full = try truth.samples(0..<400, seed: 5).map(\.sequence)
    var stream = RandomStream(seed: 6)
    let masked = full.map { $0.map { stream.uniform() < 0.3 ? -1 : $0 } }
    var missing: [Int] = []
    for (position, symbol) in masked.joined().enumerated() where symbol < 0 { missing.append(position) }
    let set = SequenceSet(masked.map { $0.map { max($0, 0) } }, alphabetSize: 2, missing: missing)
    #expect(missing.count > 80)

    // P(next | last) with −1 for the start and 2 for the end.
    var rows = [[Double]](repeating: [1.0 / 3, 1.0 / 3, 1.0 / 3], count: 3)
    for _ in 0..<60 {
      var counts = [[Double]](repeating: [0, 0, 0], count: 3)
      for sequence in masked {
        let all = Toys.allSequences(2, longest: sequence.count).filter {
          $0.count == sequence.count && zip($0, sequence).allSatisfy { $1 < 0 || $0 == $1 }
        }
        let pairs = all.map { zip([-1] + $0, $0 + [2]).map { ($0 + 1, $1) } }
        let weights = pairs.map { $0.reduce(1.0) { $0 * rows[$1.0][$1.1] } }
        let total = weights.reduce(0, +)
        for (pairs, weight) in zip(pairs, weights) {
          for (last, next) in pairs { counts[last][next] += weight / total }
        }
      }
      rows = counts.map { row in row.map { $0 / row.reduce(0, +) } }
    }

    let filling = GapFilling(of: set, try Toys.alphabet(2), draws: 100, folds: 1)
    let specification = try ModelSpecification("markov:1,smoothing=ml/eos")
    var known: [Double] = []
    let filled = try filling.fill(with: [.init(specification, rounds: 12)], FittingContext(seed: 7)) {
      known.append($1)
    }
    #expect(known.count == 12)
    for (before, after) in zip(known, known.dropFirst()) {
      #expect(after > before - 1e-4 * Double(filling.knownEvents), "\(known)")
    }
    let model = try filling.fit(specification, to: filled, FittingContext(seed: 7))
    for (last, row) in rows.enumerated() {
      var state: [Symbol] = []
      if last > 0 { state = [last - 1] }
      for (next, probability) in row.enumerated() {
        let steps = model.stepScores(of: state + (next < 2 ? [next] : []))
        let found = exp(-steps[state.count].nats)
        #expect(abs(found - probability) < 0.01, "P(\(next) | \(last)): \(found), wanted \(probability)")
      }
    }
  }

  /// With folds the rounds end once the known elements become no more likely.
  @Test func roundsEnd() throws {
    var missing: [Int] = []
    let sequences = (0..<200).map { index in (0..<6).map { ($0 + index) % 3 } }
    for position in 0..<1200 where position % 5 == 0 { missing.append(position) }
    let set = SequenceSet(sequences, alphabetSize: 3, missing: missing)
    let filling = GapFilling(of: set, try Toys.alphabet(3))
    var known: [Double] = []
    let filled = try filling.fill(
      with: [.init(ModelSpecification("markov:2/eos"), rounds: 10)], FittingContext(seed: 1)
    ) {
      known.append($1)
    }
    #expect(known.count < 10 && known.count > 1, "\(known)")
    #expect(zip(known, known.dropFirst()).allSatisfy { $0 <= $1 }, "\(known)")
    let right = missing.count { position in
      filled.count { $0[position / 6].map { $0 }[position % 6] == sequences[position / 6][position % 6] } > filled.count
        / 2
    }
    #expect(right > missing.count * 9 / 10, "\(right) of \(missing.count)")
  }
}
