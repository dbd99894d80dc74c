import Chainrule
import Foundation
import Synchronization

/// Shows how far long work has come, on standard error: a bar with the time left on a terminal, a line now and then in a
/// pipe, nothing if quiet.
final class ProgressReporter: Sendable {
  private struct State {
    var label = ""
    var start = ContinuousClock.now
    var lastShown: ContinuousClock.Instant?
    var lastText = ""
    var isBarShown = false
  }

  private let state = Mutex(State())
  private let isQuiet: Bool
  private let isTerminal = Console.isTerminal

  /// Seconds between two updates of the bar, and between two lines in a pipe.
  private var interval: Duration { isTerminal ? .milliseconds(100) : .seconds(10) }

  init(quiet: Bool) { isQuiet = quiet }

  /// Begins a piece of work.
  func begin(_ label: String) {
    if isQuiet { return }
    finish()
    state.withLock {
      $0 = State(label: label)
      // The first line of a long piece comes after an interval, so that short ones say nothing.
      $0.lastShown = $0.start
    }
  }

  func show(_ progress: FittingProgress) {
    if isQuiet { return }
    state.withLock { state in
      if progress.isMilestone { state.lastText = progress.text }
      let now = ContinuousClock.now
      if let last = state.lastShown, now - last < interval { return }
      guard isTerminal || progress.isMilestone else { return }
      state.lastShown = now
      let seconds = (now - state.start) / .seconds(1)
      let left = progress.fraction > 0 ? seconds / progress.fraction * (1 - progress.fraction) : 0
      let text = state.lastText.isEmpty ? progress.text : state.lastText
      if isTerminal {
        let filled = Int(progress.fraction * 20)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        // A line that wraps could not be taken back.
        let line = "\(state.label)  \(bar) \(Self.time(left)) left  \(text)".prefix(Console.columns - 1)
        Console.show("\r\u{1B}[2K\(line)")
        state.isBarShown = true
      } else {
        Console.say("\(state.label): \(text), \(Self.time(left)) left")
      }
    }
  }

  /// Takes the bar away.
  func finish() {
    state.withLock { state in
      if state.isBarShown { Console.show("\r\u{1B}[2K") }
      state.isBarShown = false
    }
  }

  private static func time(_ seconds: Double) -> String {
    let (unit, size) = seconds < 90 ? ("s", 1.0) : seconds < 90 * 60 ? ("min", 60) : ("h", 3600)
    return "\(Int((seconds / size).rounded())) \(unit)"
  }
}
