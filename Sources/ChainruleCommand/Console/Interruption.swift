@preconcurrency import Dispatch
import Foundation
import Synchronization

/// Thrown where an interruption ends a command after it has kept what there was to keep.
struct Interrupted: Error {
  /// What was kept, if anything.
  var sentence: String?
}

/// Ctrl-C. Work that can keep what it has done asks `isRequested` and ends itself; anything else ends at once, and so
/// does everything at the second Ctrl-C. Files are written whole or not at all, whatever the moment.
final class Interruption: Sendable {
  static let shared = Interruption()

  private let requested = Atomic<Bool>(false)
  private let isDeferred = Atomic<Bool>(false)
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
  func deferring<Result>(_ work: () throws -> Result) rethrows -> Result {
    isDeferred.store(true, ordering: .relaxed)
    defer { isDeferred.store(false, ordering: .relaxed) }
    return try work()
  }

  private func receive() {
    let isFirst = !requested.exchange(true, ordering: .relaxed)
    if isFirst, isDeferred.load(ordering: .relaxed) { return }
    _exit(130)
  }
}
