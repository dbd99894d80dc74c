/// p-values corrected for their number, in their order (Holm 1979, "A simple sequentially rejective multiple test procedure"):
/// to reject those below α rejects any true hypothesis with probability α at most.
package func holmAdjusted(_ p: [Double]) -> [Double] {
  var adjusted = p
  var largest = 0.0
  for (rank, place) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
    largest = max(largest, min(Double(p.count - rank) * p[place], 1))
    adjusted[place] = largest
  }
  return adjusted
}
