import Support

/// Places among the whole numbers, between which a number is its two neighbours in part; beyond the last it is that one.
package struct Knots: Sendable, Hashable {
  /// Rising from 0; two at least.
  package let places: [Int]

  package init(places: [Int]) { self.places = places }

  package var count: Int { places.count }
  package var last: Int { places[places.count - 1] }

  /// The last knot not above a number, and the share of the next one. O(log knots).
  package func place(of number: Int) -> (knot: Int, shareOfNext: Double) {
    guard number < last else { return (count - 1, 0) }
    guard number > 0 else { return (0, 0) }
    let next = lowerBound(1, count - 1) { places[$0] <= number }
    return (next - 1, Double(number - places[next - 1]) / Double(places[next] - places[next - 1]))
  }
}
