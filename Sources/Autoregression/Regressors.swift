import Emissions
import Foundation
import ModelCore
import Sequences

/// The regressors φ(t) of a step, in the order of their rows of weights: 1; an indicator for each of the first steps,
/// at which lags are missing; the last k elements, the last one first, zeros where there are none; the inputs x(t); the
/// numbers of the length. They are listed sparsely, since bits and counts are mostly 0.
struct Regressors: Sendable, Hashable {
  /// d, the numbers in an element.
  let width: Int
  /// k.
  let order: Int
  /// The first steps with an intercept of their own.
  let indicators: Int
  /// The numbers in x(t).
  let inputWidth: Int
  /// How the length is seen, if it is.
  let length: NumberEncoding?

  init(_ shape: OutputShape, order: Int, indicators: Int) {
    (width, self.order, self.indicators) = (shape.vectorWidth, order, indicators)
    (inputWidth, length) = (shape.inputWidth, shape.lengthInput?.form)
  }

  /// f, all of them.
  var count: Int { 1 + indicators + order * width + inputWidth + (length?.width ?? 0) }

  /// The weights, f × d, that a regression of all steps gives these regressors at one of the first steps: the intercept
  /// is the sum of the shared one and the step's own, and the lags that are missing there have no weights.
  func weights(ofStep step: Int, in shared: Regressors, _ all: [Double]) -> [Double] {
    let lags = 1 + shared.indicators
    let tail = lags + shared.order * width
    let intercept = (0..<width).map { all[$0] + all[(1 + step) * width + $0] }
    return intercept + all[lags * width..<(lags + order * width) * width] + all[(tail * width)...]
  }

  /// Lists those of a step that are not 0, by rising index.
  /// - Parameters:
  ///   - past: k elements of d numbers as `RegressorCoding.encode` gives them, the last one first.
  ///   - indices: room for `count` numbers, as `values`.
  /// - Returns: how many there are.
  func write(
    _ inputs: StepInputs, past: UnsafePointer<Double>, _ coding: RegressorCoding,
    indices: UnsafeMutablePointer<Int32>, values: UnsafeMutablePointer<Double>
  ) -> Int {
    (indices[0], values[0]) = (0, 1)
    var listed = 1
    func list(_ index: Int, _ value: Double) {
      guard value != 0 else { return }
      (indices[listed], values[listed]) = (Int32(truncatingIfNeeded: index), value)
      listed += 1
    }
    if inputs.time < indicators { list(1 + inputs.time, 1) }
    var index = 1 + indicators
    for lag in 0..<order * width { list(index + lag, past[lag]) }
    index += order * width
    if inputWidth > 0 {
      // What is not there counts as zeros, as everywhere.
      for column in 0..<inputWidth {
        let x = column < inputs.x.count ? Double(inputs.x[inputs.x.startIndex + column]) : 0
        list(index + column, coding.standardisedInput(x, column))
      }
      index += inputWidth
    }
    if let length {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: length.width + 1) { room in
        guard let base = room.baseAddress else { return }
        length.write(min(inputs.length ?? 0, coding.longestLabel), to: base)
        for column in 0..<length.width { list(index + column, Double(base[column])) }
      }
    }
    return listed
  }
}

/// How numbers become regressors, learned on the training data: real numbers are standardised, of counts log(1 + y) is
/// taken (Fokianos and Tjøstheim 2011), bits are left as they are; inputs x are standardised.
struct RegressorCoding: Sendable, Hashable {
  let values: ElementKind.Values
  /// Of real numbers; of bits and counts it changes nothing.
  let elements: Standardisation
  /// Of the inputs x.
  let inputs: Standardisation
  /// Beyond this number of the length there are no data: larger ones are seen as this one.
  let longestLabel: Int

  /// Learned on a training set.
  init(of set: VectorSequences, _ shape: OutputShape) {
    values = shape.values
    elements = values == .reals ? Standardisation(of: set) : .none(width: shape.vectorWidth)
    inputs =
      set.inputs.map { Standardisation(values: $0.values.map { Double($0) }, width: $0.width) }
      ?? .none(width: shape.inputWidth)
    longestLabel = shape.lengthInput?.label(time: 0, length: set.longest) ?? 0
  }

  init(values: ElementKind.Values, elements: Standardisation, inputs: Standardisation, longestLabel: Int) {
    (self.values, self.elements, self.inputs) = (values, elements, inputs)
    self.longestLabel = longestLabel
  }

  /// What regressions see of an element.
  func encode(_ y: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>) {
    let width = elements.means.count
    switch values {
    case .reals:
      elements.standardise(y, into: z)
      for index in 0..<width { z[index] = min(max(z[index], -Self.largest), Self.largest) }
    case .counts: for index in 0..<width { z[index] = log1p(max(y[index], 0)) }
    case .bits: for index in 0..<width { z[index] = y[index] }
    }
  }

  func standardisedInput(_ x: Double, _ column: Int) -> Double { (x - inputs.means[column]) / inputs.scales[column] }

  /// The largest size of a regressor and of a weight, so that their sums are numbers.
  static let largest = 1e15
}
