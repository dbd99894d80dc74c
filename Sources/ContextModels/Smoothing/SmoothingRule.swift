import Foundation

/// What a smoother takes from the counts of one context. Of N counted in all, an outcome counted c times keeps
///
///     mass(c) = (c − a c − D(c)) / (N + θ),   and   weight = (a N + Σ D + θ) / (N + θ)
///
/// is free for the next shorter context. D(c) is 0, D1, D2, D3 at c = 0, 1, 2, 3, straight between them (counts may be
/// fractions) and D3 beyond.
public struct SmoothingRule: Sendable {
  /// D1, D2, D3, each at most as large as its count.
  public var discounts: (one: Double, two: Double, three: Double)
  /// a, from 0 to 1.
  public var proportion: Double
  /// θ ≥ 0: counts that the shorter context is worth.
  public var strength: Double

  /// A rule; one that takes nothing without any of them.
  public init(
    discounts: (one: Double, two: Double, three: Double) = (0, 0, 0), proportion: Double = 0, strength: Double = 0
  ) {
    (self.discounts, self.proportion, self.strength) = (discounts, proportion, strength)
  }

  /// One discount for all counts.
  init(discount: Double, strength: Double = 0) {
    self.init(discounts: (discount, discount, discount), strength: strength)
  }

  @inline(__always)
  func mass(_ count: Double, _ context: ContextStatistics) -> Double {
    let hat = Hat(count)
    let discount = discounts.one * hat.one + discounts.two * hat.two + discounts.three * hat.three
    return (count - proportion * count - discount) / (context.total + strength)
  }

  @inline(__always)
  func weight(_ context: ContextStatistics) -> Double {
    let discounted =
      discounts.one * context.hats.one + discounts.two * context.hats.two + discounts.three * context.hats.three
    return (proportion * context.total + discounted + strength) / (context.total + strength)
  }
}

/// How a count is shared among the counts 1, 2, and 3 and more, for what is linear between them.
struct Hat: Sendable, BitwiseCopyable {
  var one = 0.0
  var two = 0.0
  var three = 0.0

  init() {}

  @inline(__always)
  init(_ count: Double) {
    if count >= 3 {
      three = 1
    } else if count >= 2 {
      two = 3 - count
      three = count - 2
    } else if count >= 1 {
      one = 2 - count
      two = count - 1
    } else {
      one = count
    }
  }

  @inline(__always)
  mutating func add(_ other: Hat, times sign: Double = 1) {
    one += sign * other.one
    two += sign * other.two
    three += sign * other.three
  }
}

/// What smoothers look at in a context.
public struct ContextStatistics: Sendable, BitwiseCopyable {
  /// N, the sum of the counts.
  public var total = 0.0
  /// T, the number of distinct outcomes; one that is counted less than once is a fraction of one.
  public var kinds = 0.0
  /// Outcomes counted once, twice, three times or more often.
  var hats = Hat()

  @inline(__always)
  mutating func add(_ count: Double) {
    total += count
    kinds += min(count, 1)
    hats.add(Hat(count))
  }

  /// Puts a smaller count in place of one; 0 takes the outcome out.
  mutating func replace(_ count: Double, with smaller: Double) {
    total += smaller - count
    kinds += min(smaller, 1) - min(count, 1)
    hats.add(Hat(count), times: -1)
    hats.add(Hat(smaller))
  }
}

/// The counts of one order: how many outcomes, in any context, were counted once, twice, …
public struct OrderCounts: Sendable {
  /// n1 … n4 at 1 … 4.
  public let n: [Double]

  /// - Parameter more: how many more were counted 0 to 4 times, or nothing.
  init(_ counts: some Sequence<Double>, and more: [Int] = []) {
    var n = more.isEmpty ? [0.0, 0, 0, 0, 0] : more.map(Double.init)
    for count in counts where count < 5 {
      // What lies between whole numbers is shared by both.
      let whole = Int(count)
      let fraction = count - Double(whole)
      n[whole] += 1 - fraction
      if whole < 4 { n[whole + 1] += fraction }
    }
    self.n = n
  }

  /// Kneser and Ney's discount, n1 / (n1 + 2 n2); `nil` where there is none strictly between 0 and 1.
  var discount: Double? { n[1] > 0 && n[2] > 0 ? n[1] / (n[1] + 2 * n[2]) : nil }

  /// D, and the factor f of a strength f T: a discount in closed form; where there is none, 0.75; and where no small
  /// counts tell what has not been seen, Witten and Bell's share of it.
  var discountOrSubstitute: (discount: Double, factor: Double, fallback: String?) {
    if let discount { return (discount, 0, nil) }
    let missing = "no outcome has count \(n[1] == 0 ? 1 : 2)"
    guard n[1...4].contains(where: { $0 > 0 }) else {
      return (0, 1, "Witten–Bell (no outcome is rare enough to estimate Kneser–Ney's discounts; harmless)")
    }
    return (0.75, 0, "a fixed discount of 0.75 (\(missing), from which Kneser–Ney's would be estimated)")
  }
}

/// Where a parameter may lie, and the coordinate in which it is tuned: any number means one within.
public enum ParameterRange: Sendable, Equatable {
  /// Strictly between two bounds.
  case interval(Double, Double)
  /// Above 0; tuned as a logarithm, from 1e−6 to 1e6.
  case positive

  /// The parameter at a coordinate.
  func value(_ coordinate: Double) -> Double {
    switch self {
    case .interval(let low, let high): return low + (high - low) / (1 + exp(-min(max(coordinate, -12), 12)))
    case .positive: return exp(min(max(coordinate, log(1e-6)), log(1e6)))
    }
  }

  /// The coordinate of a parameter.
  func coordinate(_ value: Double) -> Double {
    switch self {
    case .interval(let low, let high):
      let share = min(max((value - low) / (high - low), 1e-5), 1 - 1e-5)
      return log(share / (1 - share))
    case .positive: return log(min(max(value, 1e-6), 1e6))
    }
  }
}
