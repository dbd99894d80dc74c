import Models
import Synchronization

/// Keeps the epochs that a fit reports, and passes its reports on.
public final class EpochRecorder: Sendable {
  private let list = Mutex<[TrainingEpoch]>([])
  private let next: @Sendable (FittingProgress) -> Void

  /// A recorder in front of another receiver of the reports.
  public init(_ next: @escaping @Sendable (FittingProgress) -> Void) { self.next = next }

  /// Receives a report.
  @Sendable public func add(_ progress: FittingProgress) {
    if let epoch = progress.epoch { list.withLock { $0.append(epoch) } }
    next(progress)
  }

  /// The epochs so far.
  public var epochs: [TrainingEpoch] { list.withLock { $0 } }
}
