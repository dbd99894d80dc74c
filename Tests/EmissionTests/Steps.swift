import Emissions
import Foundation
import ModelCore
import Probability
import Sequences

/// An emission at one step, with outputs and weights drawn from a seed: what the tests ask questions of.
struct Step: CustomStringConvertible, Sendable {
  let emission: any Emission
  let width: Int
  /// Of categories the number of levels of each column.
  let levels: [Int]
  var outputs: [Double]
  var weights: [Double]
  /// The elements before, the last one first, where the emission looks at them.
  var past: [Double] = []

  var description: String { "\(emission.word), width \(width)" }

  static let registry = Registry(families: [], lengths: [], priors: [], smoothers: [], emissions: standardEmissions)

  /// All emissions' examples, the default of what takes a parameter, and a mixture of many.
  static let words = standardEmissions.flatMap { $0.examples } + ["mixture", "mixture:17"]

  /// All emissions at several widths; bits at the width of a piano as well.
  static let all: [Step] = words.flatMap { word in
    [1, 2, 5].map { Step(word, width: $0) } + (word.hasPrefix("bernoulli") ? [Step(word, width: 88)] : [])
  }

  static func of(_ values: ElementKind.Values, _ widths: [Int]) -> [Step] {
    all.filter { $0.values == values && widths.contains($0.width) }
  }

  /// - Parameter spread: how far the outputs are from where training begins.
  init(_ word: String, width: Int, seed: UInt64 = 18, spread: Double = 0.5) {
    // The words are the registry's own.
    guard let named = try? Self.registry.emission(word) else { preconditionFailure(word) }
    levels = named.models(.categories) ? (0..<width).map { [3, 1, 2, 4][$0 % 4] } : []
    let emission = named.withLevels(levels)
    (self.emission, self.width) = (emission, width)
    var stream = RandomStream(seed: seed, purpose: word, index: UInt64(width))
    let isReal = emission.models(.reals)
    let means =
      levels.isEmpty
      ? (0..<width).map { _ in isReal ? 0 : emission.models(.counts) ? 4 : 0.3 }
      : levels.flatMap { Array(repeating: 1 / Double($0), count: $0) }
    outputs = emission.initialOutputs(means: means).map { $0 + spread * stream.normal() }
    weights = emission.initialWeights(width: width, &stream).map { $0 + spread * stream.normal() }
    past = (0..<emission.pastFrames * width).map { _ in stream.uniform() < 0.4 ? 1 : 0 }
  }

  /// The narrowest kind of numbers that it is meant for.
  var values: ElementKind.Values {
    emission.models(.reals)
      ? .reals : emission.models(.counts) ? .counts : emission.models(.bits) ? .bits : .categories
  }

  /// The values of a component of a discrete step, of counts the first 60.
  func choices(_ component: Int) -> Int {
    values == .bits ? 2 : values == .categories ? levels[component] : 60
  }

  /// Lends pointers; arrays are never empty.
  func with<Result>(_ y: [Double], _ body: (UnsafePointer<Double>, EmissionStep) -> Result) -> Result {
    (y + [.nan]).withUnsafeBufferPointer { y in
      (outputs + [.nan]).withUnsafeBufferPointer { outputs in
        (weights + [.nan]).withUnsafeBufferPointer { weights in
          guard let y = y.baseAddress, let outputs = outputs.baseAddress, let weights = weights.baseAddress else {
            preconditionFailure("empty")
          }
          return (past + [.nan]).withUnsafeBufferPointer { past in
            body(y, EmissionStep(width: width, outputs: outputs, weights: weights, past: past.baseAddress))
          }
        }
      }
    }
  }

  func logDensity(_ y: [Double]) -> Double { with(y) { emission.logDensity(of: $0, $1) } }

  /// The log-density and the gradients of its negative; that by the weights is added to `start`.
  func gradient(_ y: [Double], start: Double = 0) -> (value: Double, outputs: [Double], weights: [Double]) {
    var byOutputs = [Double](repeating: .nan, count: outputs.count + 1)
    var byWeights = [Double](repeating: start, count: weights.count + 1)
    let value = byOutputs.withUnsafeMutableBufferPointer { byOutputs in
      byWeights.withUnsafeMutableBufferPointer { byWeights in
        with(y) {
          guard let outputs = byOutputs.baseAddress, let weights = byWeights.baseAddress else { return Double.nan }
          return emission.logDensity(of: $0, $1, outputs: outputs, addingTo: weights)
        }
      }
    }
    return (value, byOutputs.dropLast(), byWeights.dropLast())
  }

  func draw(temperature: Double = 1, _ stream: inout RandomStream) -> [Double] {
    with([]) { emission.draw($1, temperature: temperature, &stream) }
  }

  func transform(_ y: [Double], _ stream: inout RandomStream) -> [Double] {
    with(y) { emission.transform(of: $0, $1, &stream) }
  }

  var means: [Double]? { with([]) { emission.means($1) } }
  var knots: [Double] { with([]) { emission.knots($1) } }
}

/// Whether numbers agree to a relative error; those below `least` in size to that of `least`.
func agree(_ a: Double, _ b: Double, _ tolerance: Double, least: Double = 1e-300) -> Bool {
  a == b || abs(a - b) <= tolerance * max(abs(a), abs(b), least)
}
