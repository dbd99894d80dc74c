import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// How often an audit fails by chance, and that its lines come one by one.
@Suite struct AuditLevelTests {
  /// P(p ≤ α) ≤ α of the statistic of 50 counts in two cells, by enumeration of all of them; the χ² distribution's own tail
  /// is too small for the far ones.
  @Test(arguments: [0.1, 0.13, 0.2]) func pValuesOfFewCountsHold(_ share: Double) {
    let n = 50
    let expected = [share * Double(n), (1 - share) * Double(n)]
    var stream = RandomStream(seed: 3)
    var outcomes: [(probability: Double, exact: Double, chiSquare: Double)] = []
    for count in 0...n {
      let logChoose = lgamma(Double(n + 1)) - lgamma(Double(count + 1)) - lgamma(Double(n - count + 1))
      let probability = exp(logChoose + Double(count) * log(share) + Double(n - count) * log(1 - share))
      let test = ChiSquare([Double(count), Double(n - count)], expected: expected)
      outcomes.append((probability, test.exactPValue(expected, count: n, &stream) ?? 1, test.pValue ?? 1))
    }
    for level in [1e-3, 1e-4, 5e-5] {
      let rate = outcomes.reduce(0) { $0 + ($1.exact <= level ? $1.probability : 0) }
      // Simulated shares of so rare statistics are right to a factor of two.
      #expect(rate <= 2 * level, "\(share), \(level): \(rate)")
    }
    // What the χ² distribution makes of it: more than twice the level.
    let asymptotic = outcomes.reduce(0) { $0 + ($1.chiSquare <= 1e-4 ? $1.probability : 0) }
    if share == 0.1 { #expect(asymptotic > 2e-4, "\(asymptotic)") }
  }

  /// The levels of an audit's tests: the least p-value of two is held against half of the level of both.
  @Test func linesComeOneByOne() throws {
    // So many symbols that no enumeration is made: both tests are random.
    let set = SequenceSet((0..<60).map { [$0 % 200, $0 * 7 % 200] }, alphabetSize: 200)
    let model = try SequenceModel.fit(
      ModelSpecification("markov:1/eos"), to: set,
      Alphabet(
        symbols: (0..<200).map { String(Character(Unicode.Scalar(0x4E00 + UInt32($0)) ?? "a")) }, kind: .characters))
    var options = AuditOptions()
    options.samples = 400
    var reported: [AuditLine] = []
    let lines = try model.audit(options, report: { reported.append($0) })
    #expect(reported == lines && lines.map(\.check) == AuditLine.Check.allCases.filter { $0 != .densities })
    let tests = lines.filter { $0.pValue != nil }
    #expect(tests.map(\.check) == [.sequences, .sampler])
    #expect(lines.first { $0.check == .sampler }?.tolerance == options.level / 2)
    for line in tests { #expect(line.isSound == ((line.pValue ?? 0) >= options.level / 2)) }
  }
}
