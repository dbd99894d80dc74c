import Inference
import Models
import Probability
import Sequences
import Testing

/// Whether trained networks stop as often as their training data do, also where the last windows of sequences are short.
@Suite struct StopTrainingTests {
  private static func set(_ lengths: [Int]) -> SequenceSet {
    var stream = RandomStream(seed: 9)
    return SequenceSet(lengths.map { (0..<$0).map { _ in Int(stream.uniform() * 4) } }, alphabetSize: 4)
  }

  private static let sets: [String: SequenceSet] = {
    var stream = RandomStream(seed: 10)
    return [
      "equal": set(Array(repeating: 18, count: 400)),
      "ragged": set((0..<240).map { _ in 3 + Int(stream.uniform() * 60) }),
    ]
  }()

  /// Stops predicted along the training data over stops there. With each minibatch divided by its own number of events,
  /// and all lanes in phase, it is about 3 for equal lengths.
  @Test(arguments: ["equal", "ragged"], ["eos", "halt"])
  func stopsArePredictedAsOftenAsTheyOccur(_ name: String, _ end: String) throws {
    let set = try #require(Self.sets[name])
    let model = try SequenceModel.fit(
      ModelSpecification("gru:6,bptt=16,batch=16,epochs=8,dropout=0,decay=0/\(end)"), to: set,
      Alphabet(symbols: ["a", "b", "c", "d"], kind: .characters), FittingContext(seed: 2, threads: 2))
    let calibration = try #require(StopCalibration(of: model, on: set, threads: 2))
    #expect(calibration.stops == set.count)
    let ratio = calibration.predictedStops / Double(calibration.stops)
    print("\(name)/\(end): predicted \(calibration.predictedStops) of \(calibration.stops) stops, ratio \(ratio)")
    // The bias of the stop decision is fitted last, to these sequences.
    #expect(abs(ratio - 1) < 0.005, "\(ratio)")
  }
}
