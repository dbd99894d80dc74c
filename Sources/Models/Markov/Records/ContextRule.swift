/// What a context does with the answer P of the next shorter one, in numbers alone: an outcome counted c times has
///
///     mass(c) + weight · P(outcome),   mass(c) = (keep · c − D(c)) / divisor
///
/// with D(c) as in `SmoothingRule`. The stop variable, where there is one, has masses of "stop" and "go on" and a weight.
struct ContextRule: Hashable {
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
      return keep * count - (one * hat.one + two * hat.two + three * hat.three)
    }
  }

  struct StopShare: Hashable, Sendable, BitwiseCopyable {
    var stop = 0.0
    var goOn = 0.0
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
    [discount.keep, discount.one, discount.two, discount.three, divisor, weight, stop.stop, stop.goOn, stop.weight]
  }

  static let width = 9
}

/// Many rules, as queries want them: few discounts are different, and what differs is small enough for the processor's
/// caches.
struct ContextRules: Sendable {
  struct Share: Sendable, BitwiseCopyable {
    var divisor: Double
    var weight: Double
    /// Which discount.
    var discount: Int
  }

  let shares: [Share]
  let discounts: [ContextRule.Discount]
  let stops: [ContextRule.StopShare]

  /// - Parameter rows: those of a file; whatever they are, nothing but wrong figures comes of them.
  init(rows: UnsafeBufferPointer<Double>) {
    var shares: [Share] = []
    var numbers: [ContextRule.Discount: Int] = [:]
    var discounts: [ContextRule.Discount] = []
    var stops: [ContextRule.StopShare] = []
    for row in stride(from: 0, to: rows.count - ContextRule.width + 1, by: ContextRule.width) {
      let discount = ContextRule.Discount(
        keep: rows[row], one: rows[row + 1], two: rows[row + 2], three: rows[row + 3])
      let number = numbers[discount] ?? discounts.count
      if number == discounts.count {
        numbers[discount] = number
        discounts.append(discount)
      }
      shares.append(Share(divisor: rows[row + 4], weight: rows[row + 5], discount: number))
      stops.append(ContextRule.StopShare(stop: rows[row + 6], goOn: rows[row + 7], weight: rows[row + 8]))
    }
    self.shares = shares
    self.discounts = discounts
    self.stops = stops
  }
}
