import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// Back-propagation through time against central differences, in double precision, on a network with random parameters
/// and a handful of random sequences: an empty one, one of a single symbol, longer ones.
public struct GradientCheck: Sendable {
  /// One matrix of the network.
  public struct Part: Sendable {
    /// As in the equations: U, S, b, W of each layer, V, c.
    public let name: String
    /// The number of its parameters.
    public let parameters: Int
    /// How many of them were held against differences.
    public let checked: Int
    /// The largest |exact − difference| / max(|exact|, |difference|, 10⁻⁵ × the largest gradient of all): what is
    /// smaller than that last number consists of rounding alone.
    public let largestRelativeDifference: Double
    /// The largest absolute derivative, in nats.
    public let largestGradient: Double
  }

  /// The matrices of the network, in their order.
  public let parts: [Part]

  /// The largest of all parts.
  public var largestRelativeDifference: Double { parts.map(\.largestRelativeDifference).max() ?? 0 }

  /// - Parameters:
  ///   - specification: of a recurrent family.
  ///   - inputWidth: the numbers in x(t), which is random then.
  ///   - most: the most parameters of a matrix to check, chosen by the seed; `nil` for all.
  /// - Throws: `SpecificationError.refused` for other families.
  public init(
    _ specification: ModelSpecification, alphabetSize: Int = 3, inputWidth: Int = 0, seed: UInt64 = 1,
    most: Int? = nil, threads: Int = 1
  ) throws {
    try self.init(
      specification, of: .symbols(alphabetSize), inputWidth: inputWidth, seed: seed, most: most, threads: threads)
  }

  /// The same for elements of any kind: real numbers are standard normal, bits ones with probability ½, counts Poisson with the
  /// mean 3, levels uniform.
  /// - Throws: `SpecificationError.refused` for other families, and for a model that is none of such elements.
  public init(
    _ specification: ModelSpecification, of elements: ElementKind, inputWidth: Int = 0, seed: UInt64 = 1,
    most: Int? = nil, threads: Int = 1
  ) throws {
    let specification = try specification.resolved(for: elements)
    guard let family = specification.family as? any RecurrentFamily else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "only recurrent models are trained by gradients")
    }
    let shape = specification.shape(elements, inputWidth: inputWidth)
    var layout = try family.checkedLayout(shape)
    let cell = type(of: family).cell
    switch elements {
    case .symbols(let k):
      let set = Self.sequences(shape, seed: seed) {
        Int($0.uniform() * Double(k))
      } _: {
        SequenceSet($0, alphabetSize: k, inputs: $1)
      }
      parts = Self.parts(layout, cell, set, seed: seed, most: most, threads: threads)
    case .vectors(let values, let width, _):
      let levels = shape.levels
      let set = Self.sequences(shape, seed: seed) { stream in
        (0..<width).map { Self.number(values, levels: levels.isEmpty ? 1 : levels[$0], &stream) }
      } _: {
        VectorSequences($0, width: width, values, levels: levels, inputs: $1)
      }
      layout.coding = VectorCoding(of: set)
      parts = Self.parts(layout, cell, set, seed: seed, most: most, threads: threads)
    }
  }

  private static func parts<Rows: RowStorage>(
    _ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, _ set: Sequences<Rows>, seed: UInt64, most: Int?,
    threads: Int
  ) -> [Part] {
    let problem = Problem(set: set, parameters: parameters(layout, cell, seed: seed))
    let exact = problem.gradient(layout, cell)
    let largest = exact.map(abs).max() ?? 1
    return layout.parts.map { part in
      let indices = chosen(part.range, most: most, seed: seed)
      var differences = [Double](repeating: 0, count: indices.count)
      differences.withUnsafeMutableBufferPointer { differences in
        nonisolated(unsafe) let differences = differences  // each worker writes its own elements
        let workers = max(1, min(threads, indices.count))
        forEachInParallel(workers, threads: threads) { worker in
          let probe = BatchGradient<Double>(layout, cell, threads: 1)
          for place in stride(from: worker, to: indices.count, by: workers) {
            differences[place] = problem.difference(indices[place], probe)
          }
        }
      }
      let errors = zip(indices, differences).map { index, difference in
        abs(difference - exact[index]) / max(abs(difference), abs(exact[index]), 1e-5 * largest)
      }
      return Part(
        name: part.name, parameters: part.range.count, checked: indices.count,
        largestRelativeDifference: errors.max() ?? 0, largestGradient: exact[part.range].map(abs).max() ?? 0)
    }
  }

  /// The loss whose gradient is checked: the negative log-likelihood of the sequences, in nats.
  private struct Problem<Rows: RowStorage>: Sendable {
    let set: Sequences<Rows>
    let parameters: [Double]

    func gradient(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type) -> [Double] {
      let gradient = BatchGradient<Double>(layout, cell, threads: 1)
      _ = gradient.compute(set, parameters)
      return gradient.sum
    }

    /// The derivative by a central difference of eighth order: steps ±h, ±2h, ±3h, ±4h.
    func difference(_ index: Int, _ probe: BatchGradient<Double>) -> Double {
      let h = 6e-3
      var moved = parameters
      func loss(_ shift: Double) -> Double {
        moved[index] = parameters[index] + shift
        return probe.compute(set, moved)
      }
      let pairs = [1.0, 2, 3, 4].map { loss($0 * h) - loss(-$0 * h) }
      return (672 * pairs[0] - 168 * pairs[1] + 32 * pairs[2] - 3 * pairs[3]) / (840 * h)
    }
  }

  /// Away from zero, biases too, so that the state carries something from step to step. Where the log-density has kinks, half of
  /// the hidden units are on at all steps and the others off: no difference goes across a kink.
  private static func parameters(_ layout: RecurrentLayout, _ cell: any RecurrentCell.Type, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: "gradient check")
    let size = 0.7 / Double(layout.units).squareRoot()
    var parameters = RecurrentNetwork<Double>(layout: layout, cell: cell, seed: seed).parameters.map {
      $0 + size * stream.normal()
    }
    for output in layout.emission?.kinkedOutputs(width: layout.shape.vectorWidth) ?? 0..<0 {
      parameters[layout.outputBias + output] = output % 2 == 0 ? 6 : -6
    }
    return parameters
  }

  /// Sequences of different lengths, one of them longer than most knots of the length features, of elements that are drawn one
  /// after the other; then random inputs.
  private static func sequences<Element, Rows: RowStorage>(
    _ shape: OutputShape, seed: UInt64, _ element: (inout RandomStream) -> Element,
    _ make: ([[Element]], InputVectors?) -> Sequences<Rows>
  ) -> Sequences<Rows> {
    var stream = RandomStream(seed: seed, purpose: "gradient check", index: 1)
    let sequences = [7, 0, 1, 3, 21].map { length in (0..<length).map { _ in element(&stream) } }
    guard shape.inputWidth > 0 else { return make(sequences, nil) }
    let inputs = sequences.map { $0.map { _ in (0..<shape.inputWidth).map { _ in Float(stream.normal()) } } }
    return make(sequences, InputVectors(perStep: inputs, width: shape.inputWidth))
  }

  private static func number(_ values: ElementKind.Values, levels: Int, _ stream: inout RandomStream) -> Double {
    switch values {
    case .reals: stream.normal()
    case .bits: stream.uniform() < 0.5 ? 1 : 0
    case .counts: PoissonDistribution(logMean: log(3)).draw(&stream)
    case .categories: min((stream.uniform() * Double(levels)).rounded(.down), Double(levels - 1))
    }
  }

  private static func chosen(_ range: Range<Int>, most: Int?, seed: UInt64) -> [Int] {
    guard let most, most < range.count else { return Array(range) }
    var stream = RandomStream(seed: seed, purpose: "gradient check", index: UInt64(2 + range.lowerBound))
    return stream.permutation(range.count).prefix(most).map { range.lowerBound + $0 }.sorted()
  }
}
