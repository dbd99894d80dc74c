import Sequences

/// Which parents a Markov conditional of order k has, from the nearest outwards: y(t−1), y(t−2), …, y(t−k); a start
/// mark in place of the first parent that is not there, so that contexts shorter than k are contexts of their own; and
/// the length input, if there is one, at a fixed place. Smoothers shorten a context from its far end.
struct ContextPath: Sendable, Hashable {
  /// k, the symbols of context; an n-gram of it has k + 1.
  let order: Int
  let hasLengthInput: Bool
  /// The label of the start mark: one past the symbols.
  let startMark: Int

  /// How many symbols stand nearer than the length input.
  private static let symbolsBeforeLength = 1

  init(order: Int, shape: OutputShape) {
    self.order = order
    hasLengthInput = shape.hasLengthInput
    startMark = shape.alphabetSize
  }

  /// The number of labels of the context after t elements.
  func depth(time: Int) -> Int { min(time + 1, order) + (hasLengthInput ? 1 : 0) }

  /// Label number `level` of the context after t elements.
  /// - Parameter symbol: y(t − i) for i ≥ 1.
  @inline(__always)
  func label(_ level: Int, time: Int, length: Int, symbol: (_ back: Int) -> Int) -> Int {
    var back = level + 1
    if hasLengthInput {
      let place = min(Self.symbolsBeforeLength, min(time + 1, order))
      if level == place { return length }
      if level > place { back -= 1 }
    }
    return back <= time ? symbol(back) : startMark
  }
}
