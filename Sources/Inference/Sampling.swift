import Foundation
import Models
import Probability
import Sequences

/// What is asked of a draw.
public struct SamplingOptions: Sendable, Hashable {
  public var truncation = Truncation()
  /// What the sequence begins with.
  public var prefix: [Symbol] = []
  /// τ, where the model draws it first; `nil` to have it drawn.
  public var length: Int?
  /// Elements after which a sequence is cut; a cut one is flagged.
  public var maximumLength = 10_000

  public init() {}
}

/// A sequence drawn from a model.
public struct Sample: Sendable, Hashable {
  public var sequence: [Symbol]
  /// Under the model itself, whatever the truncation; without the end's share where the sequence was cut.
  public var score: SequenceScore
  /// Whether it ended by itself.
  public var isComplete: Bool
}

extension SequenceModel {
  /// Draws number 0, 1, … `count` − 1 of a seed. Each has a random stream of its own, so that it depends neither on
  /// `count` nor on `threads`.
  /// - Throws: `SpecificationError.refused` for a length that the model cannot be given, and for a prefix that it cannot
  ///   produce.
  public func samples(
    _ count: Int, seed: UInt64, _ options: SamplingOptions = SamplingOptions(), threads: Int = 1
  ) throws -> [Sample] {
    try samples(0..<count, seed: seed, options, threads: threads)
  }

  /// Those of the draws `samples(_ count:)` whose numbers are `indices`, so that many can be drawn piece by piece.
  public func samples(
    _ indices: Range<Int>, seed: UInt64, _ options: SamplingOptions = SamplingOptions(), threads: Int = 1
  ) throws -> [Sample] {
    try check(options)
    let lengths = try prior.flatMap { try lengthWeights(options, $0) }
    guard canBegin(options, lengths) else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "no sequence of the model begins with this prefix")
    }
    var samples = [Sample](
      repeating: Sample(sequence: [], score: SequenceScore(), isComplete: false), count: indices.count)
    samples.withUnsafeMutableBufferPointer { samples in
      nonisolated(unsafe) let samples = samples  // each piece writes its own element
      forEachInParallel(indices.count, threads: threads) { index in
        var stream = RandomStream(seed: seed, purpose: "sample", index: UInt64(indices.lowerBound + index))
        samples[index] = draw(conditional, &stream, options, lengths)
      }
    }
    return samples
  }

  private func check(_ options: SamplingOptions) throws {
    guard let length = options.length else { return }
    guard prior != nil else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "only a model that draws its length first (/tau) can be given one")
    }
    guard length >= options.prefix.count else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "the prefix is longer than the length that is asked for")
    }
  }

  private func canBegin(_ options: SamplingOptions, _ lengths: LengthWeights?) -> Bool {
    if let lengths { return lengths.weights.contains { $0 > 0 } }
    if prior != nil {
      let length = options.length ?? 0
      return logLikelihood(conditional, ofPrefix: options.prefix, length: length) > -.infinity
    }
    // The last step is that of the end.
    return stepScores(of: options.prefix).dropLast().allSatisfy { $0.nats < .infinity }
  }

  private func draw<C: Conditional>(
    _ conditional: C, _ stream: inout RandomStream, _ options: SamplingOptions, _ lengths: LengthWeights?
  ) -> Sample where C.Element == Symbol {
    let shape = conditional.shape
    var sample = Sample(sequence: [], score: SequenceScore(), isComplete: false)
    var length = 0
    if let prior {
      length = options.length ?? lengths?.sample(&stream) ?? prior.sample(&stream)
      sample.score.natsLength = -prior.logProbability(length)
    }
    let limit = max(options.maximumLength, options.prefix.count)
    var prediction = Prediction(shape)
    var stepInputs = inputs(time: 0, length: length)
    var state = conditional.start(stepInputs)
    while true {
      let time = sample.sequence.count
      sample.isComplete = shape.stop == .given && time == length
      if sample.isComplete || shape.stop == .given && time >= limit { return sample }
      conditional.predict(state, stepInputs, into: &prediction)
      let element =
        time < options.prefix.count
        ? options.prefix[time] : choose(prediction, shape, &stream, options.truncation)
      // At the limit a sequence may still end by itself.
      if element != nil, time >= limit { return sample }
      sample.score.add(
        shape.stop, outcome: element.map { prediction.logProbabilities[$0] }, stop: prediction.logStop,
        goOn: prediction.logGoOn)
      guard let element else {
        sample.isComplete = true
        return sample
      }
      sample.sequence.append(element)
      stepInputs = inputs(time: time + 1, length: length)
      conditional.advance(&state, past: element, stepInputs)
    }
  }

  /// An element, or `nil` for the end.
  private func choose(
    _ prediction: Prediction, _ shape: OutputShape, _ stream: inout RandomStream, _ truncation: Truncation
  ) -> Symbol? {
    if shape.stop == .variable, truncation.drawStop(prediction, &stream) { return nil }
    let outcome = truncation.draw(prediction.logProbabilities, &stream)
    return outcome < shape.alphabetSize ? outcome : nil
  }

  // MARK: P(τ | prefix)

  /// P(τ | prefix) ∝ P(τ) P(prefix | τ) for τ from the prefix's length up, until P(τ) has next to nothing left; `nil`
  /// without a prefix.
  private func lengthWeights(_ options: SamplingOptions, _ prior: LengthTable) throws -> LengthWeights? {
    let prefix = options.prefix
    guard !prefix.isEmpty, options.length == nil else { return nil }
    var logWeights: [Double] = []
    // Lengths are weighed until those beyond, were they as likely as the likeliest so far, had a share of 1e−12.
    var largest = -Double.infinity
    var largestLikelihood = -Double.infinity
    while true {
      let length = prefix.count + logWeights.count
      let tail = log(prior.tail(beyond: length - 1))
      if tail == -.infinity || tail + largestLikelihood < largest + log(1e-12) { break }
      guard logWeights.count < 100_000 else {
        throw SpecificationError.refused(
          model: specification.shortWord, reason: "there are too many lengths to weigh after a prefix; give a length")
      }
      let likelihood = logLikelihood(conditional, ofPrefix: prefix, length: length)
      logWeights.append(prior.logProbability(length) + likelihood)
      largest = max(largest, prior.logProbability(length) + likelihood)
      largestLikelihood = max(largestLikelihood, likelihood)
    }
    return LengthWeights(first: prefix.count, logWeights: logWeights)
  }

  private func logLikelihood<C: Conditional>(_ conditional: C, ofPrefix prefix: [Symbol], length: Int) -> Double
  where C.Element == Symbol {
    var stepInputs = inputs(time: 0, length: length)
    var state = conditional.start(stepInputs)
    var sum = 0.0
    for (time, element) in prefix.enumerated() {
      sum += conditional.logProbability(of: element, state, stepInputs)
      stepInputs = inputs(time: time + 1, length: length)
      conditional.advance(&state, past: element, stepInputs)
    }
    return sum
  }
}

/// Lengths from `first` on, by weight.
private struct LengthWeights {
  let first: Int
  let weights: [Double]

  init(first: Int, logWeights: [Double]) {
    self.first = first
    let largest = logWeights.max() ?? 0
    weights = logWeights.map { largest > -.infinity ? exp($0 - largest) : 0 }
  }

  func sample(_ stream: inout RandomStream) -> Int {
    var rest = stream.uniform() * weights.reduce(0, +)
    for (offset, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return first + offset }
    }
    return first
  }
}
