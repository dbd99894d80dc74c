import Probability
import Support

/// Uniform noise on rounded numbers (dequantisation): y + w (u − ½), u uniform on [0, 1), w the width of the noise.
///
/// Numbers on a lattice have only finitely many values, and a density may rise at these without bound. With noise as wide as
/// the lattice's step w, the mean log-density plus log w is at most the log-probability of the rounded number, so that densities
/// compare again (Theis, van den Oord, Bethge 2016, §3.1). The noise of a sequence is a function of its numbers alone: equal
/// sequences stay equal.
public enum Jitter: Sendable, Hashable {
  /// As wide as each column's lattice (`ColumnSummary.step`); columns that lie on none are left as they are.
  case lattice
  /// Of this width in all columns, in their units.
  case width(Double)
}

extension VectorDataset {
  /// The data with noise, also the parts that the file names. O(n log n) for n numbers.
  /// - Parameter train: the data to train on, whose widths of the noise are taken; else the data's own.
  /// - Returns: the data, with the widths in `jitter`; those of other values than real numbers are left as they are.
  public func jittered(_ jitter: Jitter, like train: VectorDataset? = nil) -> VectorDataset {
    guard columns.values == .reals else { return self }
    var result = self
    result.jitter = train?.jitter ?? widths(jitter)
    result.sequences = sequences.jittered(result.jitter)
    result.parts = parts.map { SequencePart(name: $0.name, sequences: $0.sequences.jittered(result.jitter)) }
    return result
  }

  private func widths(_ jitter: Jitter) -> [Double] {
    switch jitter {
    case .lattice:
      let steps = sequences.columnSummaries(columns).map { $0.step ?? 0 }
      return steps.isEmpty ? Array(repeating: 0, count: columns.width) : steps
    case .width(let width): return Array(repeating: width, count: columns.width)
    }
  }
}

extension VectorSequences {
  /// Noise of these widths, a width for each component; a number that noise would carry out of the finite ones stays.
  fileprivate func jittered(_ widths: [Double]) -> VectorSequences {
    var values = rows.values
    for sequence in 0..<count {
      let range = firstRow(sequence)..<firstRow(sequence) + length(sequence)
      var stream = RandomStream(seed: rows.hash(range, after: FNV1a().value), purpose: "jitter")
      for index in range.lowerBound * rows.width..<range.upperBound * rows.width {
        let width = widths[index % rows.width]
        let moved = width > 0 ? values[index] + width * (stream.uniform() - 0.5) : values[index]
        if moved.isFinite { values[index] = moved }
      }
    }
    return replacing { _ in VectorRows(width: rows.width, values, rows.valueKind) }
  }
}
