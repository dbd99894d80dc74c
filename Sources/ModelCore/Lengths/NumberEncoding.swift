import Foundation
import GraphicalModel

/// How conditionals see a whole number n that has no bound: t, or what they know of the length. To a table each label is a
/// value of its own; a network sees some numbers.
public enum NumberEncoding: Sendable, Hashable {
  /// Not at all.
  case none
  /// A table: n. It is no input of a network.
  case each
  /// A table: n. A network: n's place between the two neighbours among 0, 1, 2, 3, 4, 6, 8, 12, …, 1024, which tells small
  /// numbers exactly and large ones by their size.
  case knots
  /// A table: n. A network: the one number log(1 + n), which stays small beyond the numbers seen in training. `time=scaled`
  /// names the same.
  case number, scaled
  /// One of so many buckets, of 0, 1, 2–3, 4–7, …, each twice as wide as the one before; the last has no end.
  case bucket(Int)
  /// 0, 1, … by themselves, as so many rows of weights; the last stands for all larger ones.
  case embedding(Int)
  /// A network: so many sines and cosines of n with wavelengths from 2π to 2π · 10,000 (Vaswani et al. 2017).
  case sinusoid(Int)

  /// The value of an option.
  /// - Parameter known: what it may be, with numbers as in "bucket:8".
  /// - Throws: `SpecificationError`.
  package init(_ text: String, option: String, owner: String, known: [String]) throws {
    let value = NumberedValue(text)
    func count(_ range: ClosedRange<Int>) throws -> Int { try value.count(in: range, of: option, owner: owner) }
    let takesNumber = ["bucket", "embedding", "sinusoid"].contains(value.name)
    guard known.contains(where: { NumberedValue($0).name == value.name }), takesNumber || !value.hasNumber else {
      throw SpecificationError.unknown(what: "\(owner): \(option)", word: text, known: known)
    }
    switch value.name {
    case "each": self = .each
    case "knots": self = .knots
    case "number": self = .number
    case "scaled": self = .scaled
    case "bucket": self = .bucket(try count(2...63))
    case "embedding": self = .embedding(try count(2...1024))
    case "sinusoid": self = .sinusoid(try count(2...64))
    default: self = .none
    }
  }

  package var word: String {
    switch self {
    case .none: "none"
    case .each: "each"
    case .knots: "knots"
    case .number: "number"
    case .scaled: "scaled"
    case .bucket(let count): "bucket:\(count)"
    case .embedding(let count): "embedding:\(count)"
    case .sinusoid(let count): "sinusoid:\(count)"
    }
  }

  // MARK: Tables

  /// The value that a table sees; 0 where it sees none.
  package func label(_ number: Int) -> Int {
    switch self {
    case .none: 0
    case .each, .knots, .number, .scaled, .sinusoid: number
    case .bucket(let count): min(Int.bitWidth - number.leadingZeroBitCount, count - 1)
    case .embedding(let count): min(number, count - 1)
    }
  }

  /// The first number of each label from 1 on, where labels are limited.
  package var starts: [Int]? {
    switch self {
    case .bucket(let count): (0..<count - 1).map { 1 << $0 }
    case .embedding(let count): Array(1..<count)
    default: nil
    }
  }

  /// Which t have contexts of their own in a table.
  package var clock: DirectedTemplate.Clock? { self == .none ? nil : starts.map { .starts([0] + $0) } ?? .each }

  // MARK: Networks

  private static let places = Knots(places: [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256, 1024])

  /// The numbers that a network sees.
  package var width: Int {
    switch self {
    case .none, .each: 0
    case .knots: Self.places.count
    case .number, .scaled: 1
    case .bucket(let count), .embedding(let count), .sinusoid(let count): count
    }
  }

  /// Writes `width` numbers for a label.
  package func write(_ label: Int, to features: UnsafeMutablePointer<Float>) {
    features.update(repeating: 0, count: width)
    switch self {
    case .none, .each: break
    case .knots:
      // One or two are not zero; they sum to one.
      let (knot, share) = Self.places.place(of: label)
      features[knot] = Float(1 - share)
      if share > 0 { features[knot + 1] = Float(share) }
    case .number, .scaled: features[0] = Float(log1p(Double(max(label, 0))))
    case .bucket(let count), .embedding(let count): features[min(max(label, 0), count - 1)] = 1
    case .sinusoid(let count):
      for index in 0..<count {
        let pair = Double(index / 2) / Double(max((count + 1) / 2 - 1, 1))
        let angle = Double(label) / pow(10_000, pair)
        features[index] = Float(index % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
  }
}
