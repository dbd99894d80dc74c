import Foundation

/// How a recurrent network sees a whole number that has no bound, τ or τ − t: as its place between knots. Each number
/// up to the last knot is a mixture of its two neighbours among 0, 1, 2, 3, 4, 6, 8, 12, …, so small numbers are
/// distinguished exactly, large ones by their size, and the number of parameters does not grow with the length.
enum LengthFeatures {
  static let knots = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256, 1024]

  static var count: Int { knots.count }

  /// Writes `count` numbers, of which one or two are not zero; they sum to one.
  static func write(_ number: Int, to features: UnsafeMutablePointer<Float>) {
    features.update(repeating: 0, count: count)
    let (knot, share) = place(of: number)
    features[knot] = Float(1 - share)
    if share > 0 { features[knot + 1] = Float(share) }
  }

  /// The first knot not above the number, and the share of the next one.
  private static func place(of number: Int) -> (knot: Int, shareOfNext: Double) {
    guard let last = knots.last, number < last else { return (knots.count - 1, 0) }
    let knot = (knots.firstIndex { $0 > number } ?? 1) - 1
    guard knot >= 0 else { return (0, 0) }
    return (knot, Double(number - knots[knot]) / Double(knots[knot + 1] - knots[knot]))
  }
}
