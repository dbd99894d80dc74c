import ModelCore
import Probability
import Sequences
import Support
import Synchronization

/// What is asked of a draw of symbols.
public typealias SamplingOptions = DrawOptions<Symbol>

/// What is asked of a draw.
public struct DrawOptions<Element: Sendable>: Sendable {
  /// Temperature and cuts; by default none.
  public var truncation = Truncation()
  /// What the sequence begins with.
  public var prefix: [Element] = []
  /// τ; `nil` to have it drawn. Exact where the model draws its length first or has finitely many states, with truncation
  /// as far as they are not too many; by rejection elsewhere.
  public var length: Int?
  /// The least length n. Sequences are drawn from P(y | τ ≥ n) where the length is drawn first, or states are finitely many
  /// and nothing is truncated. Elsewhere the end is ruled out until then, before outcomes are tempered and cut, which
  /// changes the distribution; ways on which it cannot be ruled out, since nothing else is left, are not taken: by messages
  /// where states are finitely many, else by rejection.
  public var minimumLength = 0
  /// Elements after which a sequence is cut; a cut one is flagged.
  public var maximumLength = 10_000
  /// x, for models that were trained with inputs: draw number i is given those of sequence i modulo their count.
  public var inputs: InputVectors?
  /// Whether `maximumLength` also cuts sequences of a given length.
  var isCutBelowLength = false

  /// Draws from the model as it is.
  public init() {}
}

/// A sequence of symbols drawn from a model.
public typealias Sample = DrawnSequence<Symbol>

/// A sequence drawn from a model.
public struct DrawnSequence<Element: Sendable & Hashable>: Sendable, Hashable {
  /// The elements.
  public var sequence: [Element]
  /// Under the model itself, whatever the truncation; without the end's share where the sequence was cut.
  public var score: SequenceScore
  /// Whether it ended by itself.
  public var isComplete: Bool
  /// What truncation did to the decision to stop; zeros without it.
  public var stops = StopMass()
  /// How many sequences were drawn until one had the length that was asked for.
  public var tries = 1
}

extension FittedModel {
  /// Draws number 0, 1, … `count` − 1 of a seed. Each has a random stream of its own, so that it depends neither on
  /// `count` nor on `threads`.
  /// - Throws: `SpecificationError.refused` for a length that the model cannot be given, for a prefix that it cannot
  ///   produce, for a truncation that its elements do not have, and for inputs that are missing or of another width.
  public func samples(
    _ count: Int, seed: UInt64, _ options: DrawOptions<Element> = DrawOptions(), threads: Int = 1
  ) throws -> [DrawnSequence<Element>] {
    try samples(0..<max(count, 0), seed: seed, options, threads: threads)
  }

  /// Those of the draws `samples(_ count:)` whose numbers are `indices`. To draw many piece by piece, make a `Sampler`.
  public func samples(
    _ indices: Range<Int>, seed: UInt64, _ options: DrawOptions<Element> = DrawOptions(), threads: Int = 1
  ) throws -> [DrawnSequence<Element>] {
    try Sampler(self, seed: seed, options, expecting: indices.count).samples(indices, threads: threads)
  }

  /// The same by the walk alone, which every family has.
  package func walkSamples(
    _ indices: Range<Int>, seed: UInt64, _ options: DrawOptions<Element> = DrawOptions(), threads: Int = 1
  ) throws -> [DrawnSequence<Element>] {
    walkSamples(try SamplingPlan(self, Array(indices), seed: seed, options), threads: threads)
  }

  func walkSamples(_ plan: SamplingPlan<Self>, threads: Int) -> [DrawnSequence<Element>] {
    func sample<P: SequenceProcess<Element>>(_ process: P, _ number: Int) -> DrawnSequence<Element> {
      var draw = Draw(plan)
      guard draw.begin(number, plan) else { return draw.sample }
      var distribution = P.Distribution(process.shape)
      var walk = draw.sequence.walk(process)
      while true {
        walk.predict(into: &distribution)
        guard draw.extend(distribution, plan) else { return draw.sample }
        walk.advance(past: draw.sequence.last)
      }
    }
    return parallelMap(plan.indices.count, threads: threads) { sample(process, $0) }
  }
}

extension SequenceModel {
  /// The same with the types of symbols written down, for which the compiler makes code of their own: 1.4 times as fast.
  func walkSamples(_ plan: SamplingPlan<SequenceModel>, threads: Int) -> [Sample] {
    func sample<C: Conditional>(_ conditional: C, _ number: Int) -> Sample {
      var draw = Draw<Symbol>(plan)
      guard draw.begin(number, plan) else { return draw.sample }
      var prediction = Prediction(conditional.shape)
      var walk = draw.sequence.walk(conditional)
      while true {
        walk.predict(into: &prediction)
        guard draw.extend(prediction, plan) else { return draw.sample }
        walk.advance(past: draw.sequence.last)
      }
    }
    return parallelMap(plan.indices.count, threads: threads) { sample(conditional, $0) }
  }
}

extension SequenceModel {
  /// As `FittedModel.samples`, without a sampler for families that walk in lockstep.
  public func samples(
    _ indices: Range<Int>, seed: UInt64, _ options: SamplingOptions = SamplingOptions(), threads: Int = 1
  ) throws -> [Sample] {
    // A single draw of a few microseconds: nothing is to be shared, and to ask for other ways would take as long.
    if let lockstep, prior != nil || (options.length == nil && options.minimumLength == 0) {
      return laneSamples(lockstep, try SamplingPlan(self, Array(indices), seed: seed, options), threads: threads)
    }
    return try Sampler(self, seed: seed, options, expecting: indices.count).samples(indices, threads: threads)
  }

  // MARK: In lockstep

  /// Sequences that go forward together on one thread.
  private static var lanesAtOnce: Int { 256 }

  func laneSamples<C: LockstepConditional>(
    _ conditional: C, _ plan: SamplingPlan<SequenceModel>, threads: Int
  ) -> [Sample] {
    let count = plan.indices.count
    let workers = max(min(threads, count), 1)
    let lanes = min((count + workers - 1) / workers, Self.lanesAtOnce)
    // Which worker draws which number is unspecified: a draw depends on its number alone.
    let next = Atomic(0)
    return plan.collect { samples in
      forEachInParallel(min(workers, count), threads: workers) { _ in
        fill(samples, conditional.lanes(lanes), lanes, plan) {
          let number = next.add(1, ordering: .relaxed).oldValue
          return number < count ? number : nil
        }
      }
    }
  }

  /// Draws the sequences whose numbers `next` gives. A lane whose sequence is complete takes the next one; when there
  /// are no more, the last lane takes its place, so that those alive are the first ones.
  private func fill<Lanes: WalkLanes>(
    _ samples: UnsafeMutableBufferPointer<Sample>, _ lanes: Lanes, _ count: Int, _ plan: SamplingPlan<SequenceModel>,
    next: () -> Int?
  ) {
    /// The next sequence that has something to be drawn begins in a lane; false if there is none.
    func begin(_ draw: inout Draw<Symbol>, _ lane: Int) -> Bool {
      while let number = next() {
        if draw.begin(number, plan) {
          lanes.start(lane, draw.sequence.step)
          return true
        }
        samples[number] = draw.sample
      }
      return false
    }

    var draws: [Draw<Symbol>] = []
    var first = Draw(plan)
    while draws.count < count, begin(&first, draws.count) { draws.append(first) }
    var prediction = Prediction(plan.shape)
    while !draws.isEmpty {
      lanes.advance(draws.count)
      // From the last one, as the last one may be moved to this one's place.
      for lane in draws.indices.reversed() {
        let goesOn: Bool
        if draws[lane].isPlain(plan) {
          goesOn = draws[lane].extend(lanes.weights(lane), plan)
        } else {
          lanes.predict(lane, into: &prediction)
          goesOn = draws[lane].extend(prediction, plan)
        }
        if goesOn {
          lanes.set(lane, past: draws[lane].sequence.last, draws[lane].sequence.step)
          continue
        }
        samples[draws[lane].number] = draws[lane].sample
        if !begin(&draws[lane], lane) {
          let last = draws.count - 1
          if lane < last {
            draws.swapAt(lane, last)
            lanes.move(last, to: lane)
          }
          draws.removeLast()
        }
      }
    }
  }
}

extension SamplingPlan {
  /// The draws, each written by whoever draws it.
  func collect(_ work: (UnsafeMutableBufferPointer<DrawnSequence<Model.Element>>) -> Void) -> [DrawnSequence<
    Model.Element
  >] {
    var samples = [DrawnSequence<Model.Element>](
      repeating: DrawnSequence(sequence: [], score: SequenceScore(), isComplete: false), count: indices.count)
    samples.withUnsafeMutableBufferPointer { samples in
      nonisolated(unsafe) let samples = samples  // each draw writes its own element
      work(samples)
    }
    return samples
  }
}
