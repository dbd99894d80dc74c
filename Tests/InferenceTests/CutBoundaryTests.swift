import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Cuts at boundaries that counts meet exactly: what is kept is what whole numbers say.
@Suite struct CutBoundaryTests {
  /// A model of single elements with these counts.
  private func model(_ counts: [Int], _ word: String) throws -> SequenceModel {
    let sequences = counts.enumerated().flatMap { Array(repeating: [$0.offset], count: $0.element) }
    return try SequenceModel.fit(
      ModelSpecification(word), to: SequenceSet(sequences, alphabetSize: counts.count), Toys.alphabet(counts.count))
  }

  /// The elements that are drawn. The rarest that could be has a share above 1/100: in 1500 draws one is missed once in
  /// a million times.
  private func kept(_ model: SequenceModel, _ change: (inout Truncation) -> Void) throws -> Set<Symbol> {
    var options = SamplingOptions()
    options.length = 1
    change(&options.truncation)
    return Set(try model.samples(1500, seed: 2, options).compactMap(\.sequence.first))
  }

  static let counts = [
    [5, 3, 1, 1], [1, 1, 3, 5], [4, 3, 2, 1], [2, 2, 2, 2, 2], [7, 1, 1, 1], [3, 3, 1, 2, 1], [6, 9, 5],
    [10, 20, 30, 40],
  ]

  /// The smallest set with at least the share, of equal counts the first elements.
  @Test(arguments: counts, ["markov:0,smoothing=ml/tau", "tabular:smoothing=ml/tau", "tabular:smoothing=ml/eos"])
  func nucleiAreTheSmallestSets(_ counts: [Int], _ word: String) throws {
    let model = try model(counts, word)
    let total = counts.reduce(0, +)
    let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
    for tenths in 1...9 {
      let size = (1...counts.count).first { size in
        order.prefix(size).reduce(0) { $0 + counts[$1] } * 10 >= tenths * total
      }
      let wanted = Set(order.prefix(size ?? counts.count))
      #expect(try kept(model) { $0.topP = Double(tenths) / 10 } == wanted, "\(counts), \(tenths)/10, \(word)")
    }
  }

  /// Tempered weights are squares of the counts.
  @Test(arguments: counts) func ofTemperedWeights(_ counts: [Int]) throws {
    let model = try model(counts, "markov:0,smoothing=ml/tau")
    let squares = counts.map { $0 * $0 }
    let total = squares.reduce(0, +)
    let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
    var sum = 0
    for size in 1..<counts.count {
      sum += squares[order[size - 1]]
      let found = try kept(model) { ($0.temperature, $0.topP) = (0.5, Double(sum) / Double(total)) }
      #expect(found == Set(order.prefix(size)), "\(counts), \(sum) of \(total)")
    }
  }

  @Test(arguments: counts, ["markov:0,smoothing=ml/tau", "tabular:smoothing=ml/eos"])
  func leastSharesOfTheMostProbable(_ counts: [Int], _ word: String) throws {
    let model = try model(counts, word)
    let largest = counts.max() ?? 0
    for other in Set(counts) {
      let wanted = Set(counts.indices.filter { counts[$0] >= other })
      let found = try kept(model) { $0.minP = Double(other) / Double(largest) }
      #expect(found == wanted, "\(counts), \(other)/\(largest)")
    }
  }

  /// Of equal counts the first, and the single most probable one is drawn at temperature 0.
  @Test(arguments: counts) func tiesAreBrokenByTheirOrder(_ counts: [Int]) throws {
    let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
    for word in ["markov:0,smoothing=ml/tau", "markov:1,smoothing=ml/eos"] {
      let model = try model(counts, word)
      for k in 1...counts.count { #expect(try kept(model) { $0.topK = k } == Set(order.prefix(k)), "\(counts), \(k)") }
      #expect(try kept(model) { $0.temperature = 0 } == [order[0]])
    }
  }

  /// Equals whose logarithms differ by a rounding, the later one being the larger.
  @Test(arguments: [1, 2, 3]) func roundingDoesNotBreakTies(_ k: Int) throws {
    let quarter = log(0.25)
    let model = SequenceModel(
      specification: try ModelSpecification("markov:0/tau"), alphabet: try Toys.alphabet(4),
      conditional: Fixed(logs: [quarter.nextDown, quarter, quarter.nextDown.nextDown, quarter.nextUp]),
      prior: LengthTable(fitting: SequenceSet([[0]], alphabetSize: 4)),
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
    #expect(try kept(model) { $0.topK = k } == Set(0..<k))
    #expect(try kept(model) { $0.topP = Double(k) / 4 } == Set(0..<k))
    #expect(try kept(model) { $0.minP = 1 } == Set(0..<4))
    #expect(try kept(model) { $0.temperature = 0 } == [0])
  }
}

/// The same distribution of elements always.
private struct Fixed: Conditional {
  let logs: [Double]
  let storedParameters = 0
  let notes: [String] = []

  var shape: OutputShape { OutputShape(alphabetSize: logs.count, stop: .given) }
  func start(_ inputs: StepInputs) -> Int { 0 }
  func advance(_ state: inout Int, past element: Symbol, _ inputs: StepInputs) {}
  func write(to file: inout TensorFile) {}
  func logStop(_ state: Int, _ inputs: StepInputs) -> (stop: Double, continuing: Double) { (-.infinity, 0) }
  func logProbability(of outcome: Symbol, _ state: Int, _ inputs: StepInputs) -> Double { logs[outcome] }
  func predict(_ state: Int, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue, prediction.logProbabilities) = (-.infinity, 0, logs)
  }
}
