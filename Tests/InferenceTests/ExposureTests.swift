import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

@Suite struct ExposureTests {
  private static let lengths = ["eos", "halt", "tau:input=remaining", "tau:input=total", "tau:input=none"]
  private static let families = ["markov:1,smoothing=add:0.5", "rnn:hidden=4,epochs=2", "lstm:hidden=3,epochs=2"]

  /// What a model has drawn itself makes no difference to one that does not look at it.
  @Test(arguments: lengths)
  func withoutMemoryThereIsNoExposure(_ length: String) throws {
    let model = try Toys.model("markov:0/\(length)", alphabetSize: 3)
    let exposure = Exposure(of: model, on: Toys.set(alphabetSize: 3), steps: [0, 1, 2])
    #expect(exposure.rows.map(\.steps) == [0, 1, 2])
    for row in exposure.rows { #expect(abs(row.difference ?? 1) < 1e-12) }
  }

  /// Nor to a network without feedback.
  @Test(arguments: ["eos", "halt", "tau"])
  func withoutFeedbackThereIsNoExposure(_ length: String) throws {
    let toys = Toys.set(alphabetSize: 3)
    let inputs = InputVectors(perSequence: (0..<toys.count).map { [Float($0 % 5) - 2] })
    let set = SequenceSet((0..<toys.count).map { Array(toys[$0]) }, alphabetSize: 3, inputs: inputs)
    let model = try SequenceModel.fit(
      ModelSpecification("gru:hidden=3,feedback=none,epochs=2/\(length)"), to: set, Toys.alphabet(3),
      FittingContext(seed: Toys.seed))
    let steps = [0, 1, 2, 3, 9]
    let exposure = Exposure(of: model, on: set, steps: steps)
    // Those that some decision comes after.
    #expect(exposure.rows.map(\.steps) == steps.filter { $0 < model.conditional.shape.steps(length: set.longest) })
    #expect(exposure.rows.count >= 3)
    for row in exposure.rows { #expect(abs(row.difference ?? 1) < 1e-12) }
  }

  /// After none of its own elements a model is where teacher forcing leaves it, and all its decisions are its score.
  @Test(arguments: families, lengths)
  func noneOfItsOwnIsTeacherForcing(_ family: String, _ length: String) throws {
    let model = try Toys.model("\(family)/\(length)", alphabetSize: 3)
    let set = Toys.set(alphabetSize: 3)
    let exposure = Exposure(of: model, on: set, steps: [0])
    let row = try #require(exposure.rows.first)
    #expect(row.exposed == row.teacherForced && row.difference == 0 && row.impossible == 0)
    #expect(exposure.places == exposure.allPlaces && row.decisions == exposure.places)
    let nats = (0..<set.count).reduce(0) { sum, index in
      sum + model.score(of: set[index]).nats + (model.lengthLaw()?.logProbability(set.length(index)) ?? 0)
    }
    #expect(abs(row.exposed.nats * Double(row.decisions) - nats) < 1e-9 * nats)
  }

  @Test(arguments: families, lengths)
  func threadsChangeNothing(_ family: String, _ length: String) throws {
    let model = try Toys.model("\(family)/\(length)", alphabetSize: 3)
    let set = Toys.set(alphabetSize: 3)
    for most in [20, 1000] {
      let one = Exposure(of: model, on: set, steps: [0, 1, 2], most: most, seed: 4)
      let two = Exposure(of: model, on: set, steps: [0, 1, 2], most: most, seed: 4, threads: 2)
      #expect(one.rows == two.rows && one.places == two.places)
      #expect(one.places == min(most, one.allPlaces))
    }
  }

  /// The mean over many copies of one sequence against Σ P(drawn | go on) · nats(true | drawn).
  @Test(arguments: ["eos", "halt", "tau:input=none"])
  func oneElementOfItsOwn(_ length: String) throws {
    let model = try Toys.model("markov:1,smoothing=add:0.5/\(length)", alphabetSize: 2)
    let sequence = [0, 1, 1, 0]
    let copies = 20_000
    let set = SequenceSet(Array(repeating: sequence, count: copies), alphabetSize: 2)
    let row = try #require(Exposure(of: model, on: set, steps: [1], most: .max, seed: 3).rows.first)
    let decisions = model.conditional.shape.steps(length: sequence.count) - 1
    #expect(row.decisions == copies * decisions)
    // Of the walk's steps, the first may be P(τ).
    let first = model.prior == nil ? 0 : 1
    var (exact, taught) = (0.0, 0.0)
    for time in 1...decisions {
      let before = Array(sequence[..<(time - 1)])
      let weights = (0..<2).map { drawn in
        exp(-model.stepScores(of: before + [drawn])[first + time - 1].natsElements)
      }
      #expect(abs(weights[0] + weights[1] - 1) < 1e-12)
      for drawn in 0..<2 {
        let own = before + [drawn] + sequence[time...]
        exact += weights[drawn] * model.stepScores(of: own)[first + time].nats
      }
      taught += model.stepScores(of: sequence)[first + time].nats
    }
    exact = (exact - taught) / Double(decisions)
    let (difference, error) = (try #require(row.difference), try #require(row.standardError))
    #expect(abs(row.teacherForced.nats - taught / Double(decisions)) < 1e-9)
    #expect(abs(difference - exact) < 5 * error, "\(difference) ± \(error), exactly \(exact)")
    #expect(error < 0.02)
  }
}
