import Foundation

/// How a recurrent network sees a length input. Knots distinguish small numbers exactly and large ones by their size, and
/// the number of parameters does not grow with the length.
extension LengthForm {
  private static let placesOfKnots = Knots(places: [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256, 1024])

  /// The numbers that it sees.
  package var width: Int {
    switch self {
    case .knots: Self.placesOfKnots.count
    case .number: 1
    case .bucket(let count), .embedding(let count): count
    }
  }

  /// Writes `width` numbers for a label.
  package func write(_ label: Int, to features: UnsafeMutablePointer<Float>) {
    features.update(repeating: 0, count: width)
    switch self {
    case .knots:
      // One or two are not zero; they sum to one.
      let (knot, share) = Self.placesOfKnots.place(of: label)
      features[knot] = Float(1 - share)
      if share > 0 { features[knot + 1] = Float(share) }
    case .number: features[0] = Float(log1p(Double(max(label, 0))))
    case .bucket(let count), .embedding(let count): features[min(max(label, 0), count - 1)] = 1
    }
  }
}
