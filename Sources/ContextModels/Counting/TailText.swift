import ModelCore
import Sequences

/// The text of a part of the data in which contexts may be read: sequences behind start marks, as `NGramBlock` lays them out.
struct TailText: Sendable, Hashable {
  let symbols: FlatArray<Int32>
  /// The labels of t and of the length at each position; empty where they are no parents.
  let times: FlatArray<Int32>
  let lengths: FlatArray<Int32>

  /// The text of a block.
  /// - Parameter start: the first position that the block before does not hold.
  init(_ events: NGramBlock.Events, from start: Int, _ scratch: Scratch?) {
    func copy(_ labels: UnsafeBufferPointer<UInt32>) -> FlatArray<Int32> {
      var copy = FlatBuffer<Int32>(capacity: max(labels.count - start, 0), scratch: scratch)
      for label in labels.dropFirst(start) { copy.append(Int32(truncatingIfNeeded: label)) }
      return copy.finished()
    }
    (symbols, times, lengths) = (copy(events.symbols), copy(events.times), copy(events.lengths))
  }

  /// Joins the texts of successive parts.
  init(joining parts: [TailText], _ scratch: Scratch?) {
    func joined(_ labels: (TailText) -> FlatArray<Int32>) -> FlatArray<Int32> {
      if parts.count == 1 { return labels(parts[0]) }
      var all = FlatBuffer<Int32>(scratch: scratch)
      for part in parts { all.append(labels(part).buffer) }
      return all.finished()
    }
    (symbols, times, lengths) = (joined(\.symbols), joined(\.times), joined(\.lengths))
  }

  /// Whether the last label of a path stands at a position, behind the labels of a whole context before it.
  func holds(_ path: ArraySlice<UInt32>, at position: Int, startMark: Int) -> Bool {
    guard position < symbols.count, let outcome = path.last else { return false }
    var context = path.dropLast()
    for others in [lengths, times] where !others.isEmpty {
      guard let label = context.popLast(), Int(label) == Int(others[position]) else { return false }
    }
    return Int(symbols[position]) != startMark && Int(outcome) == min(Int(symbols[position]), startMark)
      && context.count <= position
      && context.enumerated().allSatisfy { Int($1) == Int(symbols[position - 1 - $0]) }
  }

  /// Writes the tensors `owner.text`, `owner.times` and `owner.lengths`.
  func write(to file: inout TensorFile, _ owner: String) {
    file.set("\(owner).text", symbols)
    if !times.isEmpty { file.set("\(owner).times", times) }
    if !lengths.isEmpty { file.set("\(owner).lengths", lengths) }
  }

  /// Reads and checks them.
  /// - Throws: `ModelFileError`.
  init(from file: TensorFile, _ owner: String, _ path: ContextPath) throws {
    symbols = FlatArray(try file.int32s("\(owner).text"))
    times = path.time == .none || symbols.isEmpty ? [] : FlatArray(try file.int32s("\(owner).times"))
    lengths = !path.hasLengthInput || symbols.isEmpty ? [] : FlatArray(try file.int32s("\(owner).lengths"))
    // Symbols, the start mark, and an end mark that no context reaches.
    guard symbols.first.map({ Int($0) == path.startMark }) ?? true,
      symbols.allSatisfy({ $0 >= 0 && Int($0) <= path.startMark + 1 }), symbols.count < Int32.max,
      path.time == .none || times.count == symbols.count, !path.hasLengthInput || lengths.count == symbols.count
    else { throw ModelFileError.inconsistent("\(owner).text is no text of the model's alphabet") }
  }
}
