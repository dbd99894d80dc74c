import Chainrule
import Synchronization

/// Failures that several threads report.
final class FailureList: Sendable {
  private let failures = Mutex<[Comparison.Failure]>([])

  func add(_ failure: Comparison.Failure) { failures.withLock { $0.append(failure) } }

  var list: [Comparison.Failure] { failures.withLock { $0 } }
}
