import Foundation
import ModelCore
import Probability
import Sequences

/// A softmax output of its own for the length: from x where there is x, else a vector alone.
///
///     P(τ | x) = m(τ) exp(s(τ)) / Z(x),   s(τ) = Σ_j φ_j(τ) θ_j,   θ = b + A x
///
/// m is the smoothed table of lengths, φ_j(τ) the share of knot j in τ's place between its two neighbours (the last knot's is 1
/// for all that are longer). So x tilts the law by a line between knots, and every length has mass. Without x the logits are
/// those of the table, whose maximum-likelihood vector that is.
///
/// x is the sequence's one vector, or that of the first step: τ is drawn before any other is known. An empty sequence has no
/// first step, and that must not tell that it is empty: with a vector a step P(τ = 0) is m(0), whatever x is. What other
/// weights a family has plays no part, so that any family may have such a head (Goodfellow, Bengio and Courville 2016, section
/// 10.2.3: one more output, which predicts τ itself).
package struct LearnedLengths: LengthPrior, LengthPriorKind {
  package static let name = "learned"
  package static let remark = "a softmax output, from x where there is x"
  package static let ownParameters: Int? = nil
  /// What adding up to one leaves of a vector over the knots.
  package static var parametersPerInput: Int { knots.count - 1 }
  package static let tensorNames = LengthTable.tensorNames.union(["length.bias", "length.weight", "length.per_step"])

  /// m.
  let table: LengthTable
  /// d, the numbers in x.
  let width: Int
  /// Whether x is that of the first of a sequence's steps.
  let isPerStep: Bool
  /// A, knots × d.
  package let weights: [Double]
  /// b.
  package let bias: [Double]
  private let masses: TiltedMasses

  package init(_ table: LengthTable, width: Int, isPerStep: Bool, weights: [Double], bias: [Double]) {
    self.table = table
    self.width = width
    self.isPerStep = isPerStep
    self.weights = weights
    self.bias = bias
    masses = TiltedMasses(table, withoutEmpty: isPerStep)
  }

  /// 0 … 8, from there four an octave to 1024.
  package static var places: [Int] { knots.places }
  static let knots = Knots(places: Array(0...8) + (1...7).flatMap { octave in (5...8).map { $0 << octave } })

  package var readsInputs: Bool { width > 0 }

  package var notes: [String] {
    width > 0 ? [] : ["prior=learned is the smoothed table here: there are no inputs x to learn from"]
  }

  package func law(given x: SequenceInput?) -> any LengthLaw {
    width > 0 ? TiltedLengths(table, logFactors: logFactors(x)) : table
  }

  /// O(vectors · 1024).
  package func meanLaw(over inputs: InputVectors) -> any LengthLaw {
    // Empty sequences have none, and their law is what the others' is.
    let sequences = (0..<inputs.count).filter { inputs.range(sequence: $0, time: 0) != nil }
    guard width > 0, !sequences.isEmpty else { return law(given: nil) }
    var sums = [Double](repeating: 0, count: Self.knots.last + 1)
    for sequence in sequences {
      let logFactors = logFactors(SequenceInput(inputs, sequence: sequence))
      for length in sums.indices { sums[length] += exp(logFactors[length]) }
    }
    return TiltedLengths(table, logFactors: sums.map { log($0 / Double(sequences.count)) })
  }

  /// s(τ) − log Z(x).
  private func logFactors(_ x: SequenceInput?) -> [Double] {
    var logits = bias
    for (column, number) in (x?.at(0) ?? []).prefix(width).enumerated() where number != 0 {
      for knot in logits.indices { logits[knot] += weights[knot * width + column] * Double(number) }
    }
    // In parts of the largest one, and none below e^−100,000 of it: with numbers of any size Z would be lost in rounding.
    let most = logits.max() ?? 0
    let values = logits.map { max($0 - most, -1e5) }
    let logNormaliser = masses.logNormaliser(values)
    var logFactors = [Double](repeating: values[values.count - 1] - logNormaliser, count: Self.knots.last + 1)
    for knot in 0..<Self.knots.count - 1 {
      let (from, to) = (Self.knots.places[knot], Self.knots.places[knot + 1])
      for length in from..<to {
        let share = Double(length - from) / Double(to - from)
        logFactors[length] = TiltedMasses.line(values, knot, share) - logNormaliser
      }
    }
    if isPerStep {
      // m(0) as it is, and the rest of the mass for the others.
      let rest = log(-expm1(table.logProbability(0)))
      for length in logFactors.indices { logFactors[length] = length == 0 ? 0 : logFactors[length] + rest }
    }
    return logFactors
  }

  // MARK: The file

  package var storedParameters: Int { table.storedParameters + bias.count + weights.count }

  package func write(to file: inout TensorFile) {
    table.write(to: &file)
    guard width > 0 else { return }
    file.set("length.bias", bias, shape: [bias.count])
    file.set("length.weight", weights, shape: [bias.count, width])
    file.set("length.per_step", counts: [isPerStep ? 1 : 0])
  }

  package func agrees(with facts: TrainingFacts) -> Bool { table.agrees(with: facts) }

  package static func read(from file: TensorFile, inputWidth: Int) throws -> any LengthPrior {
    try Self(from: file, inputWidth: inputWidth)
  }

  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, inputWidth: Int) throws {
    let table = try LengthTable(from: file)
    guard inputWidth > 0 else {
      self.init(table, width: 0, isPerStep: false, weights: [], bias: [])
      return
    }
    let knots = Self.knots.count
    let bias = try file.doubles("length.bias", shape: [knots])
    let weights = try file.doubles("length.weight", shape: [knots, inputWidth])
    let isPerStep = try file.counts("length.per_step", count: 1)[0]
    // So that all sums with any x in single precision are finite.
    guard (bias + weights).allSatisfy({ abs($0) < 1e100 }), isPerStep < 2 else {
      throw ModelFileError.inconsistent(
        "length.bias, length.weight and length.per_step are not those of a law of lengths")
    }
    self.init(table, width: inputWidth, isPerStep: isPerStep == 1, weights: weights, bias: bias)
  }
}

/// The masses of a table as a tilt sees them.
struct TiltedMasses: Sendable, Hashable {
  /// log m(τ) below the last knot, and log m(τ ≥ the last knot).
  private let logMasses: [Double]
  private let logTail: Double
  /// The first length that counts, and the knot from which on none does; beyond all of them where all do.
  private let first: Int
  private let end: Int

  /// - Parameters:
  ///   - withoutEmpty: whether τ = 0 does not count.
  ///   - neglected: the mass of the longest lengths that need not count.
  init(_ table: LengthTable, withoutEmpty: Bool, neglecting neglected: Double = 0) {
    let knots = LearnedLengths.knots
    logMasses = (0..<knots.last).map { table.logProbability($0) }
    logTail = table.logTail(beyond: knots.last - 1)
    first = withoutEmpty ? 1 : 0
    end = knots.places.firstIndex { $0 > 1 && table.logTail(beyond: $0 - 1) < log(neglected) } ?? knots.count
  }

  /// s(τ) at a place between knots.
  @inline(__always) static func line(_ values: [Double], _ knot: Int, _ share: Double) -> Double {
    share == 0 ? values[knot] : (1 - share) * values[knot] + share * values[knot + 1]
  }

  /// log Z = log Σ m(τ) e^s(τ).
  /// - Parameter visit: is shown the part of Z, over the largest, that each length has with its knot and the share of the next
  ///   one, unless it is next to nothing.
  func logNormaliser(
    _ values: [Double],
    _ visit: (_ knot: Int, _ shareOfNext: Double, _ part: Double) -> Void = { _, _, _ in }
  ) -> Double {
    let knots = LearnedLengths.knots
    func forEach(_ body: (_ knot: Int, _ share: Double, _ log: Double) -> Void) {
      for knot in 0..<min(end, knots.count - 1) {
        let (from, to) = (knots.places[knot], knots.places[knot + 1])
        for length in max(from, first)..<max(to, first) {
          let share = Double(length - from) / Double(to - from)
          body(knot, share, logMasses[length] + Self.line(values, knot, share))
        }
      }
      if end == knots.count { body(knots.count - 1, 0, logTail + values[knots.count - 1]) }
    }
    var most = -Double.infinity
    forEach { most = max(most, $2) }
    var sum = 0.0
    forEach { knot, share, log in
      guard log > most - Self.nothing else { return }
      let part = exp(log - most)
      sum += part
      visit(knot, share, part)
    }
    return most + log(sum)
  }

  /// Parts below e^−60 of the largest are nothing beside it, however many lengths have them.
  private static let nothing = 60.0
}
