import Models
import Sequences
import Testing

/// What is left to `auto`, against hand calculation.
@Suite struct TrainingPlanTests {
  private func plan(_ units: Int, layers: Int = 1, of lengths: [Int], _ training: RecurrentTraining = .init())
    -> TrainingPlan
  {
    let set = SequenceSet(lengths.map { Array(repeating: 0, count: $0) }, alphabetSize: 26)
    var architecture = RecurrentArchitecture(units: units)
    architecture.layers = layers
    let layout = RecurrentLayout(shape: OutputShape(alphabetSize: 26, stop: .outcome), architecture, GRUCell.self)
    return TrainingPlan(training, layout, set)
  }

  /// 8,000 names of 7 events: 125 minibatches of 64, 14,000 steps are 112 epochs, of which 100 are the most.
  @Test func manyShortSequences() {
    let plan = plan(64, of: Array(repeating: 6, count: 8_000))
    #expect(plan.events == 56_000 && plan.batch == 64 && plan.epochs == 100)
    #expect(plan.rate == 0.01)
    // 3·64·(64 + 1 + 26) + 27·65 parameters for 56,000 events.
    #expect(plan.dropout == 0.1)
    #expect(abs(plan.decay - 0.15 * 19_227 / 56_000) < 1e-12)
  }

  /// 100 minibatches an epoch, but none of fewer than 16 sequences.
  @Test(arguments: [(4_000, 40), (2_000, 20), (500, 16), (3, 16)])
  func fewSequences(_ sequences: Int, _ batch: Int) {
    let plan = plan(64, of: Array(repeating: 6, count: sequences))
    #expect(plan.batch == batch && plan.epochs == 100)
    let dropout = 0.25 * 19_227 / Double(7 * sequences)
    #expect(abs(plan.dropout - min(max(dropout, 0.1), 0.2)) < 1e-12 && plan.decay == 0.1)
  }

  /// 5 epochs, but 300 minibatches where an epoch has few: with 500 sequences 32 minibatches of 16.
  @Test(arguments: [(8_000, 5), (500, 9), (3, 300)])
  func patienceIsInMinibatchesWhereThereAreFew(_ sequences: Int, _ patience: Int) {
    #expect(plan(64, of: Array(repeating: 6, count: sequences)).patience == patience)
  }

  /// One text: windows of 64 events, so that 32 of them make 2,048; 20,000,000 events are 9 epochs of 2,000,001.
  @Test func oneLongText() {
    let plan = plan(256, layers: 2, of: [2_000_000])
    #expect(plan.batch == 32 && plan.epochs == 9 && plan.rate == 0.005)
  }

  /// No gradient is cut where the longest sequence has 256 steps, its end among them; 257 pass in windows of 64.
  @Test func windowsHoldWholeSequences() {
    #expect(plan(4, of: [72, 72]).window == 73 && plan(4, of: [3, 255]).window == 256)
    #expect(plan(4, of: [3, 256]).window == 64 && plan(4, of: [2_000_000]).window == 64)
    var training = RecurrentTraining()
    training.window = 7
    #expect(plan(4, of: [72], training).window == 7)
  }

  @Test func nothingToTrainOn() {
    let plan = plan(4, of: [])
    #expect(plan.events == 0 && plan.batch == 16 && plan.epochs >= 4 && plan.rate > 0)
  }

  @Test func whatIsGivenIsTaken() {
    var training = RecurrentTraining()
    (training.batch, training.epochs, training.rate, training.decay, training.dropout) = (5, 3, 0.2, 0, 0.7)
    let plan = plan(512, of: [10, 0, 300], training)
    #expect(plan.batch == 5 && plan.epochs == 3 && plan.rate == 0.2 && plan.decay == 0 && plan.dropout == 0.7)
  }

  /// The rate rises, then falls.
  @Test func theRateRisesAndFalls() {
    let plan = plan(4, of: [10])
    let rates = (0...100).map { plan.rate(at: Double($0) / 100) }
    #expect(rates.max() == rates[3] && rates[0] > 0 && rates[100] < 0.011 * rates[3])
    #expect(zip(rates[3...], rates[4...]).allSatisfy { $0 > $1 })
  }
}
