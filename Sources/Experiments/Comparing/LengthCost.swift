import Inference
import Models
import Sequences

/// What a model that decides after each element whether to stop spends on the lengths of the test set, where a table of
/// lengths, which `/tau` draws from, would spend clearly less: lengths that are constant or vary little.
public struct LengthCost: Sendable {
  /// The row of the model, the best of those that do not draw the length first.
  public let row: Int
  /// Nats a test sequence that go to its length.
  public let spent: Double
  /// Nats a sequence by the smoothed table of the training set's lengths.
  public let needed: Double
  /// From the 5 % to the 95 % quantile of the training set's lengths.
  public let range: ClosedRange<Int>
  /// Whether all sequences of the training set have one length.
  public let isConstant: Bool

  /// Nats a sequence that are worth a remark.
  private static let clear = 0.5

  /// `nil` where there is nothing to gain, or where a model that draws the length first is chosen already.
  public init?(_ comparison: Comparison, _ parts: Parts<some RowStorage>) {
    let rows = comparison.rows
    func drawsLength(_ row: Int) -> Bool { rows[row].specification.length.prior != nil }
    if let best = comparison.best, drawsLength(best) { return nil }
    let candidates = rows.indices.filter { !drawsLength($0) && rows[$0].test.nats.isFinite }
    guard let row = candidates.min(by: { rows[$0].choosingNats < rows[$1].choosingNats }), parts.test.count > 1,
      parts.train.count > 1
    else { return nil }
    let table = LengthTable(fitting: parts.train)
    let count = Double(parts.test.count)
    needed = (0..<parts.test.count).reduce(0) { $0 - table.logProbability(parts.test.length($1)) } / count
    spent = rows[row].test.natsLength / count
    guard spent - needed > Self.clear else { return nil }
    self.row = row
    let lengths = (0..<parts.train.count).map { parts.train.length($0) }.sorted()
    isConstant = lengths.first == lengths.last
    range = lengths[lengths.count / 20]...lengths[lengths.count - 1 - lengths.count / 20]
  }
}
