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

  /// Checks that entries are divided among the contexts, and that the outcomes of each rise within the alphabet.
  /// - Parameters:
  ///   - firstEntry: as many as there are contexts, and one more.
  ///   - name: what the tensors' names begin with.
  /// - Throws: `ModelFileError`.
  func checkEntries(_ firstEntry: [Int], _ outcomes: [Int32], _ shape: OutputShape, of name: String) throws {
    guard firstEntry[0] == 0, firstEntry[count] == outcomes.count,
      zip(firstEntry, firstEntry.dropFirst()).allSatisfy({ $0 <= $1 })
    else { throw ModelFileError.inconsistent("\(name).first does not divide the \(name) among the contexts") }
    for node in 0..<count {
      var previous: Int32 = -1
      for entry in firstEntry[node]..<firstEntry[node + 1] {
        guard outcomes[entry] > previous, Int(outcomes[entry]) < shape.outcomes else {
          throw ModelFileError.inconsistent("\(name).outcomes of context \(node) do not rise within the alphabet")
        }
        previous = outcomes[entry]
      }
    }
  }
}
