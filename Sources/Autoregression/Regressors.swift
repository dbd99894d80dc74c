import Emissions
import Foundation
import ModelCore
import Sequences

/// The regressors φ(t) of a step, in the order of their rows of weights: 1; an indicator for each of the first steps,
/// at which lags are missing; the last k elements, the last one first, zeros where there are none; the inputs x(t); the
/// numbers of the length. An element of categories is a 1 for each column's level (one-hot). They are listed sparsely, since bits,
/// counts and levels are mostly 0.
struct Regressors: Sendable, Hashable {
  /// d, the numbers in an element.
  let width: Int
  /// Of categories where the levels of each column begin among those of all, and their number; else empty.
  private let offsets: [Int]
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
    offsets = shape.levels.isEmpty ? [] : shape.levels.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    (inputWidth, length) = (shape.inputWidth, shape.lengthInput?.form)
  }

  /// f, all of them.
  var count: Int { 1 + indicators + order * encodedWidth + inputWidth + (length?.width ?? 0) }

  /// The regressors of an element: d, or all levels.
  private var encodedWidth: Int { offsets.last ?? width }

  /// The number of regressors that the components below this one are.
  func offset(ofComponent component: Int) -> Int { offsets.isEmpty ? component : offsets[component] }

  /// The regressors of an element of the same step that are 1, by rising index: bits, or levels.
  func forEachOne(of y: UnsafePointer<Double>, _ body: (Int32) -> Void) {
    for component in 0..<width {
      if !offsets.isEmpty {
        body(Int32(truncatingIfNeeded: offsets[component] + Int(y[component])))
      } else if y[component] != 0 {
        body(Int32(truncatingIfNeeded: component))
      }
    }
  }

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
    if offsets.isEmpty {
      for lag in 0..<order * width { list(index + lag, past[lag]) }
    } else {
      for lag in 0..<order {
        for column in 0..<width where past[lag * width + column] > 0 {
          list(index + lag * encodedWidth + offsets[column] + Int(past[lag * width + column]) - 1, 1)
        }
      }
    }
    index += order * encodedWidth
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
/// taken (Fokianos and Tjøstheim 2011), bits are left as they are, levels are counted from 1, so that 0 is no level; inputs x are standardised.
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
    case .categories: for index in 0..<width { z[index] = y[index] + 1 }
    }
  }

  func standardisedInput(_ x: Double, _ column: Int) -> Double { (x - inputs.means[column]) / inputs.scales[column] }

  /// The largest size of a regressor and of a weight, so that their sums are numbers.
  static let largest = 1e15
}
