/// What `RecurrentPass` says of each row, in nats.
struct RowLogProbabilities {
  /// log P of the row's target; 0 where there is none.
  var target: [Double] = []
  /// log s and log(1 − s) of its stop decision; left alone where the shape has none.
  var stop: [Double] = []
  var continuing: [Double] = []

  mutating func resize(_ rows: Int) {
    guard target.count < rows else { return }
    target = Array(repeating: 0, count: rows)
    stop = target
    continuing = target
  }
}
