/// The first index of `low ..< high` that does not come before what is looked for; `high` if all do. By binary search,
/// O(log (high − low)).
/// - Parameter isBefore: true for the first indices, and false from then on.
@inlinable @inline(__always)
package func lowerBound(_ low: Int, _ high: Int, where isBefore: (_ index: Int) -> Bool) -> Int {
  var (low, high) = (low, high)
  while low < high {
    let middle = (low &+ high) >> 1
    if isBefore(middle) { low = middle &+ 1 } else { high = middle }
  }
  return low
}
