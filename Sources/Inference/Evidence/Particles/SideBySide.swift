import ModelCore
import Sequences

/// Walks of one model side by side, each in a lane: what sequential Monte Carlo asks of a model.
protocol SideBySide {
  /// A new sequence in a lane; its first distribution comes with the next `advance`.
  mutating func start(_ lane: Int, length: Int)
  /// Gives another lane the past of a lane.
  mutating func copy(_ lane: Int, to target: Int)
  /// A lane's sequence continues with a symbol; `time` elements come before the step after it.
  mutating func set(_ lane: Int, past symbol: Symbol, time: Int, length: Int)
  /// One step of the first `count` lanes.
  mutating func advance(_ count: Int)
  /// The distribution of a lane's step.
  func predict(_ lane: Int, into prediction: inout Prediction)
}

extension SideBySide {
  /// Gives children lanes of their own, 0 ..< their number. A child takes its parent's lane where that is free, so that
  /// few states are copied.
  /// - Parameter parents: the lane of each child's parent.
  /// - Returns: the lane of each child.
  mutating func branch(_ parents: [Int]) -> [Int] {
    var lanes = [Int](repeating: -1, count: parents.count)
    var isTaken = [Bool](repeating: false, count: parents.count)
    for (child, parent) in parents.enumerated() where parent < parents.count && !isTaken[parent] {
      isTaken[parent] = true
      lanes[child] = parent
    }
    // A lane that is free now is no parent's, so that no past is overwritten before it is copied.
    var free = 0
    for (child, parent) in parents.enumerated() where lanes[child] < 0 {
      while isTaken[free] { free += 1 }
      isTaken[free] = true
      lanes[child] = free
      copy(parent, to: free)
    }
    return lanes
  }
}

/// Lanes of a model that walks in lockstep.
struct LockstepLanes<Lanes: WalkLanes>: SideBySide {
  let lanes: Lanes
  let shape: OutputShape

  func start(_ lane: Int, length: Int) { lanes.start(lane, shape.inputs(time: 0, length: length)) }
  func copy(_ lane: Int, to target: Int) { lanes.move(lane, to: target) }
  func set(_ lane: Int, past symbol: Symbol, time: Int, length: Int) {
    lanes.set(lane, past: symbol, shape.inputs(time: time, length: length))
  }
  func advance(_ count: Int) { lanes.advance(count) }
  func predict(_ lane: Int, into prediction: inout Prediction) { lanes.predict(lane, into: &prediction) }
}

/// Copies of the walk, for all other models.
struct WalkCopies<C: Conditional>: SideBySide {
  private let conditional: C
  private var walks: [Walk<C>]

  init(_ conditional: C, count: Int) {
    self.conditional = conditional
    walks = Array(repeating: conditional.walk(), count: count)
  }

  mutating func start(_ lane: Int, length: Int) { walks[lane] = conditional.walk(length: length) }
  mutating func copy(_ lane: Int, to target: Int) { walks[target] = walks[lane] }
  mutating func set(_ lane: Int, past symbol: Symbol, time: Int, length: Int) { walks[lane].advance(past: symbol) }
  mutating func advance(_ count: Int) {}
  func predict(_ lane: Int, into prediction: inout Prediction) { walks[lane].predict(into: &prediction) }
}
