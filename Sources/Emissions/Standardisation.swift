import Foundation
import ModelCore
import Sequences

/// Standardisation of real numbers, learned on training data: z = (y − mean) / scale, component by component. Likelihoods stay in
/// the original units: log p(y) = log p(z) − Σ log scale (the change of variables). Bits and counts are left as they are.
public struct Standardisation: Sendable, Hashable {
  /// The means of the components.
  public let means: [Double]
  /// The standard deviations, no smaller than the floor of their component.
  public let scales: [Double]
  /// Σ log scale: what a log-density of standardised numbers loses in original units.
  public let logScale: Double

  /// Means and scales, which must be positive.
  public init(means: [Double], scales: [Double]) {
    (self.means, self.scales) = (means, scales)
    logScale = scales.reduce(0) { $0 + log($1) }
  }

  /// Leaves numbers as they are.
  public static func none(width: Int) -> Standardisation {
    Standardisation(means: Array(repeating: 0, count: width), scales: Array(repeating: 1, count: width))
  }

  /// The means and standard deviations of a set; a component that does not vary has scale 1. O(numbers).
  public init(of set: VectorSequences) { self.init(values: set.rows.values, width: set.rows.width) }

  /// The same of vectors one behind the other.
  package init(values: [Double], width: Int) {
    let count = Double(max(values.count / width, 1))
    var (means, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    for index in values.indices { means[index % width] += values[index] }
    means = means.map { $0 / count }
    for index in values.indices {
      let difference = values[index] - means[index % width]
      squares[index % width] += difference * difference
    }
    let deviations = squares.map { ($0 / count).squareRoot() }
    self.init(
      means: means,
      scales: zip(deviations, means).map { $0 > 1e-12 * max(abs($1), 1e-300) && $0.isFinite ? $0 : 1 })
  }

  /// Standardises one vector.
  public func standardise(_ y: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>) {
    for index in means.indices { z[index] = (y[index] - means[index]) / scales[index] }
  }

  /// The vector in original units.
  public func restore(_ z: [Double]) -> [Double] { z.indices.map { means[$0] + scales[$0] * z[$0] } }

  /// Adds means and scales to a model's file, as NAME.means and NAME.scales.
  package func write(to file: inout TensorFile, named name: String) {
    file.set("\(name).means", means, shape: [means.count])
    file.set("\(name).scales", scales, shape: [scales.count])
  }

  /// The names of their tensors, with their sizes.
  package static func tensorSizes(named name: String, width: Int) -> [String: Int?] {
    ["\(name).means": width, "\(name).scales": width]
  }

  /// Reads what `write` has written.
  /// - Throws: `ModelFileError`; also where they cannot be those of data.
  package init(from file: TensorFile, named name: String, width: Int) throws {
    let means = try file.doubles("\(name).means", shape: [width])
    let scales = try file.doubles("\(name).scales", shape: [width])
    guard scales.allSatisfy({ $0 > 1e-150 && $0 < 1e150 }), means.allSatisfy({ abs($0) < 1e150 }) else {
      throw ModelFileError.inconsistent("it holds a standard deviation that is none")
    }
    self.init(means: means, scales: scales)
  }
}
