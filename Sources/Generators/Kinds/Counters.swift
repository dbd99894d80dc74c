import GraphicalModel
import ModelCore
import Sequences

/// `counters`: aⁿ bⁿ, or aⁿ bⁿ cⁿ and so on, with a geometric n from 0. After the first b everything that follows is certain,
/// for whoever has counted (Gers and Schmidhuber 2001, "LSTM recurrent networks learn simple context-free and
/// context-sensitive languages").
package struct CountersGenerator: Generator {
  package static let name = "counters"
  package static let leadingOption: String? = "letters"
  package static let examples = ["counters:2,mean=2", "counters:3,mean=2"]
  package static let summary =
    "n times a, then n times b, as far as letters=2 reach (n geometric, mean=20 of the length)"

  let letters: Int
  let mean: Double
  /// P(another a).
  private let another: Double

  private static let usualLetters = 2

  package init(_ options: inout ModelOptions) throws {
    letters = try options.integer("letters", in: 2...26) ?? Self.usualLetters
    mean = try GeneratorOptions.mean(&options)
    // The mean of n is another / (1 − another).
    another = mean / (mean + Double(letters))
  }

  package var options: [(key: String, value: String, isDefault: Bool)] {
    [
      ("letters", "\(letters)", letters == Self.usualLetters),
      ("mean", "\(mean)", mean == GeneratorOptions.usualMean),
    ]
  }

  package func alphabet() throws -> Alphabet { try .ofGenerator(letters) }

  package var parents: [DirectedTemplate.Parent] { [.init("y", .everyEarlier)] }

  package var memoryCount: Int? { nil }

  /// Where a sequence is.
  package struct Memory: Sendable, Hashable {
    /// The letter that is being repeated.
    var letter = 0
    /// n, as far as it is known.
    var count = 0
    /// How often the letter is still to come, after the first one.
    var left = 0
  }

  package var start: Memory { Memory() }

  package func stopProbability(_ memory: Memory) -> Double {
    if memory.letter == 0 { return memory.count == 0 ? 1 - another : 0 }
    return memory.letter == letters - 1 && memory.left == 0 ? 1 : 0
  }

  package func probability(of symbol: Symbol, _ memory: Memory) -> Double {
    if memory.letter == 0, memory.count > 0 {
      return symbol == 0 ? another : symbol == 1 ? 1 - another : 0
    }
    let isNext = memory.letter > 0 && memory.left == 0
    // After the last letter the sequence has ended: any distribution will do.
    if isNext, memory.letter == letters - 1 { return 1 / Double(letters) }
    return symbol == memory.letter + (isNext ? 1 : 0) ? 1 : 0
  }

  package func advance(_ memory: inout Memory, past symbol: Symbol) {
    if symbol == 0 {
      memory.count += 1
    } else if symbol == memory.letter {
      memory.left -= 1
    } else {
      memory.letter = symbol
      memory.left = memory.count - 1
    }
  }
}
