import Sequences
import Testing

/// Noise on rounded numbers, against what it is to do.
@Suite struct JitterTests {
  private func dataset(_ sequences: [[[Double]]], _ values: ElementKind.Values = .reals) -> VectorDataset {
    let set = VectorSequences(sequences, width: 2, values)
    return VectorDataset(sequences: set, schema: Columns(values, width: 2), name: "data", format: "jsonl")
  }

  /// One column on a lattice of a quarter, the other on none.
  private var quarters: VectorDataset {
    dataset([(0..<400).map { [Double($0 * $0 % 7) / 4, Double($0).squareRoot()] }, []])
  }

  @Test func latticesAreFilledEvenly() throws {
    let moved = quarters.jittered(.lattice)
    #expect(moved.jitter.count == 2 && abs(moved.jitter[0] - 0.25) < 1e-12 && moved.jitter[1] == 0)
    let shifts = zip(moved.sequences[0], quarters.sequences[0]).map { (new: [Double], old: [Double]) in
      (new[0] - old[0], new[1] - old[1])
    }
    for shift in shifts { #expect(abs(shift.0) <= 0.125 + 1e-12 && shift.1 == 0) }
    // The variance of uniform noise is w²/12; 400 draws have a standard error of it of 4.5 %.
    let variance = shifts.reduce(0) { $0 + $1.0 * $1.0 } / 400
    #expect(abs(variance / (0.0625 / 12) - 1) < 0.2)
    let different = Set(shifts.map { $0.0 }).count
    #expect(different > 390)
    #expect(moved.sequences.length(1) == 0)
  }

  @Test func theSameDataAreMovedTheSameWay() {
    #expect(quarters.jittered(.lattice).sequences.rows.values == quarters.jittered(.lattice).sequences.rows.values)
    let other = dataset([[[0, 1], [0.5, 2]]]).jittered(.lattice, like: quarters.jittered(.lattice))
    #expect(other.jitter == quarters.jittered(.lattice).jitter)
    #expect(other.sequences[0][0] != [0, 1] && other.sequences[0][0][1] == 1)
  }

  /// So that a test sequence that also occurs in the training data is still known as one.
  @Test func equalSequencesStayEqual() {
    let sequence = [[0, 1], [0.5, 2], [0.25, 3]]
    let moved = dataset([sequence, [[1, 1]], sequence]).jittered(.width(0.1)).sequences
    #expect(Array(moved[0]) == Array(moved[2]) && Array(moved[0]) != sequence)
  }

  @Test func partsAreMovedToo() {
    var data = quarters
    data.parts = [SequencePart(name: "test", sequences: quarters.sequences)]
    let moved = data.jittered(.width(0.1))
    #expect(moved.jitter == [0.1, 0.1])
    #expect(moved.parts[0].sequences.rows.values == moved.sequences.rows.values)
  }

  @Test func numbersStayFiniteAndCountsWhole() {
    let huge = dataset([[[.greatestFiniteMagnitude, 1]]]).jittered(.width(1e308))
    let areFinite = huge.sequences.rows.values.allSatisfy { $0.isFinite }
    #expect(areFinite)
    let counts = dataset([[[3, 1]]], .counts).jittered(.lattice)
    #expect(counts.jitter.isEmpty && counts.sequences[0][0] == [3, 1])
    #expect(dataset([]).jittered(.lattice).jitter == [0, 0])
    #expect(dataset([[[2, 2], [2, 3]]]).jittered(.lattice).jitter[0] == 0)
  }
}
