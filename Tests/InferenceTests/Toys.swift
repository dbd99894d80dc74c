import Foundation
import Models
import Probability
import Sequences

/// Small data and every small model: what the conformance tests run on. A family, smoother or length strategy that is
/// registered takes part without a change here.
enum Toys {
  static let seed: UInt64 = 20

  /// 60 sequences over k symbols, up to 4 long, some empty, with some order in them.
  static func set(alphabetSize k: Int) -> SequenceSet {
    var stream = RandomStream(seed: seed, index: UInt64(k))
    let sequences = (0..<60).map { _ in
      let length = Int(stream.uniform() * stream.uniform() * 5)
      var sequence: [Symbol] = []
      for _ in 0..<length {
        let repeats = stream.uniform() < 0.4
        sequence.append(repeats ? sequence.last ?? 0 : Int(stream.uniform() * Double(k)))
      }
      return sequence
    }
    return SequenceSet(sequences, alphabetSize: k)
  }

  static func alphabet(_ k: Int) throws -> Alphabet {
    try Alphabet(symbols: (0..<k).map { String(Character(Unicode.Scalar(UInt8(97 + $0)))) }, kind: .characters)
  }

  /// Every registered family × length strategy, in a small setting, as far as families are fitted and do not decline it.
  static let words = Registry.standard.exampleWords.filter {
    (try? ModelSpecification($0))?.family.fittingRefusal == nil
  }

  /// Those words whose models have a capability; a word that cannot be fitted stays in, so that tests fail on it.
  static func words(whose hasCapability: (any Conditional) -> Bool) -> [String] {
    words.filter { conditionals[$0].map(hasCapability) ?? true }
  }

  private static let conditionals = Dictionary(
    uniqueKeysWithValues: words.compactMap { word in
      (try? model(word, alphabetSize: 2)).map { (word, $0.conditional) }
    })

  /// Words of models that walk in lockstep.
  static let lockstepWords = words { $0 is any LockstepConditional }

  static func model(_ word: String, alphabetSize k: Int) throws -> SequenceModel {
    let set = set(alphabetSize: k)
    return try SequenceModel.fit(ModelSpecification(word), to: set, valid: set, alphabet(k), FittingContext(seed: seed))
  }

  /// A model's file as versions without checksums wrote it.
  static func bytesWithoutChecksums(of model: SequenceModel) throws -> Data {
    try TensorFile(ModelFile.bytes(of: model)).serialized(hasChecksums: false)
  }

  /// The same model with a recurrent network in double precision; others are in double precision already.
  static func inDouble(_ model: SequenceModel) -> SequenceModel {
    guard let network = model.conditional as? RecurrentConditional<Float> else { return model }
    let double = RecurrentConditional<Double>(
      layout: network.layout, cell: network.cell, parameters: network.parameters.map(Double.init))
    return SequenceModel(
      specification: model.specification, alphabet: model.alphabet, conditional: double, prior: model.prior,
      facts: model.facts)
  }

  /// All sequences over k symbols of at most `longest`, the empty one first.
  static func allSequences(_ k: Int, longest: Int) -> [[Symbol]] {
    var all: [[Symbol]] = [[]]
    var last = all
    for _ in 0..<longest {
      last = last.flatMap { sequence in (0..<k).map { sequence + [$0] } }
      all += last
    }
    return all
  }
}
