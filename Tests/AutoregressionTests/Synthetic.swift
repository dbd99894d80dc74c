import Inference
import Models
import Probability
import Sequences

/// Data made by a formula, of several shapes, and words of all kinds of models.
enum Synthetic {
  /// Words of each family, with the kind of numbers that they are of.
  static let words: [(word: String, values: ElementKind.Values)] = [
    ("markov:1", .reals), ("markov:2,emission=gaussian:diagonal,start=own", .reals),
    ("markov:0,emission=gaussian", .reals),
    ("markov:2,start=own,ridge=3", .reals), ("markov:1,bins=4", .reals), ("markov:2,bins=3,smoothing=ml", .reals),
    ("markov:1", .bits), ("markov:2,emission=bernoulli,ridge=0.5", .bits), ("markov:0", .bits),
    ("markov:2,components=tables,smoothing=add:0.5", .bits), ("markov:2,components=tables,start=shared", .bits),
    ("markov:1", .counts), ("markov:0", .counts), ("markov:2,emission=negative-binomial", .counts),
    ("markov:1,components=tables", .counts), ("markov:0,components=tables,smoothing=ml", .counts),
    ("markov:1", .categories), ("markov:2,emission=categorical,ridge=0.5", .categories), ("markov:0", .categories),
    ("markov:2,components=tables", .categories),
    ("markov:1,components=tables,emission=categorical:autoregressive,smoothing=add:0.5", .categories),
  ]

  /// The same with the ways to end that a word does not decline.
  static var models: [(word: String, values: ElementKind.Values)] {
    words.flatMap { word, values in
      let ofTables = word.contains("components") || word.contains("bins")
      return (ofTables ? ["halt", "tau:input=none"] : ["halt", "tau", "tau:input=total,as=bucket:4,prior=poisson"]).map
      {
        ("\(word)/\($0)", values)
      }
    }
  }

  /// Sequences of lengths 0 … longest whose numbers depend on the ones before.
  static func sequences(
    _ values: ElementKind.Values, width: Int, count: Int = 30, longest: Int = 8, seed: UInt64 = 1
  ) -> [[[Double]]] {
    var stream = RandomStream(seed: seed, purpose: "synthetic")
    return (0..<count).map { i in
      var y = [Double](repeating: 0, count: width)
      return (0..<(count == 1 ? longest : i % (longest + 1))).map { _ in
        var sum = 0.0
        y = y.indices.map { component in
          let location = 0.7 * y[component] - 0.2 * (component > 0 ? y[component - 1] : 0) + 0.1 * sum
          let z: Double =
            switch values {
            case .reals: 2 + location + stream.normal() / Double(component + 1)
            case .counts: Double(Int(min(max(1 + location / 2 + 2 * stream.normal(), 0), 30)))
            case .bits: location - 0.3 + stream.normal() > 0 ? 1 : 0
            case .categories:
              min(max((location + 1 + stream.normal()).rounded(), 0), Double(levels(component) - 1))
            }
          sum += z
          return z
        }
        return y
      }
    }
  }

  /// The levels of a column.
  private static func levels(_ component: Int) -> Int { [2, 3, 4][component % 3] }

  static func set(
    _ values: ElementKind.Values, width: Int = 3, count: Int = 30, longest: Int = 8, seed: UInt64 = 1, inputs: Int = 0
  ) -> VectorSequences {
    let sequences = sequences(values, width: width, count: count, longest: longest, seed: seed)
    return VectorSequences(
      sequences, width: width, values, levels: values == .categories ? (0..<width).map(levels) : [],
      inputs: inputs == 0 ? nil : self.inputs(sequences.map(\.count), width: inputs))
  }

  private static func inputs(_ lengths: [Int], width: Int) -> InputVectors {
    InputVectors(
      perStep: lengths.enumerated().map { i, length in
        (0..<length).map { t in (0..<width).map { Float((i + t * ($0 + 2)) % 5) - 1 } }
      }, width: width)
  }

  static func fit(
    _ word: String, _ train: VectorSequences, valid: VectorSequences? = nil, seed: UInt64 = 1, threads: Int = 1
  ) throws -> VectorModel {
    try VectorModel.fit(
      ModelSpecification(word), to: train, valid: valid,
      train.rows.columns,
      FittingContext(seed: seed, threads: threads))
  }
}

extension VectorRows {
  /// Columns for them, with names by number.
  var columns: Columns { Columns(valueKind, width: width, levelCounts: levels) }
}

extension VectorModel {
  /// log p of all elements of a set.
  func logLikelihood(_ set: VectorSequences) -> Double { -scores(of: set).reduce(0) { $0 + $1.natsElements } }
}
