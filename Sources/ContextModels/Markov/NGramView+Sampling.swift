import Foundation
import ModelCore
import Probability
import Sequences
import Support

/// A conditional that draws from its flat arrays.
package protocol IndexedConditional: DrawingConditional where Preparation == [Double]? {
  /// Lends what draws from the arrays as they lie.
  /// - Parameter sums: what `drawingSums` has made, or `nil` to add up as one goes: draws are the same.
  func withContextDrawing(_ sums: [Double]?, _ body: (NGramSampler) -> Void)

  /// For each entry the sum of its context's probabilities up to it. O(entries).
  func drawingSums() -> [Double]

  /// The longest context of a state.
  func context(of state: State) -> Int
}

extension IndexedConditional {
  /// The running sums, which are worth their time where many are drawn.
  package func prepareDrawing(_ count: Int) -> [Double]? { count >= 256 ? drawingSums() : nil }

  package func draw(_ draw: inout SequenceDraw<Symbol>, _ sums: [Double]?, next: (inout SequenceDraw<Symbol>) -> Bool) {
    withContextDrawing(sums) { contexts in
      while next(&draw) {
        if contexts.isLinked { contexts.follow(&draw) } else { walk(contexts, &draw) }
      }
    }
  }

  /// Draws the rest of a sequence where the walk has to find each context.
  private func walk(_ contexts: NGramSampler, _ draw: inout SequenceDraw<Symbol>) {
    var walk = draw.walk(self)
    while true {
      var node = context(of: walk.state)
      guard draw.take(contexts.decide(draw.forced, from: &node, walk.logStop(), &draw.stream)) else { return }
      walk.advance(past: draw.last)
    }
  }
}

/// Draws from a Markov model in its arrays: a uniform number is looked for among the running sums of what the longest
/// context lists, and what lies beyond them comes from the shorter ones (`BackoffDistribution`). The arrays may hold anything
/// (`NGramView`).
package struct NGramSampler {
  let index: NGramView
  let sums: UnsafeBufferPointer<Double>?
  /// Whether each context knows the one that follows; where it does not, the walk must find it.
  package let isLinked: Bool

  /// The context before the first element.
  package var start: Int { index.start }

  /// Whether contexts are of symbols alone, so that links lead to a step's own.
  private var isOfSymbols: Bool { index.path.isOfSymbols }

  /// The context of a step, behind that of its symbols to which a link leads.
  package func refine(_ node: Int, _ inputs: StepInputs) -> Int {
    index.refine(node, time: inputs.time, length: inputs.length ?? 0)
  }

  /// log P(stop) and log(1 − P(stop)) of linked contexts; an end symbol's own probability comes with its draw.
  private func logStop(_ node: Int) -> (stop: Double, continuing: Double) {
    switch index.shape.stop {
    case .given: (-.infinity, 0)
    case .variable: (index.logStop[node], index.logContinue[node])
    case .outcome: (-.infinity, index.logContinue[node])
    }
  }

  /// Draws the rest of a sequence along the contexts' links.
  fileprivate func follow(_ draw: inout SequenceDraw<Symbol>) {
    var node = start
    repeat {
      if !isOfSymbols { node = index.refine(node, time: draw.elements.count, length: draw.lengthLabel ?? 0) }
    } while draw.take(decide(draw.forced, from: &node, logStop(node), &draw.stream))
  }

  /// An outcome after a context: its log-probability, and the context of symbols that follows where they are linked.
  package func step(_ outcome: Int, from node: Int) -> (logProbability: Double, next: Int) {
    let (low, high) = index.bounds(of: node)
    let (logProbability, entry) = index.find(outcome, from: node, low, high)
    return (logProbability, next(entry))
  }

  /// Draws whether the sequence ends after a context and, if it does not, the element; or takes `forced`. Then the context
  /// is replaced by the one of symbols that follows, where contexts are linked.
  @inline(__always) fileprivate func decide(
    _ forced: Symbol?, from node: inout Int, _ logStop: (stop: Double, continuing: Double),
    _ stream: inout RandomStream
  ) -> Decision<Symbol> {
    let kind = index.shape.stop
    if let forced {
      let (logProbability, next) = step(forced, from: node)
      node = next
      return Decision(forced, outcome: logProbability, stop: logStop.stop, continuing: logStop.continuing, kind)
    }
    if kind == .variable, stream.uniform() < exp(logStop.stop) {
      return Decision(nil, outcome: 0, stop: logStop.stop, continuing: logStop.continuing, kind)
    }
    let (outcome, logProbability, next) = draw(from: node, &stream)
    let isEnd = outcome == index.shape.alphabetSize
    if !isEnd { node = next }
    return Decision(
      isEnd ? nil : outcome, outcome: logProbability, stop: isEnd ? logProbability : logStop.stop,
      continuing: logStop.continuing, kind)
  }

  /// Draws an outcome.
  private func draw(from node: Int, _ stream: inout RandomStream) -> (outcome: Int, logProbability: Double, next: Int) {
    let (low, high) = bounds(node)
    let entry = entry(stream.uniform(), low, high)
    if entry >= 0 { return (outcome(entry), index.logProbability[entry], next(entry)) }
    let outcome = drawUnlisted(node, &stream)
    let (logProbability, next) = step(outcome, from: node)
    return (outcome, logProbability, next)
  }

  @inline(__always) private func next(_ entry: Int) -> Int { isLinked ? index.context(after: entry) : 0 }

  /// The bounds of a context's entries, the first not beyond the other.
  @inline(__always) private func bounds(_ node: Int) -> (low: Int, high: Int) {
    let (low, high) = index.bounds(of: node)
    return low <= high ? (low, high) : (0, 0)
  }

  /// The first entry at which the running sum passes a number, or −1.
  @inline(__always) private func entry(_ target: Double, _ low: Int, _ high: Int) -> Int {
    if let sums {
      let entry = lowerBound(low, high) { !(sums[$0] > target) }
      return entry < high ? entry : -1
    }
    var sum = 0.0
    for entry in low..<high {
      sum += exp(index.logProbability[entry])
      if sum > target { return entry }
    }
    return -1
  }

  /// The outcome of an entry; 0 for what is none.
  @inline(__always) private func outcome(_ entry: Int) -> Int {
    let outcome = Int(index.outcomes[entry])
    return outcome >= 0 && outcome < index.shape.outcomes ? outcome : 0
  }
}

extension NGramSampler: BackoffDistribution {
  var outcomeCount: Int { index.shape.outcomes }

  func shorter(_ context: Int) -> Int? {
    let above = Int(index.shorter[context])
    return above >= 0 && above < context ? above : nil
  }

  func listed(by context: Int) -> Int {
    let (low, high) = bounds(context)
    return high - low
  }

  func hasRest(_ context: Int) -> Bool { index.logWeight[context] > -.infinity }

  func lists(_ outcome: Int, _ context: Int) -> Bool {
    let (low, high) = bounds(context)
    return index.entry(Int32(truncatingIfNeeded: outcome), low, high) >= 0
  }

  func search(_ target: Double, _ context: Int) -> Int? {
    let (low, high) = bounds(context)
    let entry = entry(target, low, high)
    return entry >= 0 ? outcome(entry) : nil
  }

  func last(_ context: Int) -> Int {
    let (low, high) = bounds(context)
    var entry = high - 1
    while entry > low, !(index.logProbability[entry] > -.infinity) { entry -= 1 }
    return entry >= low ? outcome(entry) : 0
  }

  func probability(_ outcome: Int, _ context: Int) -> Double {
    let (low, high) = index.bounds(of: context)
    return exp(index.find(outcome, from: context, low, high).logProbability)
  }
}

extension NGramView {
  /// For each entry the sum of its context's probabilities up to it, added in the order of the entries.
  func sums() -> [Double] {
    var sums = [Double](repeating: 0, count: outcomes.count)
    for node in labels.indices {
      let (low, high) = bounds(of: node)
      var sum = 0.0
      for entry in low..<max(low, high) {
        sum += exp(logProbability[entry])
        sums[entry] = sum
      }
    }
    return sums
  }

  fileprivate func draw(_ sums: [Double]?, isLinked: Bool, _ body: (NGramSampler) -> Void) {
    guard let sums, sums.count == outcomes.count else {
      return body(NGramSampler(index: self, sums: nil, isLinked: isLinked))
    }
    sums.withUnsafeBufferPointer { body(NGramSampler(index: self, sums: $0, isLinked: isLinked)) }
  }
}

extension MarkovConditional: IndexedConditional {
  package func withContextDrawing(_ sums: [Double]?, _ body: (NGramSampler) -> Void) {
    let shown = links ?? SuffixLinks(unlinked: counts.tree)
    withExtendedLifetime((self, shown)) { index(shown).draw(sums, isLinked: links != nil, body) }
  }

  package func drawingSums() -> [Double] {
    let shown = links ?? SuffixLinks(unlinked: counts.tree)
    return withExtendedLifetime((self, shown)) { index(shown).sums() }
  }

  package func context(of state: State) -> Int { state.longest }
}

extension ArpaConditional: IndexedConditional {
  package func withContextDrawing(_ sums: [Double]?, _ body: (NGramSampler) -> Void) {
    markov.withContextDrawing(sums, body)
  }

  package func drawingSums() -> [Double] { markov.drawingSums() }

  package func context(of state: ContextState) -> Int { markov.context(of: state) }
}
