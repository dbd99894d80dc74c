import Foundation

/// How the number of elements so far, t, enters a model as one more parent of each step. Without it a model is
/// stationary: the same conditional at each t.
public enum TimeInput: Sendable, Hashable {
  case none
  /// One number, log(1 + t): it stays small beyond the lengths seen in training.
  case scaled
  /// One of n buckets, of t = 0, 1, 2–3, 4–7, …, each twice as wide as the one before; the last has no end.
  case bucket(Int)
  /// n numbers: sines and cosines of t with wavelengths from 2π to 2π · 10,000 (Vaswani et al. 2017).
  case sinusoid(Int)

  public static let help = "time=none, scaled, bucket:n or sinusoid:n"

  /// - Throws: `SpecificationError`.
  package init(_ text: String, owner: String) throws {
    let value = NumberedValue(text)
    switch value.name {
    case "none" where !value.hasNumber: self = .none
    case "scaled" where !value.hasNumber: self = .scaled
    case "bucket": self = .bucket(try value.count(in: 2...63, of: "time", owner: owner))
    case "sinusoid": self = .sinusoid(try value.count(in: 2...64, of: "time", owner: owner))
    default:
      throw SpecificationError.unknown(
        what: "\(owner): time", word: text, known: ["none", "scaled", "bucket:8", "sinusoid:8"])
    }
  }

  public var word: String {
    switch self {
    case .none: "none"
    case .scaled: "scaled"
    case .bucket(let count): "bucket:\(count)"
    case .sinusoid(let count): "sinusoid:\(count)"
    }
  }

  /// The numbers by which a network sees t.
  package var width: Int {
    switch self {
    case .none: 0
    case .scaled: 1
    case .bucket(let count), .sinusoid(let count): count
    }
  }

  /// The bucket of t among `count`.
  package static func bucket(_ time: Int, of count: Int) -> Int {
    min(Int.bitWidth - time.leadingZeroBitCount, count - 1)
  }

  /// Writes `width` numbers.
  package func write(_ time: Int, to features: UnsafeMutablePointer<Float>) {
    switch self {
    case .none: break
    case .scaled: features[0] = Float(log1p(Double(time)))
    case .bucket(let count):
      features.update(repeating: 0, count: count)
      features[Self.bucket(time, of: count)] = 1
    case .sinusoid(let count):
      for index in 0..<count {
        let pair = Double(index / 2) / Double(max((count + 1) / 2 - 1, 1))
        let angle = Double(time) / pow(10_000, pair)
        features[index] = Float(index % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
  }
}
