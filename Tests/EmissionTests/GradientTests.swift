import Emissions
import Foundation
import Probability
import Testing

/// Gradients against differences of the log-density.
@Suite struct GradientTests {
  /// Differences of fourth order: (8 (f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12 h, off by h⁴/30 of the fifth derivative.
  private func difference(_ f: (Double) -> Double) -> Double {
    let h = 2e-4
    return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
  }

  private func check(_ step: Step, _ y: [Double]) {
    let found = step.gradient(y, start: 0.25)
    #expect(agree(found.value, step.logDensity(y), 1e-15), "\(step)")
    // Of many numbers some.
    let stride = max((step.outputs.count + step.weights.count) / 300, 1)
    for index in Swift.stride(from: 0, to: step.outputs.count, by: stride) {
      var other = step
      let wanted = difference {
        other.outputs[index] = step.outputs[index] + $0
        return -other.logDensity(y)
      }
      #expect(agree(found.outputs[index], wanted, 1e-7, least: 1e-2), "\(step): output \(index), y = \(y)")
    }
    for index in Swift.stride(from: 0, to: step.weights.count, by: stride) {
      var other = step
      let wanted = difference {
        other.weights[index] = step.weights[index] + $0
        return -other.logDensity(y)
      }
      // They are added to 0.25, whose rounding is below 10⁻¹⁶.
      #expect(agree(found.weights[index] - 0.25, wanted, 1e-7, least: 1e-2), "\(step): weight \(index), y = \(y)")
    }
  }

  @Test("Gradients by outputs and weights are central differences", arguments: Step.all)
  func areDifferences(_ step: Step) {
    var stream = RandomStream(seed: 1, purpose: "gradient")
    for _ in 0..<3 { check(step, step.draw(&stream)) }
    // What is not likely, and what never changes.
    check(step, (0..<step.width).map { step.values == .bits ? 1 : Double(min(3, step.choices($0) - 1)) })
    check(step, Array(repeating: 0, count: step.width))
  }

  /// Where deviations are next to their floor and where outputs saturate.
  @Test("Gradients are exact where outputs are large", arguments: ["gaussian:diagonal", "gaussian:full", "mixture:2"])
  func ofLargeOutputs(_ word: String) {
    for output in [-12.0, -9, 3, 24.999, 27] {
      var step = Step(word, width: 2)
      // The last outputs of each are deviations, or a weight of the factor.
      step.outputs[step.outputs.count - (word == "gaussian:full" ? 2 : 1)] = output
      let deviation = 1e-4 + exp(min(output, 20))
      var y = step.means ?? []
      y[1] += 0.7 * deviation
      check(step, y)
    }
  }

  @Test("Counts: gradients where means saturate", arguments: ["poisson", "negative-binomial"])
  func ofSaturatedCounts(_ word: String) {
    for (output, count) in [(-26.0, 0.0), (-24, 1), (10, 22_000), (15, 3e6), (28, 1.06e12), (36.5, 0x1p53), (42, 1e18)]
    {
      var step = Step(word, width: 1)
      step.outputs[0] = output
      check(step, [count])
    }
  }

  /// The gradient may take the place of the outputs.
  @Test("Gradients may be written over the outputs", arguments: Step.all)
  func inPlace(_ step: Step) {
    var stream = RandomStream(seed: 2)
    let y = step.draw(&stream)
    let wanted = step.gradient(y)
    var numbers = step.outputs + [0]
    var weights = [Double](repeating: 0, count: step.weights.count + 1)
    let value = numbers.withUnsafeMutableBufferPointer { numbers in
      weights.withUnsafeMutableBufferPointer { weights in
        step.with(y) { y, original in
          guard let outputs = numbers.baseAddress, let sums = weights.baseAddress else { return Double.nan }
          return step.emission.logDensity(
            of: y,
            EmissionStep(
              width: step.width, outputs: UnsafePointer(outputs), weights: original.weights, past: original.past),
            outputs: outputs, addingTo: sums)
        }
      }
    }
    #expect(value == wanted.value && numbers.dropLast() == wanted.outputs[...])
    #expect(weights.dropLast() == wanted.weights[...])
  }
}
