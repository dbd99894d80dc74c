import ModelCore
import Probability
import Sequences

/// Training on transpositions: each time that a sequence of piano rolls is seen, all its keys are moved by a random number of
/// semitones from a range, as far as all of them stay on the keyboard. The data that a model is judged by are left alone.
package struct Augmentation: Sendable, Hashable {
  /// The semitones, among them 0.
  let range: ClosedRange<Int>
  /// What the draws of an epoch depend on.
  var key: UInt64 = 0

  static let help = "augment=none or transpose:n (pianorolls: moved by −n … n semitones at random, in each epoch anew)"

  init(semitones: Int) { range = -semitones...semitones }

  /// The value of `augment=`; `nil` for none.
  /// - Throws: `SpecificationError.malformed`.
  package init?(_ text: String?, owner: String) throws {
    guard let text, text != "none" else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "transpose", let semitones = Int(parts[1]), (1...60).contains(semitones) else {
      throw SpecificationError.malformed("\(owner): augment=\(text) is not of the form transpose:6 (1 to 60 semitones)")
    }
    self.init(semitones: semitones)
  }

  /// The value of `augment=`.
  var word: String { "transpose:\(range.upperBound)" }

  /// How far a sequence is moved in this epoch.
  package func shift(of sequence: Int, in set: VectorSequences) -> Int {
    let width = set.rows.width
    var (low, high) = (width, -1)
    let start = set.firstRow(sequence) * width
    set.rows.values.withUnsafeBufferPointer { values in
      for row in 0..<set.length(sequence) {
        let vector = start + row * width
        // Only what lies outside of the range so far is looked at.
        if let first = (0..<low).first(where: { values[vector + $0] != 0 }) { low = first }
        if let last = ((high + 1)..<width).last(where: { values[vector + $0] != 0 }) { high = last }
      }
    }
    guard high >= 0 else { return 0 }
    let possible = max(range.lowerBound, -low)...min(range.upperBound, width - 1 - high)
    var stream = RandomStream(seed: key, purpose: "augmentation", index: UInt64(sequence))
    return min(possible.lowerBound + Int(stream.uniform() * Double(possible.count)), possible.upperBound)
  }

  /// The vector with each number moved to a higher (or for negative shifts lower) component.
  package static func move(
    _ source: UnsafePointer<Double>, _ width: Int, by shift: Int, into target: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<width {
      let from = index - shift
      target[index] = from >= 0 && from < width ? source[from] : 0
    }
  }
}
