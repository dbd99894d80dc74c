import ModelCore

/// What a context does with the answer P of the next shorter one, in numbers alone: an outcome counted c times has
///
///     mass(c) + weight · P(outcome),   mass(c) = (keep · c − D(c)) / divisor
///
/// with D(c) as in `SmoothingRule`. The stop variable, where there is one, has masses of "stop" and "continue" and a weight.
struct DiscountRow: Hashable {
  var discount = Discount()
  var divisor = 1.0
  /// 1 where the context says nothing.
  var weight = 1.0
  var stop = StopShare()

  /// What outcomes lose of their counts.
  struct Discount: Hashable, Sendable, BitwiseCopyable {
    var keep = 1.0
    var one = 0.0
    var two = 0.0
    var three = 0.0

    /// What is left of a count.
    @inline(__always) func left(of count: Double) -> Double {
      let hat = Hat(count)
      return max(keep * count - (one * hat.one + two * hat.two + three * hat.three), 0)
    }
  }

  struct StopShare: Hashable, Sendable, BitwiseCopyable {
    var stop = 0.0
    var continuing = 0.0
    var weight = 1.0
  }

  init() {}

  init(_ rule: SmoothingRule, _ context: ContextStatistics) {
    discount = Discount(
      keep: 1 - rule.proportion, one: rule.discounts.one, two: rule.discounts.two, three: rule.discounts.three)
    divisor = context.total + rule.strength
    weight = rule.weight(context)
  }

  /// As a file has it.
  var row: [Double] {
    [
      discount.keep, discount.one, discount.two, discount.three, divisor, weight, stop.stop, stop.continuing,
      stop.weight,
    ]
  }

  static let width = 9
}

/// Many rules, as queries want them: few discounts are different, and what differs is small enough for the processor's
/// caches.
struct DiscountRows: Sendable {
  struct Share: Sendable, BitwiseCopyable {
    var divisor: Double
    var weight: Double
    /// Which discount.
    var discount: Int
  }

  let shares: [Share]
  let discounts: [DiscountRow.Discount]
  let stops: [DiscountRow.StopShare]

  /// - Parameter rows: those of a file.
  /// - Throws: `ModelFileError` where a number is none, or no share of anything.
  init(rows: UnsafeBufferPointer<Double>) throws {
    var shares: [Share] = []
    var discounts = Numbering<DiscountRow.Discount>()
    var stops: [DiscountRow.StopShare] = []
    for row in stride(from: 0, to: rows.count - DiscountRow.width + 1, by: DiscountRow.width) {
      let isShare = { (column: Int) in rows[row + column] >= 0 && rows[row + column] <= 1 + 1e-9 }
      // Not a number is no share.
      guard [0, 5, 6, 7, 8].allSatisfy(isShare), (1...3).allSatisfy({ rows[row + $0] >= 0 && rows[row + $0] < 0x1p53 }),
        rows[row + 4] > 1e-9, rows[row + 4] < 0x1p100
      else { throw ModelFileError.inconsistent("query.rules holds a number that is no share or count") }
      let discount = DiscountRow.Discount(keep: rows[row], one: rows[row + 1], two: rows[row + 2], three: rows[row + 3])
      shares.append(Share(divisor: rows[row + 4], weight: rows[row + 5], discount: discounts.number(of: discount)))
      stops.append(DiscountRow.StopShare(stop: rows[row + 6], continuing: rows[row + 7], weight: rows[row + 8]))
    }
    self.shares = shares
    self.discounts = discounts.values
    self.stops = stops
  }
}
