import Foundation
import Models
import Probability
import Sequences
import Testing

/// Back-propagation against central differences, in double precision.
@Suite struct GradientTests {
  private static let cells = Registry.standard.recurrentNames
  private static let families =
    cells.map { "\($0):hidden=5" } + [
      "rnn:hidden=4,layers=3", "gru:hidden=4,layers=2,time=sinusoid:4", "lstm:hidden=4,layers=2,time=bucket:4",
      "gru:hidden=5,time=scaled",
    ]
  private static let lengths = ["eos", "halt", "tau:input=remaining", "tau:input=total", "tau:input=none"]

  /// Every parameter: differences of eighth order, relative to the larger of the two gradients.
  @Test(arguments: families, lengths)
  func everyParameter(_ family: String, _ length: String) throws {
    try check("\(family)/\(length)", inputWidth: 0)
  }

  /// With inputs x(t), and with nothing but them.
  @Test(arguments: cells, lengths)
  func inputs(_ cell: String, _ length: String) throws {
    try check("\(cell):hidden=4,layers=2/\(length)", inputWidth: 2)
    try check("\(cell):hidden=5,feedback=none,time=scaled/\(length)", inputWidth: 2)
  }

  private func check(_ word: String, inputWidth: Int) throws {
    let check = try GradientCheck(ModelSpecification(word), inputWidth: inputWidth, seed: 11)
    print("\(word): largest relative difference \(check.largestRelativeDifference)")
    for part in check.parts {
      #expect(part.largestRelativeDifference < 1e-7, "\(word): \(part.name)")
      #expect(part.largestGradient > 0, "\(word): \(part.name)")
    }
  }

  /// The sum over shards is that over one batch, and the same to the bit for any number of threads.
  @Test(arguments: families, [0, 1, 31, 32, 33, 65, 100])
  func shardsAdd(_ family: String, _ count: Int) throws {
    let family = try #require(try ModelSpecification(family).family as? any RecurrentFamily)
    let cell = type(of: family).cell
    let layout = RecurrentLayout(shape: OutputShape(alphabetSize: 3, stop: .outcome), family.architecture, cell)
    let parameters = RecurrentConditional<Double>(layout: layout, cell: cell, seed: 1).parameters
    var stream = RandomStream(seed: 2)
    let sequences = (0..<count).map { _ in (0..<Int(stream.uniform() * 9)).map { _ in Int(stream.uniform() * 3) } }
    let whole = BatchGradient<Double>(layout, cell, threads: 1)
    let nats = whole.compute(SequenceSet(sequences, alphabetSize: 3), parameters)
    let two = BatchGradient<Double>(layout, cell, threads: 2)
    #expect(two.compute(SequenceSet(sequences, alphabetSize: 3), parameters) == nats)
    #expect(two.sum == whole.sum)
    let three = BatchGradient<Double>(layout, cell, threads: 3)
    #expect(three.compute(SequenceSet(sequences, alphabetSize: 3), parameters) == nats)
    #expect(three.sum == whole.sum)
    var added = [Double](repeating: 0, count: layout.count)
    var addedNats = 0.0
    for sequence in sequences {
      addedNats += two.compute(SequenceSet([sequence], alphabetSize: 3), parameters)
      for index in added.indices { added[index] += two.sum[index] }
    }
    #expect(abs(addedNats - nats) < 1e-9)
    #expect(zip(added, whole.sum).allSatisfy { abs($0 - $1) < 1e-9 })
  }
}
