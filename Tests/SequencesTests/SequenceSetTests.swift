import Probability
import Sequences
import Testing

@Suite struct SequenceSetTests {
  let set = SequenceSet([[0, 1, 1], [], [2]], alphabetSize: 3)

  @Test func itHoldsItsSequences() {
    #expect(set.count == 3)
    #expect(set.symbolCount == 4)
    #expect(set.longest == 3)
    #expect((0..<3).map { set.length($0) } == [3, 0, 1])
    #expect(set.arrays == [[0, 1, 1], [], [2]])
    #expect(set[0].startIndex == 0 && set[0].endIndex == 3 && set[0].last == 1)
    #expect(Array(set[0].reversed()) == [1, 1, 0])
    #expect(Array(set.slice(0, 1..<3)) == [1, 1])
    #expect(Array(set.slice(1, 0..<0)).isEmpty)
  }

  @Test func itMayBeEmpty() {
    let empty = SequenceSet([], alphabetSize: 0)
    #expect(empty.count == 0 && empty.symbolCount == 0 && empty.longest == 0)
    #expect(set.selecting([]).count == 0)
  }

  @Test func selectingCopiesInOrder() {
    let selected = set.selecting([2, 0, 0])
    #expect(selected.arrays == [[2], [0, 1, 1], [0, 1, 1]])
    #expect(selected.alphabetSize == 3)
  }

  /// Around the bounds of one, two and four bytes an element.
  @Test(arguments: [2, 256, 257, 65_536, 65_537, 1 << 33])
  func everyWidthHoldsTheLargestSymbol(size: Int) {
    let sequences = [[0, size - 1, 1], [size / 2], []]
    let set = SequenceSet(sequences, alphabetSize: size)
    #expect(set.arrays == sequences)
    #expect(set.selecting([1, 0]).arrays == [sequences[1], sequences[0]])
    #expect(set.contentHash == SequenceSet(sequences, alphabetSize: size + (1 << 40)).contentHash)
  }

  /// Beginnings pass from one byte to two and four.
  @Test func manySequencesKeepTheirPlaces() {
    let sequences = (0..<70_000).map { i in (0..<i % 5).map { (i + $0) % 7 } }
    let set = SequenceSet(sequences, alphabetSize: 7)
    #expect(set.arrays == sequences)
    #expect(set.symbolCount == 140_000)
    #expect(set.longest == 4)
  }

  /// Computed by another program (Python, with integers modulo 2^64).
  @Test func theHashIsFNV() {
    #expect(set.contentHash == 0xa99530c12f77cb17)
    #expect(SequenceSet([], alphabetSize: 9).contentHash == 0xcbf2_9ce4_8422_2325)
    #expect(
      SequenceSet([[0, 1], [1]], alphabetSize: 3).contentHash
        != SequenceSet([[0], [1, 1]], alphabetSize: 3).contentHash)
  }

  @Test func duplicatesAreCounted() {
    let other = SequenceSet([[2], [2], [0, 1]], alphabetSize: 300)
    #expect(set.countOfSequences(alsoIn: other) == 1)
    #expect(other.countOfSequences(alsoIn: set) == 2)
    #expect(set.countOfSequences(alsoIn: set) == 3)
    #expect(set.countOfSequences(alsoIn: SequenceSet([], alphabetSize: 3)) == 0)
  }

  /// Against Swift's own sets, over several growths of the table and with many sequences alike.
  @Test func distinctSequencesAreCounted() {
    #expect(SequenceSet([], alphabetSize: 1).countOfDistinctSequences == 0)
    #expect(SequenceSet([[], []], alphabetSize: 1).countOfDistinctSequences == 1)
    var stream = RandomStream(seed: 5)
    func sequences(_ count: Int) -> [[Symbol]] {
      (0..<count).map { _ in (0..<stream.next() % 7).map { _ in Int(stream.next() % 6) } }
    }
    let (some, others) = (sequences(40_000), sequences(3000))
    let (set, other) = (SequenceSet(some, alphabetSize: 6), SequenceSet(others, alphabetSize: 6))
    #expect(set.countOfDistinctSequences == Set(some).count)
    #expect(set.countOfSequences(alsoIn: other) == some.count(where: Set(others).contains))
    #expect(other.countOfSequences(alsoIn: set) == others.count(where: Set(some).contains))
  }
}
