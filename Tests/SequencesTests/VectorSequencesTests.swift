import Sequences
import Testing

/// Sequences of vectors, and missing elements of any kind.
@Suite struct VectorSequencesTests {
  let arrays = [[[0.5, 1], [-0.0, 2]], [], [[3, 4], [5, 6], [7, 8]]]

  @Test func theyHoldTheirVectors() {
    let set = VectorSequences(arrays, width: 2)
    #expect(set.count == 3 && set.elementCount == 5 && set.longest == 3 && set.rows.kind == .vectors(.reals, width: 2))
    #expect((0..<3).map { Array(set[$0]) } == arrays)
    #expect(Array(set.slice(2, 1..<3)) == [[5, 6], [7, 8]])
    #expect(Array(set.selecting([2, 1])[0]) == arrays[2])
  }

  @Test func contentIsHashed() {
    let set = VectorSequences(arrays, width: 2)
    var others = arrays
    others[0][1][0] = 0
    #expect(set.contentHash == VectorSequences(others, width: 2).contentHash)
    others[2][0][1] = 4.5
    #expect(set.contentHash != VectorSequences(others, width: 2).contentHash)
    #expect(VectorSequences(others + others, width: 2).countOfDistinctSequences == 3)
    #expect(set.countOfSequences(alsoIn: VectorSequences(others, width: 2)) == 2)
  }

  /// What is missing goes with its element, in symbols as in vectors.
  @Test func missingElementsKeepTheirPlaces() {
    let symbols = SequenceSet([[0, 1, 1], [], [2, 0]], alphabetSize: 3, missing: [1, 3])
    #expect(symbols.missing == [1, 3])
    #expect(symbols.selecting([2, 0, 2]).missing == [0, 3, 5])
    #expect(symbols.windows(2).missing == [1, 2, 4])
    #expect(symbols.contentHash != SequenceSet([[0, 1, 1], [], [2, 0]], alphabetSize: 3).contentHash)
    let vectors = VectorSequences(arrays, width: 2, missing: [4])
    #expect(vectors.selecting([2]).missing == [2] && vectors.selecting([0]).missing.isEmpty)
  }
}
