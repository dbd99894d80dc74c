import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

@Suite struct NoveltyTests {
  /// Spans against a search for every stretch of every draw in every training sequence.
  @Test func spansAreTheLongestStretches() {
    var stream = RandomStream(seed: 4)
    func sequences(_ count: Int) -> [[Symbol]] {
      (0..<count).map { _ in (0..<Int(stream.uniform() * 12)).map { _ in Int(stream.uniform() * 3) } }
    }
    let (training, draws) = (sequences(40), sequences(100))
    func stands(_ stretch: [Symbol]) -> Bool {
      training.contains { text in
        (0..<max(text.count - stretch.count + 1, 0)).contains { Array(text[$0..<($0 + stretch.count)]) == stretch }
      }
    }
    let longest = draws.map { draw in
      (0...draw.count).reversed().first { length in
        (0...(draw.count - length)).contains { stands(Array(draw[$0..<($0 + length)])) }
      } ?? 0
    }
    let found = Novelty(of: draws, training: SequenceSet(training, alphabetSize: 3), threads: 2).samples
    #expect(found.sequences == 100)
    #expect(abs(found.meanSpan - Double(longest.reduce(0, +)) / 100) < 1e-12)
    #expect(found.longestSpan == longest.max())
    #expect(found.inTraining == Double(draws.count { training.contains($0) }) / 100)
    #expect(found.distinct == Double(Set(draws).count) / 100)
  }

  /// Runs and periods, whose suffixes are alike for long.
  @Test func spansOfRepetitions() {
    func period(_ symbols: [Symbol], _ count: Int) -> [Symbol] {
      Array(repeatElement(symbols, count: count).joined())
    }
    let training = SequenceSet([period([0], 300), period([0, 1], 100), period([0], 20_000)], alphabetSize: 2)
    let draws = [[1] + period([0], 250), period([0], 20_001), period([0, 1], 80) + [1], period([1, 0], 120)]
    let found = Novelty(of: draws, training: training).samples
    #expect(found.meanSpan == Double(250 + 20_000 + 160 + 200) / 4 && found.longestSpan == 20_000)
  }

  /// Lengths 1 × 30 and 2 × 10 against 1 × 10 and 2 × 10: 40 and 20 expect 26⅔, 13⅓ and 13⅓, 6⅔.
  @Test func lengthsAreHeldAgainstEachOther() throws {
    let draws = Array(repeating: [0], count: 30) + Array(repeating: [0, 0], count: 10)
    let heldOut = Array(repeating: [0], count: 10) + Array(repeating: [0, 0], count: 10)
    let novelty = Novelty(
      of: draws, training: SequenceSet([[0]], alphabetSize: 1), heldOut: SequenceSet(heldOut, alphabetSize: 1))
    let test = try #require(novelty.tests.first { $0.name == "length" })
    let part = { (observed: Double, expected: Double) in (observed - expected) * (observed - expected) / expected }
    let wanted = part(30, 80.0 / 3) + part(10, 40.0 / 3) + part(10, 40.0 / 3) + part(10, 20.0 / 3)
    #expect(abs(test.chiSquare - wanted) < 1e-12 && test.degreesOfFreedom == 1)
    #expect(abs((test.pValue ?? 0) - chiSquareTail(wanted, degreesOfFreedom: 1)) < 1e-15)
  }

  /// Two sets of draws from one model are alike, those of two models are not.
  @Test func testsTellModelsApart() throws {
    let (one, other) = (
      try Toys.model("markov:2/eos", alphabetSize: 3), try Toys.model("markov:0/eos", alphabetSize: 3)
    )
    func set(_ model: SequenceModel, _ seed: UInt64) throws -> [[Symbol]] {
      try model.samples(5000, seed: seed).map(\.sequence)
    }
    let heldOut = SequenceSet(try set(one, 21), alphabetSize: 3)
    let training = SequenceSet([[0]], alphabetSize: 3)
    let same = Novelty(of: try set(one, 22), training: training, heldOut: heldOut)
    #expect(try #require(same.tests[0].pValue) > 1e-4, "seeds 21, 22")
    let different = Novelty(of: try set(other, 22), training: training, heldOut: heldOut)
    #expect(try #require(different.tests[2].pValue) < 1e-6)
  }
}

@Suite struct EndTests {
  /// Draws of a model itself: it stops as often as it says.
  @Test(arguments: ["markov:2/eos", "markov:2/halt", "ctw:2/halt", "gru:4,epochs=3/eos"])
  func aModelIsCalibratedOnItsOwnDraws(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let set = SequenceSet(try model.samples(4000, seed: 12, threads: 2).map(\.sequence), alphabetSize: 3)
    let calibration = try #require(StopCalibration(of: model, on: set, threads: 2))
    #expect(calibration.groups.reduce(0) { $0 + $1.decisions } == set.symbolCount + set.count)
    print("\(word): seed 12, chi-square \(calibration.chiSquare), p = \(calibration.pValue ?? 0)")
    #expect(try #require(calibration.pValue) > 1e-4)
    #expect(calibration.error < 0.02)
    #expect(StopCalibration(of: model, on: set, threads: 1) == calibration)
  }

  /// A model of order 0 has one prediction: (4 − 10 p)² / (10 p (1 − p)) with 4 ends in 10 decisions.
  @Test func onePredictionIsOneGroup() throws {
    let model = try Toys.model("markov:0,smoothing=add:1/halt", alphabetSize: 2)
    let set = SequenceSet([[0, 1], [0], [], [1, 1, 1]], alphabetSize: 2)
    let calibration = try #require(StopCalibration(of: model, on: set))
    let group = try #require(calibration.groups.first)
    #expect(calibration.groups.count == 1 && group.decisions == 10 && abs(group.actual - 0.4) < 1e-12)
    let p = group.predicted
    #expect(abs(calibration.chiSquare - (4 - 10 * p) * (4 - 10 * p) / (10 * p * (1 - p))) < 1e-9)
    #expect(StopCalibration(of: try Toys.model("markov:0/tau", alphabetSize: 2), on: set) == nil)
  }

  /// Nats of last elements and of all others, one by one.
  @Test(arguments: ["markov:2/eos", "markov:1/halt", "markov:2/tau", "gru:4,epochs=2/tau:input=none"])
  func abruptEndsAreMeansOverElements(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let set = Toys.set(alphabetSize: 3)
    let figure = try #require(FinalElementLoss(of: model, on: set, threads: 2))
    var (last, others): ([Double], [Double]) = ([], [])
    for index in 0..<set.count where set.length(index) > 0 {
      let steps = model.stepScores(of: set[index]).dropFirst(model.prior == nil ? 0 : 1).prefix(set.length(index))
      last.append(steps.last?.natsElements ?? 0)
      others += steps.dropLast().map(\.natsElements)
    }
    #expect(figure.sequences == last.count)
    #expect(abs(figure.last - last.reduce(0, +) / Double(last.count)) < 1e-12)
    #expect(abs(figure.others - others.reduce(0, +) / Double(others.count)) < 1e-12)
    #expect(figure.difference == figure.last - figure.others && figure.standardError > 0)
    #expect(FinalElementLoss(of: model, on: SequenceSet([[], [1]], alphabetSize: 3)) == nil)
  }
}
