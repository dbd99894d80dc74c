import Foundation
import ModelCore
import Sequences

/// A Markov model of symbols for queries: one record a context in a stream of words, as a file holds it and memory maps it.
///
/// A record is the number of the context's rule, the number of its entries, and of these the outcomes, by rising ones,
/// then the numbers of their counts, then, where contexts can be longer, where the record of the next context stands: 0
/// where it did not occur, else a place in the stream. Rules and counts are numbered because few are different: four words
/// of 16 bits an outcome, instead of a count, a probability and two links.
///
/// A query goes through the contexts of a history from the empty one outwards and lets each rule change the answer. That
/// takes a search in each, and all of them at once are the way to those after the outcome.
///
/// What stands in the words may be anything: every number is held against the sizes before it is used as a place, so that
/// a hostile file gives wrong figures at worst.
struct PackedNGramTable<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>: Sendable {
  let shape: OutputShape
  /// k.
  let order: Int
  let words: FlatArray<Word>
  /// The different counts.
  let counts: FlatArray<Double>
  /// The different rules.
  let rules: DiscountRows
  /// Where the record of the start stands; 0 where there is none.
  let start: Int

  /// The words of a place in the stream.
  static var wordsOfPlace: Int { Word.bitWidth < 32 ? 2 : 1 }

  /// The words of a record.
  static func size(entries: Int, hasNext: Bool) -> Int { 2 + entries * (hasNext ? 2 + wordsOfPlace : 2) }

  /// A context in place.
  struct Record {
    /// Which rule.
    var rule: Int
    /// The number of entries.
    var count: Int
    /// Where the outcomes stand.
    var first: Int
  }

  /// - Parameter depth: the labels of the context, which are fewer than k where there is a next one.
  @inline(__always) func record(at place: Int, depth: Int) -> Record {
    let words = words.buffer
    guard place >= 0, place <= words.count &- 2 else { return Record(rule: 0, count: 0, first: 0) }
    let (rule, count) = (Int(words[place]), Int(words[place &+ 1]))
    guard rule < rules.shares.count, Self.size(entries: count, hasNext: depth < order) <= words.count &- place else {
      return Record(rule: 0, count: 0, first: 0)
    }
    return Record(rule: rule, count: count, first: place &+ 2)
  }

  @inline(__always) func mass(_ entry: Int, of record: Record, _ share: DiscountRows.Share) -> Double {
    let count = Int(words.buffer[record.first &+ record.count &+ entry])
    return count < counts.buffer.count
      ? rules.discounts[share.discount].left(of: counts.buffer[count]) / share.divisor : 0
  }

  /// Where the record of the context after an entry stands; 0 where it did not occur.
  @inline(__always) func next(_ entry: Int, of record: Record) -> Int {
    let words = words.buffer
    let place = record.first &+ 2 &* record.count &+ Self.wordsOfPlace &* entry
    return Self.wordsOfPlace == 1 ? Int(words[place]) : Int(words[place]) | Int(words[place &+ 1]) << 16
  }

  /// log P of all outcomes after a history.
  func predict(_ chain: [Int], into logProbabilities: inout [Double]) {
    for outcome in logProbabilities.indices { logProbabilities[outcome] = 1 / Double(shape.outcomes) }
    for (depth, place) in chain.enumerated() {
      let record = record(at: place, depth: depth)
      let share = rules.shares[record.rule]
      for outcome in logProbabilities.indices { logProbabilities[outcome] *= share.weight }
      for entry in 0..<record.count {
        let outcome = Int(words[record.first + entry])
        guard logProbabilities.indices.contains(outcome) else { continue }
        logProbabilities[outcome] += mass(entry, of: record, share)
      }
    }
    for outcome in logProbabilities.indices { logProbabilities[outcome] = log(logProbabilities[outcome]) }
  }
}
