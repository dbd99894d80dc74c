import Emissions
import Foundation
import ModelCore
import Probability
import Sequences

/// Components with a probability for each class of their numbers and a fixed distribution within a class. They are independent,
/// or each has probabilities for each combination of classes of the lower ones. The outputs are the logarithms of the
/// probabilities, a component's classes one behind the other, and so for one combination after the other; they need not be
/// normalised.
struct ClassEmission: Emission {
  static let name = "classes"
  static let examples: [String] = []
  static let summary = ""

  /// Of each component.
  let classes: [ValueClasses]
  /// Whether each component depends on the classes of the lower ones.
  let isAutoregressive: Bool
  /// Where each component's outputs begin, and the end.
  let offsets: [Int]

  init(_ classes: [ValueClasses], isAutoregressive: Bool = false) {
    (self.classes, self.isAutoregressive) = (classes, isAutoregressive)
    var (offsets, lower) = ([0], 1)
    for classes in classes {
      offsets.append(offsets[offsets.count - 1] + lower * classes.count)
      if isAutoregressive { lower *= classes.count }
    }
    self.offsets = offsets
  }

  /// Where the outputs of a component begin that count.
  /// - Parameter lower: the combination of the lower ones' classes, and then with this one's; 0 at first.
  @inline(__always)
  private func start(_ component: Int, _ lower: Int) -> Int { offsets[component] + lower * classes[component].count }

  @inline(__always)
  private func include(_ index: Int, of component: Int, in lower: inout Int) {
    if isAutoregressive { lower = lower * classes[component].count + index }
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
    forEachComponent(of: y, step) { sum += $0 }
    return sum
  }

  /// O(outputs).
  func componentLogDensities(of y: UnsafePointer<Double>, _ step: EmissionStep) -> [Double]? {
    var densities: [Double] = []
    forEachComponent(of: y, step) { densities.append($0) }
    return densities
  }

  /// The log-density of each component given the lower ones; −∞ of one and all higher ones where no class has the number.
  @inline(__always)
  private func forEachComponent(of y: UnsafePointer<Double>, _ step: EmissionStep, _ body: (Double) -> Void) {
    var (lower, isKnown) = (0, true)
    for (component, classes) in classes.enumerated() {
      guard isKnown, let index = classes.index(y[component]) else {
        isKnown = false
        body(-.infinity)
        continue
      }
      let outputs = step.outputs + start(component, lower)
      body(outputs[index] - logSum(outputs, classes.count) + classes.logDensity(y[component], in: index))
      include(index, of: component, in: &lower)
    }
  }

  /// With the gradient, P(class) − 1 for the class of y. O(outputs).
  func logDensity(
    of y: UnsafePointer<Double>, _ step: EmissionStep, outputs: UnsafeMutablePointer<Double>,
    addingTo weights: UnsafeMutablePointer<Double>
  ) -> Double {
    let density = logDensity(of: y, step)
    let indices = classes.enumerated().map { $1.index(y[$0]) ?? 0 }
    var (lower, starts) = (0, [Int]())
    for (component, index) in indices.enumerated() {
      starts.append(start(component, lower))
      include(index, of: component, in: &lower)
    }
    let probabilities = starts.enumerated().map { self.probabilities($0, step.outputs + $1) }
    outputs.update(repeating: 0, count: offsets[classes.count])
    if density == -.infinity { return density }
    for (component, start) in starts.enumerated() {
      for (index, p) in probabilities[component].enumerated() {
        outputs[start + index] = p - (indices[component] == index ? 1 : 0)
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

  private func probabilities(_ component: Int, _ outputs: UnsafePointer<Double>) -> [Double] {
    let count = classes[component].count
    let total = logSum(outputs, count)
    return (0..<count).map { exp(outputs[$0] - total) }
  }

  /// A class, then a number of it. O(outputs).
  func draw(_ step: EmissionStep, temperature: Double, _ stream: inout RandomStream) -> [Double] {
    var lower = 0
    return classes.indices.map { component in
      let outputs = step.outputs + start(component, lower)
      let largest = (0..<classes[component].count).reduce(-Double.infinity) { max($0, outputs[$1]) }
      let weights = (0..<classes[component].count).map { exp(scaledLogit(outputs[$0] - largest, temperature)) }
      let index = stream.index(weights.count, total: weights.reduce(0, +)) { weights[$0] }
      include(index, of: component, in: &lower)
      return classes[component].draw(index, &stream)
    }
  }

  /// It divides the logits of bits and levels; for counts and intervals it has no meaning.
  var temperatureRefusal: String? {
    classes.allSatisfy { if case .whole(_, nil) = $0 { true } else { false } }
      ? nil
      : "tables of counts or intervals are drawn from as they are: a temperature other than 1 has no meaning for them"
  }

  /// Uniform between P(Y_i < y_i) and P(Y_i ≤ y_i). O(outputs).
  func transform(of y: UnsafePointer<Double>, _ step: EmissionStep, _ stream: inout RandomStream) -> [Double] {
    var lower = 0
    return classes.indices.map { component in
      guard let index = classes[component].index(y[component]) else { return .nan }
      let probabilities = probabilities(component, step.outputs + start(component, lower))
      include(index, of: component, in: &lower)
      let before = probabilities[..<index].reduce(0, +)
      let (below, upTo) = classes[component].cumulative(y[component], in: index)
      let (low, high) = (before + probabilities[index] * below, before + probabilities[index] * upTo)
      return low + (high - low) * (low == high ? 0 : stream.uniform())
    }
  }

  func means(_ step: EmissionStep) -> [Double]? {
    if isAutoregressive { return nil }
    return classes.indices.map { component in
      probabilities(component, step.outputs + offsets[component]).enumerated().reduce(0) {
        $0 + $1.element * classes[component].mean($1.offset)
      }
    }
  }

  func knots(_ step: EmissionStep) -> [Double] { classes[0].knots }
}
