import ModelCore
import Probability
import Sequences
import Support

/// The probability integral transform of the steps of data (Rosenblatt 1952; for forecasts Dawid 1984, Diebold, Gunther and Tay
/// 1998): u_i(t) = P(Y_i(t) ≤ y_i(t) | past, lower components). If the model is the distribution of the data, all of them are
/// independent and uniform on 0 … 1. Of counts and bits u is drawn uniformly between P(Y < y) and P(Y ≤ y).
public struct ProbabilityTransform: Sendable, Hashable, Codable {
  /// The transforms of one component.
  public struct Component: Sendable, Hashable, Codable {
    /// The column's name.
    public let name: String
    /// How many of them lie in each of `cells` equal parts of 0 … 1.
    public let histogram: [Int]
    /// Their mean; ½ if they are uniform.
    public let mean: Double
    /// Their distance from the uniform distribution, compared at 4096 equal parts, with its p-value. It is that of independent
    /// numbers, and of a model that was not fitted to these data.
    public let test: KolmogorovSmirnov?
  }

  /// The parts of a histogram.
  public static let cells = 20
  private static let finestCells = 4096

  /// One for each column.
  public let components: [Component]
  /// The steps that were transformed.
  public let steps: Int

  /// O(steps) steps of the walk, and of a model of one real number without a transform of its own an integral each.
  /// - Parameters:
  ///   - skipsFirst: whether the first step of each sequence is left out.
  ///   - seed: of the draws for counts and bits.
  ///   - threads: the result does not depend on it.
  /// - Throws: `SpecificationError.refused` where the model has no transform.
  public init(
    of model: VectorModel, on set: VectorSequences, skipsFirst: Bool = false, seed: UInt64 = 1, threads: Int = 1
  ) throws {
    let transforms = parallelMap(set.count, threads: threads) { index in
      var stream = RandomStream(seed: seed, purpose: "probability transform", index: UInt64(index))
      return Self.transforms(model.vectors, set, index, skipsFirst: skipsFirst, &stream)
    }
    steps = transforms.reduce(0) { $0 + $1.count }
    let numbers = transforms.flatMap { $0.compactMap(\.self) }
    guard numbers.count == steps else {
      throw SpecificationError.refused(
        model: model.specification.shortWord, reason: "its steps have no probability integral transform")
    }
    components = model.columns.names.enumerated().map { index, name in
      Component(name: name, numbers.map { $0[index] })
    }
  }

  /// Those of several sets together, such as the folds of a cross-validation, by histograms; `nil` of none, or of other
  /// components.
  package init?(adding parts: [ProbabilityTransform]) {
    guard let first = parts.first, parts.allSatisfy({ $0.names == first.names }) else { return nil }
    if parts.count == 1 {
      self = first
      return
    }
    steps = parts.reduce(0) { $0 + $1.steps }
    components = first.components.indices.map { index in
      Component(name: first.components[index].name, adding: parts.map { $0.components[index] })
    }
  }

  /// All components as if they were one: if the model is the distribution of the data, all transforms are independent.
  public var allComponents: Component { Component(name: "all components", adding: components) }

  private var names: [String] { components.map(\.name) }

  /// Whether one that was read can be that of so many steps: nothing that is computed of it goes beyond its bounds.
  package var isSound: Bool {
    (0...1 << 48).contains(steps)
      && components.allSatisfy {
        $0.histogram.count == Self.cells && $0.histogram.allSatisfy { (0...steps).contains($0) }
          && $0.histogram.reduce(0, +) == steps
      }
  }

  /// Those of a sequence's elements.
  private static func transforms<P: VectorProcess>(
    _ process: P, _ set: VectorSequences, _ index: Int, skipsFirst: Bool, _ stream: inout RandomStream
  ) -> [[Double]?] {
    var transforms: [[Double]?] = []
    var distribution = P.Distribution(process.shape)
    process.forEachDecision(of: set[index], x: set.input(index)) { walk, element in
      guard let element, !skipsFirst || walk.time > 0 else { return }
      walk.predict(into: &distribution)
      transforms.append(distribution.transformOrIntegral(of: element, &stream))
    }
    return transforms
  }

  /// The cell of a number from 0 to 1.
  static func cell(_ u: Double, of cells: Int) -> Int { u < 1 ? max(Int(u * Double(cells)), 0) : cells - 1 }
}

extension ProbabilityTransform.Component {
  /// Several together; their test is that of the histogram, at its parts alone.
  fileprivate init(name: String, adding parts: [Self]) {
    self.name = name
    let histogram = parts.reduce(into: [Int](repeating: 0, count: ProbabilityTransform.cells)) { sums, part in
      for cell in sums.indices { sums[cell] += part.histogram[cell] }
    }
    self.histogram = histogram
    let counts = parts.map { Double($0.histogram.reduce(0, +)) }
    let total = counts.reduce(0, +)
    mean = zip(parts, counts).reduce(0) { $0 + $1.0.mean * $1.1 } / max(total, 1)
    let cells = Double(ProbabilityTransform.cells)
    test = KolmogorovSmirnov(
      histogram.map(Double.init), expected: Array(repeating: total / cells, count: ProbabilityTransform.cells))
  }

  fileprivate init(name: String, _ numbers: [Double]) {
    self.name = name
    func counts(_ cells: Int) -> [Int] {
      var counts = [Int](repeating: 0, count: cells)
      for u in numbers { counts[ProbabilityTransform.cell(u, of: cells)] += 1 }
      return counts
    }
    histogram = counts(ProbabilityTransform.cells)
    mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
    let finest = ProbabilityTransform.finestCells
    test = KolmogorovSmirnov(
      counts(finest).map(Double.init), expected: Array(repeating: Double(numbers.count) / Double(finest), count: finest)
    )
  }
}

extension VectorDistribution {
  /// The transform, or of one real number the distribution function by quadrature; `nil` where there is neither.
  func transformOrIntegral(of element: [Double], _ stream: inout RandomStream) -> [Double]? {
    if let transform = transform(of: element, &stream) { return transform }
    return shape.vectorWidth == 1 && shape.values == .reals ? [cumulative(element[0], &stream)] : nil
  }
}
