import Foundation
import ModelCore
import Sequences

/// One pair of states in a forward pass, with how often sequences are expected to be there.
struct ExpectedStep {
  /// The listed model's state, and its companion's.
  let state: Int
  let companion: Int
  /// What each of the two is told at this step.
  let inputs: (model: StepInputs, companion: StepInputs)
  /// The ways on and P(the sequence ends | state), both of the listed model.
  let ways: ArraySlice<Way>
  let stop: Double
  /// How often a sequence is expected to be here: `visits` · P(way) is how often it takes a way. Where the length is drawn
  /// first only visits with a further element count.
  let visits: Double
  /// How often a sequence is expected to end here.
  let ends: Double
}

/// The forward recursion on the product of a listed model and a companion that is driven by the model's symbols: expected
/// numbers of visits a sequence to each pair of states that is reached. Pairs are found as they are reached, so that the cost
/// is that of those alone. O(steps · transitions of reached pairs).
///
/// Steps without end are summed in closed form: once the direction of the vector of masses stands still, all further visits are
/// a geometric series.
struct JointPass<Beside: Companion> {
  private let model: ListedModel
  private(set) var companion: Beside
  private let limits: ExactLimits
  private var numbers: [UInt64: Int32] = [:]
  private var pairs: [(state: Int, companion: Int)] = []

  // Of the pairs from which on steps do not depend on t, as many as are expanded.
  private var firstWay = [0]
  private var ways: [Way] = []
  private var successors: [Int32] = []
  private var stops: [Double] = []

  private var work = 0
  private var workspace = Workspace()
  /// P(τ = t) of the listed model, as far as was needed.
  private(set) var ended: [Double] = []

  /// Why a pass was given up.
  enum Failure: Error {
    /// The companion cannot follow: it gives probability 0 to what the model gives more.
    case impossible
    /// It takes too much, or some sequences never end.
    case tooLarge
  }

  /// A vector of masses whose direction changes by no more than this a step, in all, stands still.
  private static var still: Double { 1e-14 }
  private static var stillSteps: Int { 16 }
  /// A mass that is taken for 0.
  private static var nothing: Double { 1e-16 }
  /// How many transitions as they are found take as long as one that is held in memory.
  private static var expansionCost: Int { 100 }

  init(_ model: ListedModel, beside companion: Beside, _ limits: ExactLimits) {
    (self.model, self.companion, self.limits) = (model, companion, limits)
  }

  /// Goes through all lengths.
  /// - Parameters:
  ///   - asksLengths: whether `ended` is needed, so that steps are not summed in closed form.
  ///   - readsLength: whether the companion's steps look at τ, which only a model that draws it first can tell it.
  ///   - body: called for pairs with their expected visits, once or several times each.
  /// - Throws: `Failure`.
  mutating func run(asksLengths: Bool, readsLength: Bool, _ body: (ExpectedStep) throws -> Void) throws {
    guard let law = model.law else {
      if readsLength || model.process.endlessStates() != nil { throw Failure.tooLarge }
      return try pass(length: nil, ending: { _ in 1 }, beyond: { _ in 1 }, asksLengths: asksLengths, body)
    }
    guard readsLength || model.readsLength else {
      return try pass(
        length: nil, ending: { exp(law.logProbability($0)) }, beyond: { law.tail(beyond: $0) },
        asksLengths: asksLengths, body)
    }
    var length = 0
    while law.tail(beyond: length - 1) > Self.nothing * 100 {
      guard length < limits.lengths else { throw Failure.tooLarge }
      let probability = exp(law.logProbability(length))
      if probability > 0 {
        try pass(
          length: length, ending: { $0 == length ? probability : 0 }, beyond: { $0 < length ? probability : 0 },
          asksLengths: true, body)
      }
      length += 1
    }
  }

  /// - Parameters:
  ///   - length: τ, where steps look at it.
  ///   - ending: P(τ = t), where the length is drawn first.
  ///   - beyond: P(τ > t), where the length is drawn first.
  private mutating func pass(
    length: Int?, ending: (Int) -> Double, beyond: (Int) -> Double, asksLengths: Bool,
    _ body: (ExpectedStep) throws -> Void
  ) throws {
    let decidesEnd = model.law == nil
    let homogeneousFrom = length != nil ? Int.max : max(model.process.homogeneousFrom, companion.homogeneousFrom)
    let first = inputs(0, length)
    let start = model.process.start(first.model)[0].state
    var mass: [Double] = []
    add(1, try number(start, companion.start(first.companion)), to: &mass)
    var (visits, ends): ([Double], [Double]) = ([], [])
    var (time, still) = (0, 0)
    while true {
      let (endingHere, continuing) = (ending(time), beyond(time))
      var (next, stopped, left): ([Double], Double, Double)
      if time < homogeneousFrom {
        (next, stopped, left) = ([], 0, 0)
        let step = inputs(time, length)
        for pair in mass.indices where mass[pair] > 0 {
          let (state, beside) = pairs[pair]
          // At the given length nothing continues.
          let ways = continuing > 0 ? model.process.ways(from: state, step.model, &workspace)[...] : []
          let stop = model.process.stopProbability(state, step.model)
          stopped += mass[pair] * stop
          try body(
            ExpectedStep(
              state: state, companion: beside, inputs: step, ways: ways, stop: stop, visits: mass[pair] * continuing,
              ends: mass[pair] * (decidesEnd ? stop : endingHere)))
          for way in ways {
            let successor = try successor(of: beside, by: way, step.companion)
            add(mass[pair] * way.probability, successor, to: &next)
            left += mass[pair] * way.probability
          }
          try spend(Self.expansionCost * (ways.count + 1))
        }
      } else {
        try expand(inputs(time, length))
        if visits.count < pairs.count {
          let more = [Double](repeating: 0, count: pairs.count - visits.count)
          (visits, ends) = (visits + more, ends + more)
        }
        mass += [Double](repeating: 0, count: pairs.count - mass.count)
        next = [Double](repeating: 0, count: pairs.count)
        (stopped, left) = step(mass, continuing, decidesEnd ? nil : endingHere, into: &next, &visits, &ends)
        try spend(ways.count + pairs.count)
      }
      if asksLengths {
        while ended.count <= time { ended.append(0) }
        ended[time] += decidesEnd ? stopped : endingHere * mass.reduce(0, +)
      }
      if decidesEnd ? left <= Self.nothing : continuing <= Self.nothing { break }
      if decidesEnd, !asksLengths, time >= homogeneousFrom {
        still = Self.isStill(mass, next, left) ? still + 1 : 0
        if still == Self.stillSteps, stopped > 0 {
          // The masses go on as a geometric series with the hazard of this step.
          let sum = (left + stopped) / stopped
          for pair in next.indices {
            visits[pair] += next[pair] * sum
            ends[pair] += next[pair] * sum * stops[pair]
          }
          break
        }
      }
      mass = next
      time += 1
    }
    guard time >= homogeneousFrom else { return }
    let step = inputs(time, length)
    for pair in visits.indices where visits[pair] > 0 || ends[pair] > 0 {
      try body(
        ExpectedStep(
          state: pairs[pair].state, companion: pairs[pair].companion, inputs: step,
          ways: ways[firstWay[pair]..<firstWay[pair + 1]], stop: stops[pair], visits: visits[pair], ends: ends[pair]))
    }
  }

  /// One step of the pairs whose transitions are held.
  private func step(
    _ mass: [Double], _ continuing: Double, _ ending: Double?, into next: inout [Double], _ visits: inout [Double],
    _ ends: inout [Double]
  ) -> (stopped: Double, left: Double) {
    var (stopped, left) = (0.0, 0.0)
    for pair in mass.indices where mass[pair] > 0 {
      let here = mass[pair]
      visits[pair] += here * continuing
      ends[pair] += here * (ending ?? stops[pair])
      stopped += here * stops[pair]
      for way in firstWay[pair]..<firstWay[pair + 1] {
        let amount = here * ways[way].probability
        next[Int(successors[way])] += amount
        left += amount
      }
    }
    return (stopped, left)
  }

  private static func isStill(_ mass: [Double], _ next: [Double], _ left: Double) -> Bool {
    let sum = mass.reduce(0, +)
    guard sum > 0, left > 0 else { return false }
    var change = 0.0
    for pair in next.indices { change += abs(next[pair] / left - mass[pair] / sum) }
    return change < still
  }

  // MARK: Pairs

  private func inputs(_ time: Int, _ length: Int?) -> (model: StepInputs, companion: StepInputs) {
    (
      model.process.shape.inputs(time: time, length: length ?? 0),
      companion.inputs(time: time, length: length ?? 0)
    )
  }

  /// Finds the transitions of all pairs that can be reached from those that are known.
  private mutating func expand(_ step: (model: StepInputs, companion: StepInputs)) throws {
    while stops.count < pairs.count {
      let (state, beside) = pairs[stops.count]
      for way in model.process.ways(from: state, step.model, &workspace) {
        ways.append(way)
        successors.append(Int32(truncatingIfNeeded: try successor(of: beside, by: way, step.companion)))
      }
      stops.append(model.process.stopProbability(state, step.model))
      firstWay.append(ways.count)
      guard ways.count + pairs.count <= limits.transitions else { throw Failure.tooLarge }
    }
  }

  private mutating func successor(of beside: Int, by way: Way, _ step: StepInputs) throws -> Int {
    guard let next = companion.next(beside, by: way.symbol, step) else { throw Failure.impossible }
    return try number(way.state, next)
  }

  private mutating func number(_ state: Int, _ companion: Int) throws -> Int {
    let key = UInt64(state) << 32 | UInt64(companion)
    if let number = numbers[key] { return Int(number) }
    guard pairs.count < limits.transitions else { throw Failure.tooLarge }
    numbers[key] = Int32(truncatingIfNeeded: pairs.count)
    pairs.append((state, companion))
    return pairs.count - 1
  }

  private func add(_ amount: Double, _ pair: Int, to mass: inout [Double]) {
    while mass.count <= pair { mass.append(0) }
    mass[pair] += amount
  }

  private mutating func spend(_ amount: Int) throws {
    work += amount
    guard work <= limits.work else { throw Failure.tooLarge }
  }
}
