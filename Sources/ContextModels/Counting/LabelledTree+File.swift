import ModelCore
import Sequences

/// What every file with a tree of contexts and entries in them must keep to.
extension LabelledTree {
  /// The tree of contexts in a file.
  /// - Throws: `ModelFileError` where it is none, or not of such contexts.
  init(contextsFrom file: TensorFile, _ path: ContextPath) throws {
    guard
      let tree = LabelledTree(
        labels: FlatArray(try file.int32s("contexts.labels")),
        firstChild: FlatArray(try file.int32s("contexts.children")))
    else { throw ModelFileError.inconsistent("contexts.children is not a tree") }
    guard tree.holdsContexts(order: path.order, startMark: path.startMark, others: path.others) else {
      throw ModelFileError.inconsistent("contexts.labels holds what is no context of the model's order and alphabet")
    }
    self = tree
  }

  /// The rows of the contexts in a file.
  /// - Parameter name: what the tensors' names begin with.
  /// - Throws: `ModelFileError` where entries are not divided among the contexts, or a row's outcomes do not rise within the
  ///   alphabet.
  func rows(from file: TensorFile, _ name: String, _ shape: OutputShape) throws -> SparseRows {
    let rows = SparseRows(
      firstEntry: FlatArray(try file.counts("\(name).first", count: count + 1)),
      outcomes: FlatArray(try file.int32s("\(name).outcomes")))
    if let wrong = rows.checkInvariants(count: count, below: shape.outcomes) {
      throw ModelFileError.inconsistent("\(name).first and \(name).outcomes: \(wrong)")
    }
    return rows
  }
}
