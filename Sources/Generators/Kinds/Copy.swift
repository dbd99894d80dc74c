import GraphicalModel
import ModelCore
import Sequences

/// `copy`: each symbol repeats the one a number of steps before. The first `delay` symbols are uniform; y(t) is y(t − delay)
/// with probability 1 − noise, and else uniform over all symbols. Lengths are geometric. A Markov model of a lower order than
/// the delay learns nothing of it (Hochreiter and Schmidhuber 1997, section 5, have tasks of this kind).
package struct CopyGenerator: Generator {
  package static let name = "copy"
  package static let leadingOption: String? = "delay"
  package static let examples = ["copy:2,mean=2"]
  package static let summary =
    "each symbol is the one delay=10 steps before (symbols=2, noise=0, mean=40 of the length)"

  let delay: Int
  let symbols: Int
  let noise: Double
  let mean: Double

  private static let usual = (delay: 10, symbols: 2, mean: 40.0)

  package init(_ options: inout ModelOptions) throws {
    delay = try options.integer("delay", in: 1...1000) ?? Self.usual.delay
    symbols = try options.integer("symbols", in: 1...GeneratorOptions.mostSymbols) ?? Self.usual.symbols
    noise = try GeneratorOptions.noise(&options)
    mean = try GeneratorOptions.mean(&options, default: Self.usual.mean)
  }

  package var options: [(key: String, value: String, isDefault: Bool)] {
    [
      ("delay", "\(delay)", delay == Self.usual.delay), ("symbols", "\(symbols)", symbols == Self.usual.symbols),
      ("noise", "\(noise)", noise == 0), ("mean", "\(mean)", mean == Self.usual.mean),
    ]
  }

  package func alphabet() throws -> Alphabet { try .ofGenerator(symbols) }

  package var parents: [DirectedTemplate.Parent] { [.init("y", lags: [delay])] }

  /// Σ_{j ≤ delay} symbols^j.
  package var memoryCount: Int? { countOfSequences(over: symbols, longest: delay) }

  /// The last symbols, at most `delay`.
  package var start: [Int32] { [] }

  package func stopProbability(_ memory: [Int32]) -> Double { GeneratorOptions.stopProbability(mean: mean) }

  package func probability(of symbol: Symbol, _ memory: [Int32]) -> Double {
    let uniform = 1 / Double(symbols)
    if memory.count < delay { return uniform }
    return noise * uniform + (Int(memory[0]) == symbol ? 1 - noise : 0)
  }

  package func advance(_ memory: inout [Int32], past symbol: Symbol) {
    if memory.count == delay { memory.removeFirst() }
    memory.append(Int32(symbol))
  }
}

/// Σ_{j ≤ longest} k^j, the number of sequences of at most so many symbols; `nil` where no integer holds it.
func countOfSequences(over k: Int, longest: Int) -> Int? {
  var (sum, power) = (1, 1)
  for _ in 0..<longest {
    let (product, overflow) = power.multipliedReportingOverflow(by: k)
    let (next, carry) = sum.addingReportingOverflow(product)
    if overflow || carry { return nil }
    (sum, power) = (next, product)
  }
  return sum
}
