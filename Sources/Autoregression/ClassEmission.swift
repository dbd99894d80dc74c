import Emissions
import Foundation
import ModelCore
import Probability
import Sequences

/// Independent components, each with a probability for each class of its numbers and a fixed distribution within a
/// class. The outputs are the logarithms of the probabilities, a component's classes one behind the other; they need
/// not be normalised.
struct ClassEmission: Emission {
  static let name = "classes"
  static let examples: [String] = []
  static let summary = ""

  /// Of each component.
  let classes: [ValueClasses]
  /// Where each component's outputs begin, and the end.
  let offsets: [Int]

  init(_ classes: [ValueClasses]) {
    self.classes = classes
    offsets = classes.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
  }

  init(parameter: String?) throws {
    throw SpecificationError.malformed("\(Self.name) is no emission of its own: use components=tables or bins=n")
  }

  var word: String { Self.name }
  func models(_ values: ElementKind.Values) -> Bool { true }
  func outputs(width: Int) -> Int { offsets[classes.count] }
  func initialOutputs(means: [Double]) -> [Double] { Array(repeating: 0, count: offsets[classes.count]) }

  /// O(outputs).
  func logDensity(of y: UnsafePointer<Double>, _ step: EmissionStep) -> Double {
    var sum = 0.0
    for component in classes.indices { sum += logDensity(y[component], of: component, step) }
    return sum
  }

  /// O(outputs).
  func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    classes.indices.map { logDensity(y[$0], of: $0, step) }
  }

  /// Of one component; −∞ where no class has the number.
  private func logDensity(_ y: Double, of component: Int, _ step: EmissionStep) -> Double {
    let classes = classes[component]
    guard let index = classes.index(y) else { return -.infinity }
    let outputs = step.outputs + offsets[component]
    return outputs[index] - logSum(outputs, classes.count) + classes.logDensity(y, in: index)
  }

  /// With the gradient, P(class) − 1 for the class of y. O(outputs).
  func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    let density = logDensity(of: y, step)
    for (component, classes) in classes.enumerated() {
      let probabilities = probabilities(component, step)
      for index in 0..<classes.count {
        outputs[offsets[component] + index] =
          density == -.infinity ? 0 : probabilities[index] - (classes.index(y[component]) == index ? 1 : 0)
      }
    }
    return density
  }

  private func logSum(_ outputs: UnsafePointer<Double>, _ count: Int) -> Double {
    var (largest, sum) = (-Double.infinity, 0.0)
    for index in 0..<count { largest = max(largest, outputs[index]) }
    for index in 0..<count { sum += exp(outputs[index] - largest) }
    return largest + log(sum)
  }

  private func probabilities(_ component: Int, _ step: EmissionStep) -> [Double] {
    let (outputs, count) = (step.outputs + offsets[component], classes[component].count)
    let total = logSum(outputs, count)
    return (0..<count).map { exp(outputs[$0] - total) }
  }

  /// A class, then a number of it. O(outputs).
  func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    classes.indices.map { component in
      let outputs = step.outputs + offsets[component]
      let largest = (0..<classes[component].count).reduce(-Double.infinity) { max($0, outputs[$1]) }
      let weights = (0..<classes[component].count).map { exp((outputs[$0] - largest) / temperature) }
      let index = stream.index(weights.count, total: weights.reduce(0, +)) { weights[$0] }
      return classes[component].draw(index, &stream)
    }
  }

  /// It divides the logits of bits; for counts and intervals it has no meaning.
  var temperatureRefusal: String? {
    classes.allSatisfy { $0 == .whole(2, tail: nil) }
      ? nil
      : "tables of counts or intervals are drawn from as they are: a temperature other than 1 has no meaning for them"
  }

  /// Uniform between P(Y_i < y_i) and P(Y_i ≤ y_i). O(outputs).
  func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    classes.indices.map { component in
      guard let index = classes[component].index(y[component]) else { return .nan }
      let probabilities = probabilities(component, step)
      let before = probabilities[..<index].reduce(0, +)
      let (below, upTo) = classes[component].cumulative(y[component], in: index)
      let (low, high) = (before + probabilities[index] * below, before + probabilities[index] * upTo)
      return low + (high - low) * (low == high ? 0 : stream.uniform())
    }
  }

  func means(_ step: EmissionStep) -> [Double]? {
    classes.indices.map { component in
      probabilities(component, step).enumerated().reduce(0) { $0 + $1.element * classes[component].mean($1.offset) }
    }
  }

  func knots(_ step: EmissionStep) -> [Double] { classes[0].knots }
}
