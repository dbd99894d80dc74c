@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Thrown where an interruption ends a command after it has kept what there was to keep.
struct Interrupted: Error {
  /// What was kept, if anything.
  var sentence: String?
}

/// Ctrl-C. Work that can keep what it has done asks `isRequested` and ends itself; anything else ends at once, and so
/// does everything at the second Ctrl-C, but for the short moment in which a file is written: files are written whole
/// or not at all, and nothing is left beside them.
final class Interruption: Sendable {
  static let shared = Interruption()

  /// What a Ctrl-C has to wait for.
  private enum Patience {
    case none
    /// The first waits until the work has seen it.
    case once
    /// Every one waits.
    case always
  }

  private let requested = Atomic<Bool>(false)
  private let patience = Mutex(Patience.none)
  private let source: any DispatchSourceSignal

  private init() {
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInteractive))
    source.setEventHandler { Interruption.shared.receive() }
  }

  /// Begins to listen. Called once, at the start.
  static func install() {
    signal(SIGINT, SIG_IGN)
    shared.source.resume()
  }

  var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Does work that asks `isRequested`.
  func deferring<Result>(_ work: () throws -> Result) rethrows -> Result { try with(.once, work) }

  /// Does short work that must not be broken off, whoever asks how often.
  func holdingOff<Result>(_ work: () throws -> Result) rethrows -> Result { try with(.always, work) }

  private func with<Result>(_ patience: Patience, _ work: () throws -> Result) rethrows -> Result {
    let outer = self.patience.withLock { current in
      defer { current = patience }
      return current
    }
    defer { self.patience.withLock { $0 = outer } }
    return try work()
  }

  private func receive() {
    let isFirst = !requested.exchange(true, ordering: .relaxed)
    // Under the lock, so that no work begins that must not be broken off.
    patience.withLock { patience in
      switch patience {
      case .always: return
      case .once where isFirst: return
      case .once, .none: _exit(130)
      }
    }
  }
}
