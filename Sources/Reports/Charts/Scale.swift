import Foundation

/// An axis: values on a line of the drawing, linear or logarithmic, with ticks at round numbers.
struct Scale {
  /// The ends, as logarithms where the axis is logarithmic.
  private let low: Double
  private let high: Double
  /// The ends in the drawing.
  private let start: Double
  private let end: Double
  let isLogarithmic: Bool
  /// Whether ticks are at whole numbers alone.
  private let isWhole: Bool

  /// An axis that holds all values that can be drawn on it, with a margin.
  /// - Parameters:
  ///   - fromZero: whether 0 is on it.
  ///   - isWhole: whether ticks are at whole numbers alone.
  ///   - margin: a part of the range that is added at both ends, but not below a zero.
  init(
    of values: [Double], from start: Double, to end: Double, isLogarithmic: Bool = false, fromZero: Bool = false,
    isWhole: Bool = false, margin: Double = 0.05
  ) {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }.map { isLogarithmic ? log10($0) : $0 }
    var (low, high) = (usable.min() ?? 0, usable.max() ?? 1)
    if fromZero, !isLogarithmic { (low, high) = (min(low, 0), max(high, 0)) }
    if high - low <= 1e-12 * max(abs(low), abs(high)) {
      let room = isLogarithmic ? 0.5 : max(abs(low) * 0.1, 0.5)
      (low, high) = (fromZero && low == 0 ? 0 : low - room, high + room)
    }
    let room = margin * (high - low)
    self.low = fromZero && low == 0 && !isLogarithmic ? 0 : low - room
    self.high = high + room
    (self.start, self.end, self.isLogarithmic, self.isWhole) = (start, end, isLogarithmic, isWhole)
  }

  /// Where a value is drawn; `nil` where it cannot be.
  func position(_ value: Double) -> Double? {
    let value = isLogarithmic ? log10(value) : value
    guard value.isFinite else { return nil }
    return start + (value - low) / (high - low) * (end - start)
  }

  /// Whether a value lies between the ends.
  func holds(_ value: Double) -> Bool {
    let value = isLogarithmic ? log10(value) : value
    return value >= low && value <= high
  }

  /// A mark with its label.
  struct Tick {
    let position: Double
    let label: String
  }

  /// - Parameter wanted: about how many.
  func ticks(_ wanted: Int = 5) -> [Tick] {
    (isLogarithmic ? logarithmicTicks(wanted) : linearTicks(wanted)).compactMap { value, label in
      position(value).map { Tick(position: $0, label: label) }
    }
  }

  private func linearTicks(_ wanted: Int) -> [(Double, String)] {
    // The smallest round step that does not give many more ticks than wanted.
    let rough = (high - low) / (Double(max(wanted, 1)) + 1.5)
    let power = pow(10, log10(rough).rounded(.down))
    let round = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
    let step = isWhole ? max(round, 1) : round
    guard step > 0, step.isFinite else { return [] }
    let decimals = max(0, Int(-log10(step).rounded(.down)))
    let first = Int(min(max((low / step).rounded(.up), -1e15), 1e15))
    var ticks: [(Double, String)] = []
    for number in 0..<20 {
      let value = Double(first + number) * step
      if value > high + 1e-9 * step { break }
      ticks.append((value, Self.label(value, decimals: decimals)))
    }
    return ticks
  }

  private func logarithmicTicks(_ wanted: Int) -> [(Double, String)] {
    let (first, last) = (Int(max(low, -300).rounded(.down)), Int(min(high, 300).rounded(.up)))
    let decades = high - low
    let factors: [Double] = decades < 0.8 ? [1, 1.5, 2, 3, 5, 7] : decades < 2 ? [1, 2, 5] : [1]
    let every = max(1, Int((decades / Double(wanted)).rounded(.up)))
    var ticks: [(Double, String)] = []
    for power in first...max(first, last) where power % every == 0 {
      for factor in factors {
        let value: Double = factor * pow(10, Double(power))
        let logarithm = log10(value)
        if logarithm >= low - 1e-9, logarithm <= high + 1e-9 { ticks.append((value, Self.powerLabel(factor, power))) }
      }
    }
    return ticks
  }

  private static func label(_ value: Double, decimals: Int) -> String {
    if abs(value) >= 1e6 || decimals > 6 { return minus(String(format: "%.3g", value)) }
    if decimals == 0 { return minus(Numbers.count(Int(value.rounded()))) }
    return minus(String(format: "%.\(decimals)f", value))
  }

  private static func powerLabel(_ factor: Double, _ power: Int) -> String {
    if (0...4).contains(power) { return minus(String(format: "%g", factor * pow(10, Double(power)))).grouped }
    if (-3..<0).contains(power) { return String(format: "%g", factor * pow(10, Double(power))) }
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    let exponent = String("\(power)".compactMap { digits[$0] })
    return (factor == 1 ? "" : String(format: "%g·", factor)) + "10" + exponent
  }

  private static func minus(_ text: String) -> String { text.replacing("-", with: "−") }
}

extension String {
  /// Digits with a comma before each three.
  fileprivate var grouped: String { Int(self).map(Numbers.count) ?? self }
}
