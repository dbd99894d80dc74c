import CKernels
import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// Bits by the chain rule within the step, each given the lower ones through hidden units: a neural autoregressive distribution
/// estimator (Larochelle and Murray 2011) whose weights are shared over components, as one would move a window along the keys
/// of a piano (Johnson 2017). Of component i
///
///     a_i     = p + E_i + Σ_{j<i} y_j U_j + Σ_{j<i} y_j L_{i−j} + Σ_f Σ_j y_j(t−f) R_{f,i−j}
///     logit_i = o_i + Σ_{j<i} A_ij y_j + (V_i + v) · max(a_i, 0)
///
/// The step's outputs are the d logits o and the n projections p; all else are weights. L looks at the 24 components below, R
/// at 12 on both sides in each of the last four steps. The likelihood and draws are exact; O(d n) and a little more for each
/// component that is 1.
package struct NeuralBernoulliEmission: Emission {
  package static let name = AutoregressiveBernoulliEmission.name
  package static let examples: [String] = []
  package static let summary = ""

  /// n.
  let hidden: Int
  /// The components below that L looks at.
  private let lower = 24
  /// The earlier steps that R looks at, and the components on both sides.
  private let frames = 4
  private let reach = 12

  init(hidden: Int) { self.hidden = hidden }

  package init(parameter: String?) throws {
    guard let hidden = parameter.flatMap(Int.init), (1...4096).contains(hidden) else {
      throw SpecificationError.malformed(
        "\(Self.name) takes a number of hidden units from 1 to 4096, as in \(Self.name):64")
    }
    self.init(hidden: hidden)
  }

  package var word: String { "\(Self.name):\(hidden)" }
  package var isAutoregressive: Bool { true }
  package var pastFrames: Int { frames }
  package func models(_ values: ElementKind.Values) -> Bool { values == .bits }
  package func kinkedOutputs(width: Int) -> Range<Int> { width..<width + hidden }
  package func outputs(width: Int) -> Int { width + hidden }
  package func weights(width: Int) -> Int {
    width * (width - 1) / 2 + 3 * width * hidden + hidden + (lower + frames * (2 * reach + 1)) * hidden
  }

  package func initialOutputs(means: [Double]) -> [Double] {
    means.map(initialLogit) + Array(repeating: 0, count: hidden)
  }

  package func initialWeights(width: Int, _ stream: inout RandomStream) -> [Double] {
    func normal(_ count: Int, _ scale: Double) -> [Double] { (0..<count).map { _ in scale * stream.normal() } }
    let direct = [Double](repeating: 0, count: width * (width - 1) / 2)
    return direct + normal(width * hidden, 0.1) + normal(width * hidden, 0.05)
      + Array(repeating: 0, count: width * hidden) + normal(hidden, 0.5 / Double(hidden).squareRoot())
      + normal((lower + frames * (2 * reach + 1)) * hidden, 0.1)
  }

  package func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double {
    guard areBits(y, step.width) else { return -.infinity }
    return withLogits(y, step) { logits, _ in Self.logDensity(y, logits, step.width) }
  }

  package func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    let d = step.width
    guard areBits(y, d) else {
      outputs.update(repeating: 0, count: d + hidden)
      return -.infinity
    }
    return withLogits(y, step) { logits, hiddenUnits in
      let density = Self.logDensity(y, logits, d)
      for index in 0..<d {
        logits[index] = 1 / (1 + exp(-logits[index])) - y[index]
        outputs[index] = logits[index]
      }
      ck_keys_backward(
        d, hidden, lower, frames, reach, step.weights, y, step.past, logits, hiddenUnits, outputs + d, weights)
      return density
    }
  }

  /// Component by component: of each its logit given those drawn already.
  package func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    var y = [Double](repeating: 0, count: step.width)
    walk(step) { index, logit in
      y[index] = BernoulliDistribution(logit: bounded(logit, largestOutput) / temperature).draw(&stream)
      return y[index]
    }
    return y
  }

  package func transform(
    of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream
  ) -> [Double] {
    withLogits(y, step) { logits, _ in
      (0..<step.width).map { index in
        let distribution = BernoulliDistribution(logit: logits[index])
        return stream.between(distribution.cumulative(y[index] - 1), distribution.cumulative(y[index]))
      }
    }
  }

  package func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    withLogits(y, step) { logits, _ in
      (0..<step.width).map { BernoulliDistribution(logit: logits[$0]).logProbability(y[$0]) }
    }
  }

  private static func logDensity(
    _ y: UnsafePointer<Double>, _ logits: UnsafePointer<Double>, _ width: Int
  ) -> Double {
    var total = 0.0
    for index in 0..<width { total -= softplus(y[index] == 0 ? logits[index] : -logits[index]) }
    return total
  }

  private func withLogits<Result>(
    _ y: UnsafePointer<Double>, _ step: EmissionStep,
    _ body: (_ logits: UnsafeMutablePointer<Double>, _ hidden: UnsafeMutablePointer<Double>) -> Result
  ) -> Result {
    let d = step.width
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: d + hidden + d * hidden) { room in
      guard let logits = room.baseAddress else { preconditionFailure("no memory for hidden units") }
      let (sum, units) = (logits + d, logits + d + hidden)
      ck_keys_hidden(
        d, hidden, lower, frames, reach, step.weights, step.outputs + d, y, step.past, sum, units)
      ck_keys_logits(d, hidden, step.weights, step.outputs, y, units, logits)
      for index in 0..<d { logits[index] = bounded(logits[index], largestOutput) }
      return body(logits, units)
    }
  }

  /// Asks for one component after the other, each with its logit given the lower ones.
  private func walk(_ step: EmissionStep, _ take: (_ component: Int, _ logit: Double) -> Double) {
    let d = step.width
    let none = [Double](repeating: 0, count: d)
    // Σ A_ij y_j over the lower components that are 1.
    var direct = none
    withLogits(none, step) { _, units in
      let n = hidden
      let e = step.weights + d * (d - 1) / 2
      let (u, v) = (e + d * n, e + 2 * d * n)
      let shared = v + d * n
      let relative = shared + n
      for component in 0..<d {
        let row = units + component * n
        var logit = step.outputs[component] + direct[component]
        for unit in 0..<n where row[unit] > 0 { logit += row[unit] * (v[component * n + unit] + shared[unit]) }
        guard take(component, logit) != 0 else { continue }
        for higher in component + 1..<max(d, component + 1) {
          direct[higher] += step.weights[higher * (higher - 1) / 2 + component]
          let target = units + higher * n
          for unit in 0..<n { target[unit] += u[component * n + unit] }
          if higher - component <= lower {
            let window = relative + (higher - component - 1) * n
            for unit in 0..<n { target[unit] += window[unit] }
          }
        }
      }
    }
  }
}
