import Foundation
import ModelCore
import Probability
import Sequences

/// A Markov approximation of any model: P(w | the last m symbols) is the mean of the model's own distributions over pasts that end so.
/// The means are of whole distributions, not of counts of draws, so that few pasts are enough; contexts that were
/// met seldom lean on the shorter one. The pasts are samples of the model of which every fourth symbol is replaced by a
/// uniform one, so that contexts are met that only evidence leads to. The order m is the highest, up to 4, of which all contexts fit
/// into a table of 2^22 numbers: 3 for 27 symbols.
struct MarkovApproximation: FiniteStateProcess {
  let shape: OutputShape
  let stateCount: Int
  private let order: Int
  /// A row a state: of each symbol P(the sequence continues with it), then P(it ends).
  private let rows: [Double]
  /// Of each length up to the order: the number of the first context so long. A shorter one than the order is a whole past.
  private let first: [Int]

  private var k: Int { shape.alphabetSize }
  var stepCost: Int { stateCount * k }

  /// The numbers in the table, at most.
  private static let most = 1 << 22
  /// The weight of the shorter context's distribution, in pasts.
  private static let lean = 2.0
  /// The share of the uniform distribution: a lookahead that is far too small for something makes its particles few and their
  /// weights large.
  private static let uniform = 0.02
  fileprivate static let lanes = 256

  init(of model: SequenceModel, seed: UInt64, steps: Int) {
    let k = model.alphabet.size
    shape = OutputShape(alphabetSize: k, stop: model.shape.stop)
    var (first, power) = ([0], 1)
    while first.count <= 4, (first[first.count - 1] + power * (k + 1)) * (k + 1) <= Self.most {
      first.append(first[first.count - 1] + power)
      power *= k
    }
    order = first.count - 1
    stateCount = first[order] + power
    self.first = first
    func means<C: LockstepConditional>(_ conditional: C) -> Means {
      Means(LockstepLanes(lanes: conditional.lanes(Self.lanes), shape: model.shape), model, first, seed, steps)
    }
    func walkMeans<C: Conditional>(_ conditional: C) -> Means {
      Means(WalkCopies(conditional, count: Self.lanes), model, first, seed, steps)
    }
    let means = if let lockstep = model.lockstep { means(lockstep) } else { walkMeans(model.conditional) }
    rows = means.rows(lean: Self.lean).map { (1 - Self.uniform) * $0 + Self.uniform / Double(k + 1) }
  }

  // MARK: The process

  func start(_ step: StepInputs) -> [StateProbability] { [StateProbability(state: 0, probability: 1)] }

  func stopProbability(_ state: Int, _ step: StepInputs) -> Double {
    shape.decidesEnd ? rows[state * (k + 1) + k] : 0
  }

  private func next(_ state: Int, _ symbol: Symbol) -> Int { first.context(state, then: symbol, k) }

  func successors(of state: Int, by symbol: Symbol, _ step: StepInputs) -> [StateProbability] {
    guard symbol >= 0, symbol < k else { return [] }
    let probability = rows[state * (k + 1) + symbol]
    return probability > 0 ? [StateProbability(state: next(state, symbol), probability: probability)] : []
  }

  func forEachWay(
    from state: Int, by symbols: [Symbol]?, _ step: StepInputs, _ workspace: inout Workspace,
    _ body: (_ symbol: Symbol, _ state: Int, _ probability: Double) -> Void
  ) {
    for index in 0..<(symbols?.count ?? k) {
      let symbol = symbols?[index] ?? index
      let probability = rows[state * (k + 1) + symbol]
      if probability > 0 { body(symbol, next(state, symbol), probability) }
    }
  }

  func forward(_ mass: [Double], _ step: StepInputs, into next: inout [Double], _ workspace: inout Workspace) -> Double
  {
    for state in next.indices { next[state] = 0 }
    var ended = 0.0
    for state in mass.indices where mass[state] > 0 {
      ended += mass[state] * stopProbability(state, step)
      for symbol in 0..<k { next[self.next(state, symbol)] += mass[state] * rows[state * (k + 1) + symbol] }
    }
    return ended
  }

  func backward(_ after: [Double], _ step: StepInputs, within reach: ReachedStates) -> [Double] {
    var before = [Double](repeating: 0, count: stateCount)
    for state in reach.reached {
      for symbol in 0..<k { before[state] += rows[state * (k + 1) + symbol] * after[next(state, symbol)] }
    }
    return before
  }
}

extension [Int] {
  /// The context of at most `count` − 1 symbols after one more. Contexts are numbers to the base k, by rising length, from
  /// these numbers on.
  fileprivate func context(_ context: Int, then symbol: Symbol, _ k: Int) -> Int {
    let order = count - 1
    if context >= self[order] {
      if order == 0 { return 0 }
      let power = self[order] - self[order - 1]
      return self[order] + (context - self[order]) % power * k + symbol
    }
    let length = lastIndex { $0 <= context } ?? 0
    return self[length + 1] + (context - self[length]) * k + symbol
  }
}

/// Sums of a model's distributions by what comes before.
private struct Means {
  private let k: Int
  private let first: [Int]
  /// By the last symbols, of each number up to the order; and by whole pasts that are shorter than the order.
  private var last: [Double]
  private var whole: [Double]
  private var lastCounts: [Double]
  private var wholeCounts: [Double]

  init<Walks: SideBySide>(_ walks: Walks, _ model: SequenceModel, _ first: [Int], _ seed: UInt64, _ steps: Int) {
    (k, self.first) = (model.alphabet.size, first)
    let order = first.count - 1
    let power = (0..<order).reduce(1) { power, _ in power * model.alphabet.size }
    lastCounts = Array(repeating: 0, count: first[order] + power)
    wholeCounts = Array(repeating: 0, count: first[order])
    last = Array(repeating: 0, count: lastCounts.count * (k + 1))
    whole = Array(repeating: 0, count: wholeCounts.count * (k + 1))
    add(walks, model, RandomStream(seed: seed, purpose: "twist"), steps)
  }

  private struct Path {
    var symbols: [Symbol] = []
    var length = 0
  }

  private static let replaced = 0.25
  /// Elements after which a path begins anew.
  private static let longest = 1000

  private mutating func add<Walks: SideBySide>(
    _ walks: Walks, _ model: SequenceModel, _ stream: RandomStream, _ steps: Int
  ) {
    var (walks, stream) = (walks, stream)
    let law = model.lengthLaw()
    let order = first.count - 1
    var prediction = Prediction(model.shape)
    var probabilities = [Double](repeating: 0, count: k + 1)
    func path() -> Path { Path(length: law.map { max(min($0.sample(&stream), Self.longest), 1) } ?? 0) }
    var paths = (0..<MarkovApproximation.lanes).map { _ in path() }
    for lane in paths.indices { walks.start(lane, length: paths[lane].length) }
    for _ in 0..<max(steps / paths.count, 1) {
      walks.advance(paths.count)
      for lane in paths.indices {
        walks.predict(lane, into: &prediction)
        for symbol in 0..<k { probabilities[symbol] = exp(prediction.logContinuing(with: symbol)) }
        probabilities[k] = model.shape.decidesEnd ? exp(prediction.logStop) : 0
        add(probabilities, paths[lane].symbols.suffix(order), isWhole: paths[lane].symbols.count < order)
        let isReplaced = stream.uniform() < Self.replaced
        var symbol = stream.index(k + 1, total: probabilities.reduce(0, +)) { probabilities[$0] }
        if isReplaced, symbol < k { symbol = min(Int(stream.uniform() * Double(k)), k - 1) }
        let time = paths[lane].symbols.count + 1
        if symbol == k || time >= Self.longest || (law != nil && time >= paths[lane].length) {
          paths[lane] = path()
          walks.start(lane, length: paths[lane].length)
        } else {
          paths[lane].symbols.append(symbol)
          walks.set(lane, past: symbol, time: time, length: paths[lane].length)
        }
      }
    }
  }

  private mutating func add(_ probabilities: [Double], _ symbols: ArraySlice<Symbol>, isWhole: Bool) {
    // The contexts of 0, 1, … last symbols.
    var (code, power) = (0, 1)
    for length in 0...symbols.count {
      if length > 0 {
        code += symbols[symbols.endIndex - length] * power
        power *= k
      }
      let row = first[length] + code
      lastCounts[row] += 1
      for symbol in 0...k { last[row * (k + 1) + symbol] += probabilities[symbol] }
      if isWhole, length == symbols.count {
        wholeCounts[row] += 1
        for symbol in 0...k { whole[row * (k + 1) + symbol] += probabilities[symbol] }
      }
    }
  }

  /// A row for each state: that of a context leans on the one of the context that is shorter by its first symbol.
  func rows(lean: Double) -> [Double] {
    var rows = last
    for symbol in 0...k { rows[symbol] = lastCounts[0] > 0 ? last[symbol] / lastCounts[0] : 1 / Double(k + 1) }
    var power = 1
    for length in 1..<first.count {
      for code in 0..<power * k {
        let (row, shorter) = (first[length] + code, first[length - 1] + code % power)
        for symbol in 0...k {
          rows[row * (k + 1) + symbol] =
            (rows[row * (k + 1) + symbol] + lean * rows[shorter * (k + 1) + symbol]) / (lastCounts[row] + lean)
        }
      }
      power *= k
    }
    for row in wholeCounts.indices {
      for index in row * (k + 1)..<(row + 1) * (k + 1) {
        rows[index] = (whole[index] + lean * rows[index]) / (wholeCounts[row] + lean)
      }
    }
    return rows
  }
}
