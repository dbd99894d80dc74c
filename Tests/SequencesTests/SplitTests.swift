import Sequences
import Testing

@Suite struct SplitTests {
  /// Sequence i is [i], so that a part tells which ones it holds.
  func dataset(_ count: Int, isText: Bool = false) throws -> Dataset {
    let symbols = (0..<count).map { String($0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let sequences = isText ? [Array(0..<count)] : (0..<count).map { [$0] }
    return Dataset(
      sequences: SequenceSet(sequences, alphabetSize: count), alphabet: try Alphabet(symbols: symbols, kind: .words),
      name: "numbers", format: isText ? "text" : "lines", isText: isText)
  }

  func flat(_ set: SequenceSet) -> [Int] { set.arrays.flatMap { $0 } }

  @Test(arguments: [3, 4, 10, 1_000])
  func partsAreDisjointAndCoverAll(count: Int) throws {
    let split = try dataset(count).split(seed: 5)
    let parts = [split.train, split.valid, split.test].map(flat)
    #expect(parts.allSatisfy { !$0.isEmpty })
    #expect(parts.allSatisfy { $0 == $0.sorted() })
    #expect(parts.joined().sorted() == Array(0..<count))
    if count == 1_000 { #expect(parts.map(\.count) == [800, 100, 100]) }
  }

  @Test func theSeedDecides() throws {
    let data = try dataset(100)
    let first = try data.split(seed: 1)
    #expect(try flat(first.test) == flat(data.split(seed: 1).test))
    #expect(try flat(first.test) != flat(data.split(seed: 2).test))
    #expect(flat(data.holdOut(seed: 1).valid) == flat(data.holdOut(seed: 1).valid))
  }

  @Test func aTextIsCutByPosition() throws {
    let split = try dataset(10, isText: true).split(seed: 9, train: 0.5, valid: 0.2)
    #expect(split.train.arrays == [[0, 1, 2, 3, 4]])
    #expect(split.valid.arrays == [[5, 6]])
    #expect(split.test.arrays == [[7, 8, 9]])
  }

  @Test func impossibleSplitsAreErrors() throws {
    #expect(throws: DataError.self) { try dataset(2).split(seed: 1) }
    #expect(throws: DataError.self) { try dataset(2, isText: true).split(seed: 1) }
    let data = try dataset(9)
    for (train, valid) in [(0.0, 0.5), (0.9, 0.1), (0.5, -0.1), (.nan, 0.1), (0.1, .infinity)] {
      #expect(throws: DataError.self) { try data.split(seed: 1, train: train, valid: valid) }
    }
  }

  @Test func aPartIsHeldOut() throws {
    let (train, valid) = try dataset(100).holdOut(seed: 3)
    #expect(valid.count == 5)
    #expect((flat(train) + flat(valid)).sorted() == Array(0..<100))
    let two = try dataset(2).holdOut(seed: 3)
    #expect(two.train.count == 1 && two.valid.count == 1)
    let one = try dataset(1).holdOut(seed: 3)
    #expect(one.train.count == 1 && one.valid.count == 0)
  }

  /// Of a text a stretch is held out that is not at its end; what is around it stays in order.
  @Test(arguments: [1, 2, 3, 40, 1000]) func aStretchOfATextIsHeldOut(_ count: Int) throws {
    for seed in 1...20 {
      let (train, valid) = try dataset(count, isText: true).holdOut(seed: UInt64(seed))
      #expect(flat(train) + flat(valid) != [] && (flat(train) + flat(valid)).sorted() == Array(0..<count))
      if count == 1 {
        #expect(valid.count == 0)
        continue
      }
      let held = flat(valid)
      #expect(valid.count == 1 && held.count == max(count / 20, 1))
      #expect(held == Array(held[0]..<held[0] + held.count))
      #expect(train.arrays.allSatisfy { !$0.isEmpty } && flat(train) == flat(train).sorted())
      if count >= 40 { #expect(held[held.count - 1] < count - count / 10) }
    }
  }
}
