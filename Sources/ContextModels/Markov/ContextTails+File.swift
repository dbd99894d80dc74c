import ModelCore
import Sequences

extension ContextTails {
  func write(to file: inout TensorFile) {
    file.set("tails.text", text.symbols)
    file.set("tails.places", places)
    if !text.times.isEmpty { file.set("tails.times", text.times) }
    if !text.lengths.isEmpty { file.set("tails.lengths", text.lengths) }
  }

  /// `nil` where all contexts are in the tree.
  /// - Throws: `ModelFileError`.
  init?(from file: TensorFile, _ tree: LabelledTree, _ path: ContextPath, _ shape: OutputShape) throws {
    guard file.tensors["tails.text"] != nil else { return nil }
    let symbols = try file.int32s("tails.text")
    let places = try file.int32s("tails.places")
    let times = path.time == .none ? [] : try file.int32s("tails.times")
    let lengths = path.hasLengthInput ? try file.int32s("tails.lengths") : []
    // Symbols, the start mark, and an end mark that no context reaches.
    guard symbols.first.map({ Int($0) == path.startMark }) ?? true,
      symbols.allSatisfy({ $0 >= 0 && Int($0) <= path.startMark + 1 }),
      [times, lengths].allSatisfy({ $0.isEmpty || $0.count == symbols.count })
    else { throw ModelFileError.inconsistent("tails.text is no text of the model's alphabet") }
    guard places.count == tree.count,
      places.allSatisfy({ $0 >= -1 && Int($0) < symbols.count }),
      path.time == .none || times.count == symbols.count,
      !path.hasLengthInput || lengths.count == symbols.count
    else { throw ModelFileError.inconsistent("tails.places does not name positions in tails.text") }
    self.init(
      Text(
        symbols: FlatArray(symbols), times: FlatArray(times), lengths: FlatArray(lengths), order: path.order,
        startMark: Int32(path.startMark)), places)
    guard continues(tree) else {
      throw ModelFileError.inconsistent("tails.places names positions in tails.text where other contexts stand")
    }
  }

  /// Whether each position is one before which its node's context stands, and more than that.
  /// - Complexity: O(nodes × their depth).
  private func continues(_ tree: LabelledTree) -> Bool {
    let parents = tree.parents
    for (depth, level) in tree.levels.enumerated() {
      for node in level {
        guard let place = place(of: node) else { continue }
        guard self.depth(at: place) > depth else { return false }
        var above = node
        for level in stride(from: depth - 1, through: 0, by: -1) {
          guard label(level, at: place) == Int(tree.labels[above]) else { return false }
          above = Int(parents[above])
        }
      }
    }
    return true
  }
}
