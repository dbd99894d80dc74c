import ModelCore
import Probability

extension EventCounts: MeanSummary {
  /// The sum, of whose counts `count` are one occurrence: the mean as fractions. O(1). Where contexts are read in a text there
  /// is none.
  public func mean(of count: Int) -> EventCounts? { text == nil ? counting(in: count) : nil }
}

extension EventCounts {
  /// Whole counts for families that need them, rounded at random: cumulative sums in the order of the paths are rounded (systematic
  /// sampling), those of elements and of ends by themselves:
  /// so the number of elements and of ends is right, and the count of each context, whose events stand together, is within 1 of
  /// its mean for each of both. O(events · log parts).
  /// - Parameters:
  ///   - end: the outcome that is no element.
  ///   - seed: of the rounding.
  consuming func whole(end: Int, seed: UInt64) -> EventCounts {
    if unit == 1 { return self }
    let (size, unit) = (size, unit)
    var counts = self
    var stream = RandomStream(seed: seed, purpose: "rounding")
    var sums = [stream.uniform() * Double(unit), stream.uniform() * Double(unit)].map { Int($0) }
    var run = SortedRun.Builder(scratch: nil)
    counts.forEachEvent(isLast: true) { path, times, position in
      let kind = path.last.map { Int($0) } == end ? 1 : 0
      let before = sums[kind] / unit
      sums[kind] += times
      let rounded = sums[kind] / unit - before
      if rounded > 0 { run.append(path, count: rounded, position: position) }
    }
    return EventCounts(run.finished(nil), size: size)
  }
}
