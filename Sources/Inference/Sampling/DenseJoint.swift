import Foundation
import ModelCore
import Probability
import Sequences

/// The joint distribution of all k^τ sequences of one length as a dense table, from which a whole sequence is drawn at
/// once. It pays where there are so few of them that the table is made in an instant.
struct DenseJoint {
  /// The most sequences in a table: made in a fraction of the time that drawing a thousand takes.
  static let most = 1 << 10

  private let alphabetSize: Int
  private let length: Int
  /// −log P(y | τ) of each sequence, the first element being the most significant digit of its number.
  private let nats: [Double]
  private let table: AliasTable

  /// The table for a plan whose draws are from the model's own distribution and of one given length; `nil` for another
  /// plan, or where there are too many sequences. O(k^τ).
  init?<C: Conditional>(_ conditional: C, _ plan: SamplingPlan) {
    guard plan.isPlain, plan.hasPrior, plan.options.prefix.isEmpty, plan.options.inputs == nil,
      let length = plan.options.length, length <= plan.limit
    else { return nil }
    let k = plan.shape.alphabetSize
    var count = 1
    for _ in 0..<(k > 1 ? length : 0) {
      count *= k
      if count > Self.most { return nil }
    }
    guard length <= Self.most else { return nil }
    alphabetSize = k
    self.length = length

    var level = [(walk: conditional.walk(length: length), nats: 0.0)]
    var prediction = Prediction(plan.shape)
    for _ in 0..<length {
      level = level.flatMap { prefix in
        prefix.walk.predict(into: &prediction)
        return (0..<k).map { symbol in
          var walk = prefix.walk
          walk.advance(past: symbol)
          return (walk, prefix.nats - prediction.logContinuing(with: symbol))
        }
      }
    }
    nats = level.map(\.nats)
    let weights = nats.map { exp(-$0) }
    guard weights.allSatisfy({ $0.isFinite }), weights.contains(where: { $0 > 0 }),
      let table = try? AliasTable(weights: weights)
    else { return nil }
    self.table = table
  }

  /// Draw `number` of the plan.
  func sample(_ number: Int, _ plan: SamplingPlan) -> Sample {
    var stream = plan.stream(number)
    let drawn = table.sample(&stream)
    var rest = drawn
    var sequence = [Symbol](repeating: 0, count: length)
    for place in (0..<length).reversed() {
      sequence[place] = rest % alphabetSize
      rest /= alphabetSize
    }
    let score = SequenceScore(
      natsElements: nats[drawn], natsLength: -(plan.lengthLaw(nil)?.logProbability(length) ?? 0))
    return Sample(sequence: sequence, score: score, isComplete: true)
  }
}
