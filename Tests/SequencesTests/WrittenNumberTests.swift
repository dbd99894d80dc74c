import Foundation
import Probability
import Sequences
import Testing

/// Decimal numbers, as `jsonl` reads them, against the C library's conversion.
@Suite struct WrittenNumberTests {
  private func read(_ number: String) throws -> Double {
    try readVectors("1,\(number)\n", format: "csv").numbers[0][1]
  }

  @Test(arguments: [
    "0", "-0", "+1", ".5", "5.", "0.1", "-0.30000000000000004", "1e22", "1E-3", "9007199254740993", "123456789012345",
    "1234567890123456", "0.000000000000000000000012345", "4.9e-324", "9.999999999999999e99", "00012.50",
  ])
  func theyAreRoundedCorrectly(text: String) throws {
    #expect(try read(text).bitPattern == strtod(text, nil).bitPattern)
  }

  @Test func randomOnes() throws {
    var stream = RandomStream(seed: 1, purpose: "numbers")
    for _ in 0..<2000 {
      let digits = (0..<1 + Int(stream.next() % 18)).map { _ in String(stream.next() % 10) }.joined()
      let point = Int(stream.next() % UInt64(digits.count + 1))
      let exponent = stream.next() % 2 == 0 ? "" : "e\(Int(stream.next() % 40) - 20)"
      let text = digits.prefix(point) + "." + digits.dropFirst(point) + exponent
      #expect(try read(String(text)) == strtod(String(text), nil), "\(text)")
    }
  }

  @Test(arguments: ["0x10", "inf", "nan", "1e999", "-", "+", ".", "1e", "e5", "1_000", "--1", "1 2", "½", "1e+"])
  func whatIsNoneIsRefused(text: String) throws {
    let outcome = try VectorOutcome { try readVectors("1,\(text)\n", format: "csv") }
    guard case .malformed(at(1, 3), _) = outcome.error else {
      Issue.record("\(text): \(outcome)")
      return
    }
  }
}
