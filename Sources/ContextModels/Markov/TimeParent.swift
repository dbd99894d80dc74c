import GraphicalModel
import ModelCore

/// How t, the number of elements so far, is one more parent in a Markov model. Without it a model is stationary.
package enum TimeParent: Sendable, Hashable {
  case none
  /// The bucket of t among n, as for recurrent networks: 0, 1, 2–3, 4–7, …; the last has no end.
  case bucket(Int)
  /// t itself: nothing is shared between steps but by smoothing.
  case each

  /// - Throws: `SpecificationError`.
  init(_ text: String, owner: String) throws {
    if text == "each" {
      self = .each
      return
    }
    guard text == "none" || text.hasPrefix("bucket") else {
      throw SpecificationError.unknown(what: "\(owner): time", word: text, known: ["none", "bucket:8", "each"])
    }
    if case .bucket(let count) = try TimeInput(text, owner: owner) { self = .bucket(count) } else { self = .none }
  }

  var word: String {
    switch self {
    case .none: "none"
    case .bucket(let count): "bucket:\(count)"
    case .each: "each"
    }
  }

  /// Which t have contexts of their own.
  var clock: DirectedTemplate.Clock? {
    switch self {
    case .none: nil
    case .bucket(let count): .starts((0..<count).map { $0 == 0 ? 0 : 1 << ($0 - 1) })
    case .each: .each
    }
  }

  /// The value after t elements; 0 where there is none.
  func label(_ time: Int) -> Int {
    switch self {
    case .none: 0
    case .bucket(let count): TimeInput.bucket(time, of: count)
    case .each: time
    }
  }
}
