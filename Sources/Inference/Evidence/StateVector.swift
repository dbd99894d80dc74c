import Support

/// A number for each state of a process, or for those that matter alone.
struct StateVector: Sendable {
  /// Those that matter, rising; `nil` where all do.
  let states: [Int32]?
  var values: [Double]

  /// Zeros.
  init(_ states: [Int32]?, stateCount: Int) {
    self.states = states
    values = Array(repeating: 0, count: states?.count ?? stateCount)
  }

  /// The number of a state; 0 for one that does not matter.
  subscript(_ state: Int) -> Double { index(state).map { values[$0] } ?? 0 }

  /// Where a state's number stands; `nil` for one that does not matter. O(log states).
  func index(_ state: Int) -> Int? {
    guard let states else { return state }
    if states.count == 1 { return states[0] == Int32(state) ? 0 : nil }
    let index = lowerBound(0, states.count) { states[$0] < Int32(state) }
    return index < states.count && states[index] == Int32(state) ? index : nil
  }

  /// The state whose number stands at an index.
  func state(_ index: Int) -> Int { states.map { Int($0[index]) } ?? index }

  /// A number for each state, times a factor.
  func dense(_ stateCount: Int, times factor: Double) -> [Double] {
    guard let states else { return factor == 1 ? values : values.map { $0 * factor } }
    var dense = [Double](repeating: 0, count: stateCount)
    for (index, state) in states.enumerated() { dense[Int(state)] = values[index] * factor }
    return dense
  }
}
