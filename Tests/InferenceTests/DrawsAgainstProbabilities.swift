import Probability
import Testing

/// Pearson's chi-square of draws against probabilities; cells that expect fewer than five are put together.
func pValue<Key: Hashable>(_ draws: [Key], _ probabilities: [Key: Double], _ label: String) -> Double {
  var counts: [Key: Int] = [:]
  for draw in draws { counts[draw, default: 0] += 1 }
  var (statistic, cells, expected, observed) = (0.0, 0, 0.0, 0.0)
  func add(_ expected: Double, _ observed: Double) {
    statistic += (observed - expected) * (observed - expected) / expected
    cells += 1
  }
  for (key, probability) in probabilities {
    let (wanted, seen) = (probability * Double(draws.count), Double(counts[key] ?? 0))
    if wanted >= 5 { add(wanted, seen) } else { (expected, observed) = (expected + wanted, observed + seen) }
  }
  if expected >= 5 { add(expected, observed) }
  // A draw of something that has no probability would be missing from the cells.
  let known = draws.count { probabilities[$0] != nil }
  #expect(known == draws.count, "\(label)")
  let p = cells > 1 ? chiSquareTail(statistic, degreesOfFreedom: Double(cells - 1)) : 1
  print("\(label): chi-square \(statistic) on \(cells - 1) degrees of freedom, p = \(p)")
  return p
}
