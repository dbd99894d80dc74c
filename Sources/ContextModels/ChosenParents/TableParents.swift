import GraphicalModel
import ModelCore
import Sequences

/// The parents of y(t) in a table of one's own: earlier elements and inputs. A smoother drops them from the end of the
/// list. In a word `y1+y7`, `x0+y2`, or `none`.
package struct TableParents: Sendable, Hashable {
  package enum Parent: Sendable, Hashable {
    /// y(t − lag), of which the lag is at least 1.
    case element(lag: Int)
    /// x(t − lag).
    case input(lag: Int)
  }

  package let list: [Parent]
  /// How many values x has where it is one number: 0, 1, …, values − 1. A longer vector is one-hot.
  package let inputValues: Int

  static let mostLag = 1000
  static let most = 32

  /// - Throws: `SpecificationError`.
  init(_ text: String, inputValues: Int?, owner: String) throws {
    let parts = text == "none" ? [] : text.split(separator: "+", omittingEmptySubsequences: false)
    try self.init(
      parts.map { part in
        guard let lag = Int(part.dropFirst()), lag >= 0, lag <= Self.mostLag, part.dropFirst().allSatisfy(\.isNumber)
        else { throw Self.unreadable(part, owner) }
        switch part.first {
        case "y": return .element(lag: lag)
        case "x": return .input(lag: lag)
        default: throw Self.unreadable(part, owner)
        }
      }, inputValues: inputValues ?? Self.defaultInputValues, owner: owner)
    if inputValues != nil, !readsInputs {
      throw SpecificationError.malformed("\(owner): inputs= is the number of values of x, which is no parent")
    }
  }

  init(_ list: [Parent], inputValues: Int = defaultInputValues, owner: String) throws {
    self.list = list
    self.inputValues = inputValues
    guard Set(list).count == list.count, list.count <= Self.most else {
      throw SpecificationError.malformed("\(owner): parents=\(word): they must be different, and at most \(Self.most)")
    }
    do {
      try DirectedTemplate([DirectedTemplate.Node("y", .random, domain: .values(2), parents: elementParents)])
        .validate()
    } catch {
      throw SpecificationError.malformed("\(owner): parents=\(word): \(error)")
    }
  }

  private static func unreadable(_ part: Substring, _ owner: String) -> SpecificationError {
    .malformed(
      "\(owner): '\(part)' is no parent; they are y1 for y(t−1), y2, … y\(mostLag), and x0 for x(t), x1, …, "
        + "joined by '+', or none at all: parents=none")
  }

  static let defaultInputValues = 2

  var word: String {
    let names = list.map { parent in
      switch parent {
      case .element(let lag): "y\(lag)"
      case .input(let lag): "x\(lag)"
      }
    }
    return names.isEmpty ? "none" : names.joined(separator: "+")
  }

  var elementLags: [Int] { list.compactMap { if case .element(let lag) = $0 { lag } else { nil } } }
  var inputLags: [Int] { list.compactMap { if case .input(let lag) = $0 { lag } else { nil } } }
  /// How far back any parent reaches.
  var longestLag: Int { (elementLags + inputLags).max() ?? 0 }
  var readsInputs: Bool { !inputLags.isEmpty }

  /// The values of x for data with vectors of this width.
  func values(inputWidth: Int) -> Int { inputWidth > 1 ? inputWidth : inputValues }

  private var elementParents: [DirectedTemplate.Parent] { elementLags.isEmpty ? [] : [.init("y", lags: elementLags)] }

  func template(_ shape: OutputShape) -> DirectedTemplate {
    var nodes = shape.lengthNodes()
    var parents = elementParents
    if readsInputs {
      nodes.append(.init("x", .input, domain: .values(Size("d", values(inputWidth: shape.inputWidth)))))
      parents.append(.init("x", lags: inputLags))
    }
    return DirectedTemplate(nodes + shape.outputNodes(parents: parents + shape.lengthParents, isTable: true))
  }
}

/// What a walk remembers for a table: the last elements and inputs that a parent reaches, the latest last.
struct TableHistory: Sendable {
  /// Elements so far, as far as a parent reaches.
  var time = 0
  var elements: [Int32] = []
  /// x as one of its values, that of the coming step last; −1 where there is none.
  var inputs: [Int32] = []
}

extension TableParents {
  /// The history before the first element.
  func start(_ inputs: StepInputs, _ shape: OutputShape) -> TableHistory {
    TableHistory(inputs: readsInputs ? [label(inputs.x, shape)] : [])
  }

  /// Goes past an element; `inputs` are those of the next step.
  func advance(_ history: inout TableHistory, past element: Symbol, _ inputs: StepInputs, _ shape: OutputShape) {
    history.time = min(history.time + 1, longestLag)
    if let longest = elementLags.max() {
      if history.elements.count == longest { history.elements.removeFirst() }
      history.elements.append(Int32(truncatingIfNeeded: element))
    }
    if let longest = inputLags.max() {
      if history.inputs.count == longest + 1 { history.inputs.removeFirst() }
      history.inputs.append(label(inputs.x, shape))
    }
  }

  /// Gives the labels of a context, one a parent in their order and then the length. What is not there has a mark of its own;
  /// once an element is not there, those further back are none either, and have no label.
  @inline(__always)
  func forEachLabel(_ history: TableHistory, _ inputs: StepInputs, _ shape: OutputShape, _ body: (Int) -> Void) {
    var (nearestMissing, nearestInput) = (Int.max, Int.max)
    for parent in list {
      switch parent {
      case .element(let lag) where lag <= history.time:
        body(Int(history.elements[history.elements.count - lag]))
      case .element(let lag):
        if lag < nearestMissing { body(shape.alphabetSize) }
        nearestMissing = min(nearestMissing, lag)
      case .input(let lag) where lag <= history.time:
        let value = Int(history.inputs[history.inputs.count - 1 - lag])
        body(value < 0 ? values(inputWidth: shape.inputWidth) : value)
      case .input(let lag):
        if lag < nearestInput { body(values(inputWidth: shape.inputWidth)) }
        nearestInput = min(nearestInput, lag)
      }
    }
    if shape.hasLengthInput { body(inputs.length ?? 0) }
  }

  /// Whether labels are those of a whole context, as `forEachLabel` gives them. Each label says whether another follows, so that
  /// no context is the beginning of another.
  func isContext(_ labels: ArraySlice<UInt32>, _ shape: OutputShape) -> Bool {
    let values = values(inputWidth: shape.inputWidth)
    var (nearestMissing, nearestInput) = (Int.max, Int.max)
    var rest = labels
    for parent in list {
      switch parent {
      case .element(let lag) where lag < nearestMissing:
        guard let label = rest.popFirst(), label <= shape.alphabetSize else { return false }
        if label == shape.alphabetSize { nearestMissing = lag }
      case .input(let lag) where lag < nearestInput:
        guard let label = rest.popFirst(), label <= values else { return false }
        // x(t) itself is there at every step, if only as no value behind the last element.
        if label == values, lag > 0 { nearestInput = lag }
      case .element, .input: break
      }
    }
    return rest.count == (shape.hasLengthInput ? 1 : 0)
  }

  /// x as one of its values, or −1 where it is none of them.
  func label(_ x: ArraySlice<Float>, _ shape: OutputShape) -> Int32 {
    if x.count == 1, let number = x.first {
      guard let value = Int32(exactly: number), value >= 0, value < inputValues else { return -1 }
      return value
    }
    guard let place = x.firstIndex(of: 1), x.allSatisfy({ $0 == 0 || $0 == 1 }), x.count(where: { $0 == 1 }) == 1
    else { return -1 }
    return Int32(truncatingIfNeeded: place - x.startIndex)
  }
}
