import Foundation
import Models
import Probability
import Sequences
import Testing

/// Back-propagation against central differences, in double precision.
@Suite struct GradientTests {
  private static let families = ["rnn:hidden=5", "gru:hidden=5"]
  private static let lengths = ["eos", "halt", "tau:input=remaining", "tau:input=total", "tau:input=none"]

  /// Every parameter: differences of sixth order (steps ±h, ±2h, ±3h), relative to the larger of the two gradients.
  @Test(arguments: families, lengths)
  func everyParameter(_ family: String, _ length: String) throws {
    let specification = try ModelSpecification("\(family)/\(length)")
    let shape = specification.length.shape(alphabetSize: 3)
    let cell: any RecurrentCell.Type = family.hasPrefix("gru") ? GatedCell.self : TanhCell.self
    let layout = RecurrentLayout(shape: shape, units: 5, gates: cell.gates)
    var parameters = RecurrentConditional<Double>(layout: layout, cell: cell, seed: 11).parameters
    // Biases away from zero, and a state that carries something from step to step.
    var stream = RandomStream(seed: 12)
    for index in parameters.indices { parameters[index] += 0.5 * stream.normal() }

    // Of different lengths, one empty, one of a single symbol, one longer than most knots of the length features.
    let set = SequenceSet(
      [[0, 1, 2, 1, 0, 2, 2], [], [2], [1, 1, 0], [0, 2, 1], (0..<21).map { $0 * $0 % 3 }], alphabetSize: 3)
    let input: (Int, Int) -> Int? = { specification.length.lengthInput(time: $0, length: $1) }
    let gradient = BatchGradient<Double>(layout, cell, threads: 1)
    _ = gradient.compute(set, parameters, lengthInput: input)
    let exact = gradient.sum
    let probe = BatchGradient<Double>(layout, cell, threads: 1)
    func loss(_ index: Int, _ shift: Double) -> Double {
      var moved = parameters
      moved[index] += shift
      return probe.compute(set, moved, lengthInput: input)
    }
    var worst = 0.0
    let h = 3e-3
    let scale = exact.map(abs).max() ?? 1
    for index in parameters.indices {
      let pairs = [1.0, 2, 3].map { loss(index, $0 * h) - loss(index, -$0 * h) }
      let difference = (45 * pairs[0] - 9 * pairs[1] + pairs[2]) / (60 * h)
      let size = max(abs(difference), abs(exact[index]))
      // Below this size the difference is made of rounding alone.
      if size < 1e-5 * scale {
        #expect(abs(difference - exact[index]) < 1e-11 * scale)
        continue
      }
      worst = max(worst, abs(difference - exact[index]) / size)
    }
    print("\(family)/\(length): \(layout.count) parameters, largest relative difference \(worst)")
    #expect(worst < 1e-7)
    #expect(layout.parts.allSatisfy { part in exact[part.range].contains { $0 != 0 } })
  }

  /// The sum over shards is that over one batch, and the same to the bit for any number of threads.
  @Test(arguments: families)
  func shardsAdd(_ family: String) throws {
    let cell: any RecurrentCell.Type = family.hasPrefix("gru") ? GatedCell.self : TanhCell.self
    let layout = RecurrentLayout(shape: OutputShape(alphabetSize: 3, stop: .outcome), units: 5, gates: cell.gates)
    let parameters = RecurrentConditional<Double>(layout: layout, cell: cell, seed: 1).parameters
    var stream = RandomStream(seed: 2)
    let sequences = (0..<100).map { _ in (0..<Int(stream.uniform() * 9)).map { _ in Int(stream.uniform() * 3) } }
    let whole = BatchGradient<Double>(layout, cell, threads: 1)
    let nats = whole.compute(SequenceSet(sequences, alphabetSize: 3), parameters) { _, _ in nil }
    let two = BatchGradient<Double>(layout, cell, threads: 2)
    #expect(two.compute(SequenceSet(sequences, alphabetSize: 3), parameters) { _, _ in nil } == nats)
    #expect(two.sum == whole.sum)
    var added = [Double](repeating: 0, count: layout.count)
    var addedNats = 0.0
    for sequence in sequences {
      addedNats += two.compute(SequenceSet([sequence], alphabetSize: 3), parameters) { _, _ in nil }
      for index in added.indices { added[index] += two.sum[index] }
    }
    #expect(abs(addedNats - nats) < 1e-9)
    #expect(zip(added, whole.sum).allSatisfy { abs($0 - $1) < 1e-9 })
  }
}
