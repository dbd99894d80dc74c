import Emissions
import ModelCore
import Sequences

/// How vectors become the numbers that a network sees and predicts: both are standardised for real numbers, for counts what it
/// sees alone; bits are left as they are, and of categories it sees one number for each level (one-hot).
package struct VectorCoding: Sendable, Hashable {
  /// Of the element before, which comes in.
  package let inputs: Standardisation
  /// Of the element to predict.
  package let elements: Standardisation
  /// Of categories the number of levels of each column; else empty.
  private let levels: [Int]

  package init(inputs: Standardisation, elements: Standardisation, levels: [Int] = []) {
    (self.inputs, self.elements, self.levels) = (inputs, elements, levels)
  }

  /// Learned on a training set.
  package init(of set: VectorSequences) {
    let none = Standardisation.none(width: set.rows.width)
    switch set.rows.valueKind {
    case .reals: self.init(inputs: Standardisation(of: set), elements: Standardisation(of: set))
    case .counts: self.init(inputs: Standardisation(of: set), elements: none)
    case .bits: self.init(inputs: none, elements: none)
    case .categories: self.init(inputs: none, elements: none, levels: set.rows.levels)
    }
  }

  /// Adds what was learned to a model's file.
  func write(to file: inout TensorFile) {
    inputs.write(to: &file, named: "inputs")
    elements.write(to: &file, named: "elements")
  }

  /// Reads what `write` has written.
  /// - Throws: `ModelFileError`; also for standardised bits, counts or categories to predict, which would be none.
  package init(from file: TensorFile, _ shape: OutputShape) throws {
    let (width, values) = (shape.vectorWidth, shape.values)
    self.init(
      inputs: try Standardisation(from: file, named: "inputs", width: width),
      elements: try Standardisation(from: file, named: "elements", width: width), levels: shape.levels)
    let none = Standardisation.none(width: width)
    guard values == .reals || elements == none, values == .reals || values == .counts || inputs == none else {
      throw ModelFileError.inconsistent("its \(values.name) are standardised")
    }
  }

  /// The names of its tensors, with their sizes.
  static func tensorSizes(width: Int) -> [String: Int?] {
    Standardisation.tensorSizes(named: "inputs", width: width).merging(
      Standardisation.tensorSizes(named: "elements", width: width)
    ) { first, _ in first }
  }

  /// What comes in of the element before, at most `largest` standard deviations from the mean; of categories 1 for each level
  /// that is there, and zeros.
  func writeInput(_ element: UnsafePointer<Double>, to target: UnsafeMutablePointer<Float>) {
    if !levels.isEmpty {
      var start = 0
      for (column, count) in levels.enumerated() {
        (target + start).update(repeating: 0, count: count)
        target[start + Int(element[column])] = 1
        start += count
      }
      return
    }
    for index in inputs.means.indices {
      let z = (element[index] - inputs.means[index]) / inputs.scales[index]
      target[index] = Float(min(max(z, -Self.largest), Self.largest))
    }
  }

  /// Beyond so many standard deviations inputs are as if they had just these: no sum of the network leaves single precision.
  private static let largest = 1e4
}
