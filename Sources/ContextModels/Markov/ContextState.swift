import ModelCore
import Sequences

/// A walk's place in a tree of contexts.
package struct ContextState: Sendable {
  /// The last symbols, at most k of them, the newest first.
  fileprivate(set) var recent: [Symbol] = []
  /// Those of their contexts that occurred, from the empty one outwards.
  private(set) var contexts: [Int32] = []

  /// The longest context that occurred.
  var longest: Int { Int(contexts.last ?? 0) }

  /// Before the first element.
  init(_ path: ContextPath, _ tree: LabelledTree, _ inputs: StepInputs) {
    recent.reserveCapacity(path.order)
    contexts.reserveCapacity(path.order + 2)
    find(path, tree, inputs)
  }

  /// Past an element; `inputs` are those of the next step.
  mutating func advance(past element: Symbol, _ path: ContextPath, _ tree: LabelledTree, _ inputs: StepInputs) {
    if path.order > 0 {
      if recent.count == path.order { recent.removeLast() }
      recent.insert(element, at: 0)
    }
    find(path, tree, inputs)
  }

  private mutating func find(_ path: ContextPath, _ tree: LabelledTree, _ inputs: StepInputs) {
    contexts.removeAll(keepingCapacity: true)
    contexts.append(0)
    // Beyond k symbols a context does not know how many there were.
    let isFull = recent.count == path.order
    let time = isFull ? max(inputs.time, path.order) : recent.count
    let length = inputs.length ?? 0
    var node = 0
    for level in 0..<path.depth(time: time) {
      let label = path.label(level, time: time, length: length) { recent[$0 - 1] }
      guard let next = tree.child(of: node, along: label) else { return }
      node = next
      contexts.append(Int32(node))
    }
  }
}
