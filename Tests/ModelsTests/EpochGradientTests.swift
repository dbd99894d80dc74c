import Models
import Probability
import Sequences
import Testing

/// The minibatches of an epoch, in double precision at fixed parameters.
@Suite struct EpochGradientTests {
  /// Sequences of 0 to 60 elements, and some of 60 elements each.
  private static let sets: [(name: String, set: SequenceSet)] = {
    var stream = RandomStream(seed: 3)
    let ragged = (0..<60).map { _ in Int(stream.uniform() * 61) }
    let equal = Array(repeating: 60, count: 40)
    return [("ragged", ragged), ("equal", equal)].map { name, lengths in
      let sequences = lengths.map { (0..<$0).map { _ in Int(stream.uniform() * 3) } }
      return (name, SequenceSet(sequences, alphabetSize: 3))
    }
  }()

  private static let stops: [String: OutputShape] = [
    "eos": OutputShape(alphabetSize: 3, stop: .outcome), "halt": OutputShape(alphabetSize: 3, stop: .variable),
    "tau": OutputShape(alphabetSize: 3, stop: .given),
  ]

  private static func lanes(_ set: SequenceSet, _ shape: OutputShape, _ count: Int, window: Int, seed: UInt64 = 1)
    -> Lanes
  {
    Lanes(set, shape, count: count, window: window, stream: RandomStream(seed: seed))
  }

  /// The gradients of an epoch's minibatches, each divided as a training step divides it, add up to the full gradient
  /// divided by the same number: wholly where no window cuts a sequence; where windows do, in the outputs' parameters,
  /// which back-propagation through time is not needed for; and in all parameters to the sum over the sequences, each
  /// passed by itself in the same windows.
  @Test(arguments: ["eos", "halt", "tau"], [1, 3, 16, 64])
  func minibatchesAddUpToTheFullGradient(_ end: String, _ count: Int) throws {
    let shape = try #require(Self.stops[end])
    for (name, set) in Self.sets {
      for (cell, window) in [(GRUCell.self, 4), (LSTMCell.self, 25), (GRUCell.self, 64)]
        as [(any RecurrentCell.Type, Int)]
      {
        let layout = RecurrentLayout(shape: shape, RecurrentArchitecture(units: 4), cell)
        let parameters = RecurrentConditional<Double>(layout: layout, cell: cell, seed: 1).parameters
        let whole = BatchGradient<Double>(layout, cell, threads: 1)
        _ = whole.compute(set, parameters)
        let events = (0..<set.count).reduce(0) { $0 + shape.steps(length: set.length($1)) }

        var lanes = Self.lanes(set, shape, count, window: window)
        let meanEvents = lanes.meanEvents
        let (epoch, alone) = (EpochSum(layout, cell, lanes: count), EpochSum(layout, cell, lanes: set.count))
        var seen = Array(repeating: [Int](), count: set.count)
        var minibatches = 0
        while true {
          let turns = lanes.minibatch()
          if turns.isEmpty { break }
          minibatches += 1
          epoch.add(turns, of: set, parameters, scale: 1 / meanEvents)
          for turn in turns {
            let sequence = turn.segment.sequence
            #expect(turn.continues == !seen[sequence].isEmpty && turn.segment.steps.count <= window)
            seen[sequence] += turn.segment.steps
            let single = Lanes.Turn(lane: sequence, segment: turn.segment, continues: turn.continues)
            alone.add([single], of: set, parameters, scale: 1 / meanEvents)
          }
        }
        let label = "\(name)/\(end), \(cell.name), \(count) lanes of \(window)"
        // Every event once, in its order.
        #expect(seen == (0..<set.count).map { Array(0..<shape.steps(length: set.length($0))) }, "\(label)")
        #expect(abs(meanEvents - Double(events) / Double(minibatches)) < 1e-9, "\(label)")
        #expect(distance(epoch.sum, alone.sum) < 1e-12, "\(label)")
        let isWhole = window > set.longest
        for part in layout.parts where isWhole || part.name == "V" || part.name == "c" {
          let (ours, full) = (epoch.sum[part.range], whole.sum[part.range].map { $0 / meanEvents })
          #expect(distance(Array(ours), full) < 1e-12, "\(label): \(part.name)")
        }
      }
    }
  }

  /// |a − b| / |b|, in the largest norm.
  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } / (b.map(abs).max() ?? 1)
  }

  private final class EpochSum {
    private let gradient: BatchGradient<Double>
    var sum: [Double]

    init(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, lanes: Int) {
      gradient = BatchGradient(layout, cell, threads: 1)
      gradient.carryStates(ofLanes: lanes)
      sum = Array(repeating: 0, count: layout.count)
    }

    func add(_ turns: [Lanes.Turn], of set: SequenceSet, _ parameters: [Double], scale: Double) {
      _ = gradient.compute(turns, of: set, parameters)
      for index in sum.indices { sum[index] += scale * gradient.sum[index] }
    }
  }

  /// Equal sequences a little longer than a window, somewhat longer, and of many windows: between the epoch's beginning
  /// and its end no minibatch is without ends, none has many more than the mean, and the numbers of events are alike.
  /// In phase, all ends of 73 events in windows of 64 would fall into every second minibatch.
  @Test(arguments: [17, 64, 72, 100, 300])
  func minibatchesAreAlike(_ length: Int) {
    let set = SequenceSet(Array(repeating: Array(repeating: 0, count: length), count: 1280), alphabetSize: 1)
    var lanes = Self.lanes(set, OutputShape(alphabetSize: 1, stop: .outcome), 64, window: 64, seed: 5)
    var counts: [(ends: Int, events: Int)] = []
    while true {
      let turns = lanes.minibatch()
      if turns.isEmpty { break }
      counts.append(
        (turns.count { $0.segment.steps.upperBound == length + 1 }, turns.reduce(0) { $0 + $1.segment.steps.count }))
    }
    // Ends of a lane are some minibatches apart; so many may be filled in part at either end of the epoch.
    let apart = 2 + length / 64
    let inner = counts.dropFirst(apart).dropLast(2 * apart)
    let mean = (
      ends: Double(inner.reduce(0) { $0 + $1.ends }) / Double(inner.count),
      events: Double(inner.reduce(0) { $0 + $1.events }) / Double(inner.count)
    )
    for (ends, events) in inner {
      // Five standard deviations of a binomial number, and a quarter.
      #expect(abs(Double(ends) - mean.ends) <= 5 * mean.ends.squareRoot(), "\(ends) ends for \(mean.ends)")
      #expect(abs(Double(events) / mean.events - 1) < 0.25, "\(events) events for \(mean.events)")
    }
  }

  /// Neither the first half of an epoch nor the second has the longer sequences.
  @Test func lengthsComeInNoOrder() {
    var stream = RandomStream(seed: 8)
    let sequences = (0..<800).map { _ in Array(repeating: 0, count: 10 + Int(stream.uniform() * 390)) }
    let set = SequenceSet(sequences, alphabetSize: 1)
    var lanes = Self.lanes(set, OutputShape(alphabetSize: 1, stop: .outcome), 16, window: 64)
    var begun: [Int] = []
    while true {
      let turns = lanes.minibatch()
      if turns.isEmpty { break }
      begun += turns.filter { !$0.continues }.map { set.length($0.segment.sequence) }
    }
    #expect(begun.count == 800)
    let halves = (begun.prefix(400).reduce(0, +), begun.suffix(400).reduce(0, +))
    // The standard deviation of such a quotient is 0.04.
    #expect(abs(Double(halves.0) / Double(halves.1) - 1) < 0.15, "\(halves)")
  }

  /// One more sequence than a minibatch holds makes two minibatches of half the size, not one of a single sequence.
  @Test func theLastMinibatchIsNotNearlyEmpty() {
    let set = SequenceSet(Array(repeating: [0], count: 65), alphabetSize: 1)
    var lanes = Self.lanes(set, OutputShape(alphabetSize: 1, stop: .outcome), 64, window: 64)
    #expect(lanes.meanEvents == 65)
    #expect(lanes.minibatch().count == 33 && lanes.minibatch().count == 32 && lanes.minibatch().isEmpty)
  }

  /// Without events there is nothing to do, and no lane is waited for.
  @Test func emptySets() {
    for sequences in [[], [[]], [[], []]] as [[[Symbol]]] {
      var lanes = Self.lanes(
        SequenceSet(sequences, alphabetSize: 1), OutputShape(alphabetSize: 1, stop: .given), 8, window: 4)
      #expect(lanes.minibatch().isEmpty && lanes.meanEvents == 0 && !lanes.carries)
    }
  }
}
