import Foundation

/// What a run has cost.
enum ResourceUse {
  /// "took 61 s and at most 72 MB of memory".
  static func text(since start: ContinuousClock.Instant) -> String {
    "took \(Numbers.seconds((ContinuousClock.now - start) / .seconds(1))) and at most \(peakMegabytes) MB of memory"
  }

  /// The largest resident memory of this process so far.
  private static var peakMegabytes: Int {
    var usage = rusage()  // of this process: RUSAGE_SELF, which is 0 and of another type on each system
    #if os(Linux)
      let unit = 1024
    #else
      let unit = 1
    #endif
    getrusage(0, &usage)
    return usage.ru_maxrss * unit / 1_000_000
  }
}
