import ModelCore
import Sequences

/// Which parents a Markov conditional of order k has, from the nearest outwards: y(t−1), y(t−2), …, y(t−k); a start
/// mark in place of the first parent that is not there, so that contexts shorter than k are contexts of their own; then
/// t and the length input, as far as there are any. Smoothers shorten a context from its far end.
package struct ContextPath: Sendable, Hashable {
  /// k, the symbols of context; an n-gram of it has k + 1.
  package let order: Int
  package let time: NumberEncoding
  package let hasLengthInput: Bool
  /// The label of the start mark: one past the symbols.
  package let startMark: Int

  package init(order: Int, time: NumberEncoding = .none, shape: OutputShape) {
    self.order = order
    self.time = time
    hasLengthInput = shape.hasLengthInput
    startMark = shape.alphabetSize
  }

  /// Whether the parents are symbols alone, as those of n-grams are.
  var isOfSymbols: Bool { others == 0 }

  /// The parents that are not symbols.
  var others: Int { (time == .none ? 0 : 1) + (hasLengthInput ? 1 : 0) }

  /// The most labels of a context.
  var longest: Int { order + others }

  /// Whether labels are those of a whole context: k symbols, or fewer and a start mark behind them, and then the others.
  func isContext(_ labels: ArraySlice<UInt32>) -> Bool {
    let symbols = labels.dropLast(others)
    guard labels.count >= others, symbols.count <= order, symbols.dropLast().allSatisfy({ $0 < startMark }) else {
      return false
    }
    return symbols.last.map { $0 == startMark || $0 < startMark && symbols.count == order } ?? (order == 0)
  }

  /// The number of labels of the context after t elements.
  func depth(time: Int) -> Int { min(time + 1, order) + others }

  /// Label number `level` of the context after t elements.
  /// - Parameter symbol: y(t − i) for i ≥ 1.
  @inline(__always)
  func label(_ level: Int, time: Int, length: Int, symbol: (_ back: Int) -> Int) -> Int {
    let symbols = min(time + 1, order)
    if level < symbols { return level < time ? symbol(level + 1) : startMark }
    return level == symbols && self.time != .none ? self.time.label(time) : length
  }
}
