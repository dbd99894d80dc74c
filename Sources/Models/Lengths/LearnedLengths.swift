import Probability
import Sequences

/// A softmax output of its own for the length, from x where there is x, else from a trained vector alone:
///
///     θ = b + A x,   P(τ | x) the log-linear law of θ
///
/// x is the sequence's one vector, or that of the first step: τ is drawn before any other is known. What other families'
/// weights are plays no part, so that any family may have such a head (Goodfellow, Bengio and Courville 2016, section
/// 10.2.3: one more output, which predicts τ itself).
public struct LearnedLengths: LengthPrior {
  /// d, the numbers in x.
  let width: Int
  /// A, knots × d.
  package let weights: [Double]
  /// b.
  package let bias: [Double]
  /// The hazard of the tail, the same for all x.
  package let stop: Double
  /// That of x = 0.
  private let base: LogLinearLengths

  init(width: Int, weights: [Double], bias: [Double], stop: Double) {
    self.width = width
    self.weights = weights
    self.bias = bias
    self.stop = stop
    base = LogLinearLengths(bias, stop: stop)
  }

  /// What adding up to one leaves of a vector over the knots.
  static var freeLogits: Int { LogLinearLengths.knots.count - 1 }

  /// Those of b and A, and the tail's.
  static func freeParameters(inputWidth: Int) -> Int { freeLogits * (1 + inputWidth) + 1 }

  public var readsInputs: Bool { width > 0 }

  public func law(given x: SequenceInput?) -> any LengthLaw {
    guard width > 0, let x = x?.at(0), !x.isEmpty else { return base }
    return LogLinearLengths(logits(x), stop: stop)
  }

  /// θ.
  private func logits(_ x: ArraySlice<Float>) -> [Double] {
    var logits = bias
    for (column, number) in x.prefix(width).enumerated() where number != 0 {
      for knot in logits.indices { logits[knot] += weights[knot * width + column] * Double(number) }
    }
    return logits
  }

  // MARK: The file

  public var storedParameters: Int { bias.count + weights.count + 1 }

  public func write(to file: inout TensorFile) {
    file.set("length.bias", bias, shape: [bias.count])
    if width > 0 { file.set("length.weight", weights, shape: [bias.count, width]) }
    file.set("length.stop", [stop], shape: [1])
  }

  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, inputWidth: Int) throws {
    let knots = LogLinearLengths.knots.count
    let bias = try file.doubles("length.bias", shape: [knots])
    let weights = inputWidth > 0 ? try file.doubles("length.weight", shape: [knots, inputWidth]) : []
    let stop = try file.doubles("length.stop", count: 1)[0]
    // So that all sums with any x in single precision are finite.
    guard (bias + weights).allSatisfy({ abs($0) < 1e100 }), stop > 1e-100, stop < 1 else {
      throw ModelFileError.inconsistent("length.bias, length.weight and length.stop are not those of a law of lengths")
    }
    self.init(width: inputWidth, weights: weights, bias: bias, stop: stop)
  }
}
