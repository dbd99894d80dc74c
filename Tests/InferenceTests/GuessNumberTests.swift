import Foundation
import Inference
import ModelCore
import Models
import Probability
import Sequences
import Testing

/// Guess numbers by samples against exact ranks.
@Suite struct GuessNumberTests {
  /// 100 sequences of up to 5 of 3 symbols.
  private static let set: SequenceSet = {
    var stream = RandomStream(seed: 5)
    let sequences = (0..<100).map { _ in
      (0..<Int(stream.uniform() * 6)).map { _ in min(Int(stream.uniform() * stream.uniform() * 4), 2) }
    }
    return SequenceSet(sequences, alphabetSize: 3)
  }()

  /// log P of every sequence of a Markov chain of order 1 with an end that has at least so much, by multiplication of its
  /// table.
  private func enumerated(_ model: SequenceModel, atLeast least: Double) throws -> [Double] {
    let table = try [[], [0], [1], [2]].map { try model.next(after: $0) }
    let (stop, symbols) = (table.map { log($0.end) }, table.map { $0.probabilities.map { log($0) } })
    var (found, beginnings) = ([Double](), [(state: 0, logProbability: 0.0)])
    // Every sequence ends some time.
    let mostOfBeginnings = least - (stop.max() ?? 0)
    while let (state, logProbability) = beginnings.popLast() {
      if logProbability + stop[state] >= least { found.append(logProbability + stop[state]) }
      for (symbol, more) in symbols[state].enumerated() where logProbability + more >= mostOfBeginnings {
        beginnings.append((symbol + 1, logProbability + more))
      }
    }
    return found.sorted(by: >)
  }

  /// Of 200 sequences that another seed draws 99 % lie within three standard errors of the enumeration.
  @Test(arguments: ["eos", "halt"]) func withinThreeStandardErrors(_ length: String) throws {
    let model = try SequenceModel.fit(
      ModelSpecification("markov:1,smoothing=add:1/\(length)"), to: Self.set, Toys.alphabet(3))
    let guessing = try GuessNumbers(of: model, samples: 100_000, seed: 1)
    #expect(guessing.complete == 100_000)
    let passwords = try model.samples(200, seed: 2).map { -$0.score.nats }
    let all = try enumerated(model, atLeast: passwords.min() ?? 0)
    var close = 0
    for password in passwords {
      let exact = 1 + all.prefix { $0 > password + 1e-9 }.count
      let number = guessing.number(nats: -password)
      let error = try #require(number.standardError)
      if abs(number.guesses - Double(exact)) <= 3 * error + 1e-6 { close += 1 }
      #expect(abs(number.log10Guesses - log10(number.guesses)) < 1e-9)
    }
    #expect(Set(passwords).count > 60)
    #expect(close >= 198, "\(close) of 200")
  }

  /// Every kind of model, /tau and networks among them: sequences of which 20 of the samples or more are expected are off by
  /// five standard errors and a tenth at most.
  @Test(arguments: Toys.words) func ofEveryModel(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    let guessing = try GuessNumbers(of: model, samples: 4000, seed: 3)
    let all = Toys.allSequences(2, longest: 10).map { model.score(of: $0).nats }
    for nats in all.prefix(50) where nats < log(4000 / 20) {
      // Sequences that are as probable but for rounding may be counted or not.
      let (least, most) = (1 + all.count { $0 < nats - 1e-5 }, 1 + all.count { $0 < nats + 1e-5 })
      let number = guessing.number(nats: nats)
      let allowed = 5 * (number.standardError ?? .nan) + 0.1 * Double(least)
      #expect(number.guesses >= Double(least) - allowed && number.guesses <= Double(most) + allowed, "\(word) \(nats)")
    }
  }

  @Test func threadsChangeNothing() throws {
    let model = try Toys.model("gru:4,epochs=1/eos", alphabetSize: 2)
    let (one, three) = try (
      GuessNumbers(of: model, samples: 1500, seed: 1), GuessNumbers(of: model, samples: 1500, seed: 1, threads: 3)
    )
    for nats in [0.5, 2, 4, 8] { #expect(one.number(nats: nats) == three.number(nats: nats)) }
  }

  /// The four sequences are equally probable, so that none is more probable than another; a fifth never comes.
  @Test func equalsAreNotMoreProbable() throws {
    let set = SequenceSet([[0, 0], [0, 1], [1, 0], [1, 1]], alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification("tabular:smoothing=ml/eos"), to: set, Toys.alphabet(2))
    let guessing = try GuessNumbers(of: model, samples: 100, seed: 1)
    for sequence in [[0, 0], [0, 1], [1, 0], [1, 1]] {
      let number = guessing.number(nats: model.score(of: sequence).nats)
      #expect(number.guesses == 1 && number.standardError == 0)
    }
    let never = guessing.number(nats: model.score(of: [0]).nats)
    #expect(never.guesses == .infinity && never.standardError == nil)
  }

  /// Numbers beyond any `Double`, by hand: 1 + (e^1000 + e^2000)/2 is e^2000/2, and its standard error as large.
  @Test func hugeNumbers() {
    let guessing = GuessNumbers(nats: [2000, 1000], samples: 2, slack: 0)
    let number = guessing.number(nats: 3000)
    #expect(abs(number.log10Guesses - (2000 - log(2)) / log(10)) < 1e-9)
    #expect(number.guesses == .infinity && number.standardError == .infinity)
    // 1 + e^10/2, with the terms e^10 and 0 (of a sample that was cut): the error of their mean is e^10/2.
    let cut = GuessNumbers(nats: [10], samples: 2, slack: 0).number(nats: 11)
    #expect(abs(cut.guesses - (1 + exp(10) / 2)) < 1e-6)
    #expect(abs((cut.standardError ?? .nan) - exp(10) / 2) < 1e-6)
    #expect(guessing.number(nats: 1000).guesses == 1)
  }

  @Test func curves() {
    func number(_ guesses: Double) -> GuessNumber { GuessNumber(logGuesses: log(guesses), standardError: 0) }
    let curve = GuessingCurve([number(1000), number(1), number(.infinity), number(5)])
    #expect([0, 1, 2, 3, 4].map { curve.share(within: $0) } == [0.25, 0.5, 0.5, 0.75, 0.75])
    #expect([0.25, 0.5, 0.75].map { (pow(10, curve.quantile($0) ?? .nan)).rounded() } == [1, 5, 1000])
    #expect(curve.quantile(0.76) == .infinity && curve.powers == [0, 1, 2, 3])
    #expect(GuessingCurve([]).quantile(0.5) == nil && GuessingCurve([]).powers == [0])
    #expect(GuessingCurve([GuessNumber(logGuesses: 1000, standardError: nil)]).powers.count <= 21)
  }

  @Test func modelsThatNeverEndAreRefused() throws {
    let set = SequenceSet([Array(repeating: 0, count: 50)], alphabetSize: 1)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:0/tau:prior=poisson"), to: set, Toys.alphabet(1))
    #expect(try GuessNumbers(of: model, samples: 10, seed: 1).complete == 10)
    let endless = try SequenceModel.fit(
      ModelSpecification("markov:1,smoothing=ml/eos"),
      to: SequenceSet([Array(repeating: 0, count: 3_000_000)], alphabetSize: 1), Toys.alphabet(1))
    #expect(throws: SpecificationError.self) { try GuessNumbers(of: endless, samples: 3, seed: 1) }
  }
}
