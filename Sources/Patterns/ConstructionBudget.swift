/// The limits of size and work within which a pattern's automaton is constructed.
struct ConstructionBudget {
  /// The pattern as messages name it.
  let pattern: String
  /// The most states of any automaton on the way.
  let states: Int
  private let steps: Int
  private var left: Int
  /// States of the latest automaton so far.
  private var reached = 0

  init(pattern: String, _ limits: PatternLimits) {
    self.pattern = pattern
    states = limits.states
    steps = limits.steps
    left = limits.steps
  }

  /// Counts steps: moves along transitions, or numbers stored.
  /// - Throws: `PatternError.tooManySteps`.
  mutating func spend(_ steps: Int) throws {
    left -= steps
    if left < 0 { throw PatternError.tooManySteps(pattern: pattern, limit: self.steps, states: reached) }
  }

  /// Notes that an automaton has so many states.
  /// - Throws: `PatternError.tooManyStates`.
  mutating func reach(states: Int) throws {
    reached = states
    if states > self.states { throw PatternError.tooManyStates(pattern: pattern, limit: self.states) }
  }
}

/// How large a pattern's automaton may be.
package struct PatternLimits: Sendable {
  /// The most states of any automaton on the way.
  package var states: Int
  /// The most steps of the construction, each a move along a transition or a number stored: it bounds time and memory.
  package var steps: Int

  /// A million states, which take about a second.
  package init(states: Int = 1_000_000, steps: Int = 100_000_000) {
    self.states = states
    self.steps = steps
  }
}
