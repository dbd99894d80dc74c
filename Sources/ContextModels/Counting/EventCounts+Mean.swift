import ModelCore
import Probability

extension EventCounts: MeanSummary {
  /// Cumulative sums in the order of the paths are rounded (systematic sampling), those of elements and of ends by themselves:
  /// so the number of elements and of ends is right, and the count of each context, whose events stand together, is within 1 of
  /// its mean for each of both. O(events · log parts).
  public func mean(of count: Int, end: Int, seed: UInt64) -> EventCounts? {
    if text != nil { return nil }
    var counts = self
    var stream = RandomStream(seed: seed, purpose: "rounding")
    var sums = [stream.uniform() * Double(count), stream.uniform() * Double(count)].map { Int($0) }
    var run = SortedRun.Builder(scratch: nil)
    counts.forEachEvent(isLast: true) { path, times, position in
      let kind = path.last.map { Int($0) } == end ? 1 : 0
      let before = sums[kind] / count
      sums[kind] += times
      let rounded = sums[kind] / count - before
      if rounded > 0 { run.append(path, count: rounded, position: position) }
    }
    return EventCounts(run.finished(nil), size: size / count)
  }
}
