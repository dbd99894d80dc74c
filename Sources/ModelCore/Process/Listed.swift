import Synchronization

/// The states of a model, listed when they are first asked for, by whichever thread.
final class Listed: Sendable {
  private enum Answer {
    case notAsked
    case known((any FiniteStateProcess)?)
  }

  private let answer = Mutex(Answer.notAsked)

  func get(_ list: () -> (any FiniteStateProcess)?) -> (any FiniteStateProcess)? {
    answer.withLock { answer in
      if case .known(let states) = answer { return states }
      let states = list()
      answer = .known(states)
      return states
    }
  }
}
