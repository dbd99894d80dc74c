/// Numbers of offspring whose expectations are count · share, each off by less than 1 (systematic resampling; Kitagawa
/// 1996): points at equal distances, of which the first is random, are laid over the cumulative shares.
struct SystematicAllocation {
  private let count: Double
  private let offset: Double
  private var sum = 0.0
  private var given = 0

  /// - Parameters:
  ///   - count: the number of offspring.
  ///   - offset: uniform in [0, 1).
  init(_ count: Int, offset: Double) { (self.count, self.offset) = (Double(count), offset) }

  /// The number of offspring of the next share; the shares add up to 1.
  /// - Parameter isLast: whether no positive share follows: it takes what rounding has left.
  mutating func next(_ share: Double, isLast: Bool) -> Int {
    sum += share
    let until = isLast ? Int(count) : min(max(Int((count * sum - offset).rounded(.up)), given), Int(count))
    defer { given = until }
    return until - given
  }
}
