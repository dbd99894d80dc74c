import Foundation
import Models
import Probability
import Sequences
import Synchronization
import Testing

@Suite struct FeedbackScheduleTests {
  private static let options = [
    "regime=scheduled:linear", "regime=scheduled:exponential", "regime=scheduled:inverse-sigmoid", "regime=free:3",
    "optimiser=sgd", "optimiser=rmsprop", "optimiser=bfgs", "schedule=linear", "schedule=constant",
  ]

  /// Sequences that go on in their own order most of the time.
  private static let set = {
    var stream = RandomStream(seed: 5)
    let sequences = (0..<60).map { _ in
      var sequence = [Int(stream.uniform() * 3)]
      while stream.uniform() < 0.85 {
        sequence.append(((sequence.last ?? 0) + (stream.uniform() < 0.9 ? 1 : 2)) % 3)
      }
      return sequence
    }
    return SequenceSet(sequences, alphabetSize: 3)
  }()

  private func fit(_ options: String, epochs: Int, threads: Int = 1) throws -> (nats: Double, parameters: [Float]) {
    let model = try SequenceModel.fit(
      ModelSpecification("rnn:8,batch=16,bptt=16,\(options),epochs=\(epochs)"), to: Self.set,
      Alphabet(symbols: ["a", "b", "c"], kind: .characters), FittingContext(seed: 3, threads: threads))
    let network = try #require(model.conditional as? RecurrentConditional<Float>)
    let scores = network.scores(of: Self.set, threads: 1)
    return (scores.reduce(0) { $0 + $1.nats }, network.parameters)
  }

  @Test(arguments: FeedbackSchedule.Curve.allCases)
  func curvesFall(_ curve: FeedbackSchedule.Curve) {
    let shares = (0...100).map { curve.truth(at: Double($0) / 100) }
    #expect(shares[0] > 0.99 && shares[0] <= 1)
    #expect(shares[100] < 0.011 && shares[100] >= 0)
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test(arguments: options)
  func trainingHelps(_ option: String) throws {
    let (one, many) = (try fit(option, epochs: 1), try fit(option, epochs: 25))
    #expect(many.nats < 0.95 * one.nats, "\(option): \(one.nats), then \(many.nats)")
  }

  @Test(arguments: options)
  func threadsChangeNothing(_ option: String) throws {
    #expect(try fit(option, epochs: 3).parameters == fit(option, epochs: 3, threads: 2).parameters)
  }

  @Test(arguments: [
    ("regime=scheduled", "regime"), ("regime=free", "regime"), ("regime=free:0", "regime"),
    ("regime=free:x", "regime"), ("regime=scheduled:cubic", "scheduled sampling"), ("regime=teacher:1", "regime"),
    ("regime=own", "regime"), ("time=bucket", "time"), ("time=bucket:1", "time"), ("time=sinusoid:65", "time"),
    ("time=scaled:2", "time"), ("time=later", "time"), ("optimiser=bfgs,dropout=0.1", "dropout"),
    ("optimiser=bfgs,regime=free:2", "regime"), ("optimiser=adam", "optimiser"), ("schedule=step", "schedule"),
    ("layers=0", "layers"), ("feedback=input", "feedback"), ("bptt=0", "bptt"), ("decay=-1", "decay"),
    ("dropout=1", "dropout"),
  ])
  func badWordsAreExplained(_ options: String, _ part: String) {
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification("rnn:8,\(options)") }
    #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
  }

  @Test(
    arguments: options + [
      "layers=3", "time=scaled", "time=bucket:5", "time=sinusoid:7", "feedback=none", "bptt=9", "decay=0.25",
      "decay=auto", "dropout=0.3", "dropout=0", "optimiser=bfgs,decay=0.5,rate=0.2", "optimiser=sgd,rate=0.01",
      "layers=2,time=scaled,bptt=5,optimiser=rmsprop,regime=free:4,schedule=linear,decay=0.125,dropout=0.25",
    ], Registry.standard.recurrentNames)
  func roundTrip(_ options: String, _ cell: String) throws {
    let specification = try ModelSpecification("\(cell):8,\(options)/halt")
    for option in options.split(separator: ",") {
      #expect(specification.word.contains(option == "dropout=0" ? "dropout=0.0" : option))
    }
    #expect(try ModelSpecification(specification.word).word == specification.word)
    #expect(try ModelSpecification(specification.shortWord).word == specification.word)
  }

  /// One sequence, longer than a minibatch's windows together: what comes next is known from the state that is carried.
  /// With a zero state at the beginning of each window, training would not know the first symbol of eight.
  @Test func oneLongSequence() throws {
    let sequence = (0..<5000).map { [0, 0, 1, 0, 1, 1, 1][$0 % 7] }
    let set = SequenceSet([sequence], alphabetSize: 2)
    let seen = Mutex<Double>(.infinity)
    let context = FittingContext(
      seed: 1, threads: 2,
      progress: { progress in
        if let epoch = progress.epoch { seen.withLock { $0 = epoch.train } }
      })
    let model = try SequenceModel.fit(
      ModelSpecification("gru:16,bptt=8,batch=8,epochs=30,dropout=0"), to: set,
      Alphabet(symbols: ["a", "b"], kind: .characters), context)
    #expect(seen.withLock { $0 } < 0.03)
    let network = try #require(model.conditional as? RecurrentConditional<Float>)
    let nats = network.scores(of: set, threads: 1)[0].nats
    #expect(nats / 5001 < 0.02, "\(nats / 5001) nats an event")
  }
}
