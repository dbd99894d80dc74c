import ModelCore
import Sequences

extension ContextTails {
  func write(to file: inout TensorFile) {
    text.write(to: &file, "tails")
    file.set("tails.places", places)
  }

  /// `nil` where all contexts are in the tree.
  /// - Throws: `ModelFileError`.
  init?(from file: TensorFile, _ tree: LabelledTree, _ path: ContextPath, _ shape: OutputShape) throws {
    guard file.tensors["tails.text"] != nil else { return nil }
    let text = try TailText(from: file, "tails", path)
    let places = try file.int32s("tails.places")
    guard places.count == tree.count, places.allSatisfy({ $0 >= -1 && Int($0) < text.symbols.count }) else {
      throw ModelFileError.inconsistent("tails.places does not name positions in tails.text")
    }
    self.init(text, places, order: path.order, startMark: path.startMark)
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
