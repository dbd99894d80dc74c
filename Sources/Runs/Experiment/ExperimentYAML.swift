import Foundation
import Sequences
import Support
import Yams

/// The YAML of an experiment's file, node by node, with errors that name line and column.
struct ExperimentYAML {
  typealias Node = Yams.Node

  /// The file's text.
  let text: String
  let root: Node
  private let path: String

  /// An experiment is short: more bytes are another file.
  private static let mostBytes = 1 << 18
  /// Brackets and dashes inside each other; the parser's stack is not endless.
  private static let deepest = 100

  init(reading path: String) throws {
    self.path = path
    let bytes = try WholeFile.read(path, atMost: Self.mostBytes + 1)
    func at(_ line: Int, _ column: Int, _ problem: String) -> DataError {
      .malformed(Location(file: path, line: line, column: column), problem)
    }
    guard bytes.count <= Self.mostBytes, let text = String(data: bytes, encoding: .utf8) else {
      throw at(
        1, 1,
        "expected an experiment in YAML, found \(bytes.count > Self.mostBytes ? "a large file" : "no text in UTF-8")")
    }
    self.text = text
    if let line = Self.tooDeep(text) {
      throw at(line, 1, "nested more than \(Self.deepest) levels deep")
    }
    do {
      guard let root = try Yams.compose(yaml: text) else {
        throw at(1, 1, "expected an experiment in YAML, found nothing")
      }
      self.root = root
    } catch let error as YamlError {
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        throw at(mark.line, mark.column, "not YAML: \(problem)")
      case .duplicatedKeysInMapping(let keys, _):
        let key = keys.first?.description ?? ""
        let line =
          text.split(separator: "\n", omittingEmptySubsequences: false).lastIndex { $0.contains("\(key):") } ?? 0
        throw at(line + 1, 1, "the key \(VisibleText.quoted(key)) stands twice")
      default: throw at(1, 1, "not YAML: \(error)")
      }
    }
  }

  /// The line where brackets, or dashes at its beginning, are too many.
  private static func tooDeep(_ text: String) -> Int? {
    var depth = 0
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var dashes = 0
      for character in line.utf8 {
        switch character {
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(depth - 1, 0)
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): dashes += 1
        default: break
        }
        if depth > deepest || dashes > 20 * deepest { return index + 1 }
      }
    }
    return nil
  }

  /// A fault at a node.
  func malformed(_ node: Node, _ problem: String) -> DataError {
    .malformed(location(of: node), problem)
  }

  func location(of node: Node) -> Location {
    Location(file: path, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
  }

  /// A word that is none of those that can stand here.
  func unknown(_ node: Node, _ word: String, among known: [String], _ what: String) -> DataError {
    let help =
      nearest(to: word, among: known).map { "did you mean \($0)?" } ?? "known: \(known.joined(separator: ", "))"
    return malformed(node, "there is no \(what) \(VisibleText.quoted(shortened(word))); \(help)")
  }

  /// The values of a mapping by their keys, which must be among those that are known.
  func mapping(_ node: Node, _ known: [String]) throws -> Mapping {
    guard case .mapping(let mapping) = node else {
      throw malformed(node, "expected keys and values, such as \(known[0]): …")
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      guard let name = key.string, known.contains(name) else {
        throw unknown(key, key.string ?? "?", among: known, "key")
      }
      values[name] = value
    }
    return Mapping(node: node, values: values)
  }

  struct Mapping {
    let node: Node
    let values: [String: Node]

    subscript(_ key: String) -> Node? { values[key] }

    func required(_ key: String, in yaml: ExperimentYAML) throws -> Node {
      guard let node = values[key] else { throw yaml.malformed(node, "the key \(key) is missing") }
      return node
    }
  }

  /// A list, or a value that stands for a list of one.
  func list(_ node: Node) throws -> [Node] {
    switch node {
    case .sequence(let sequence): Array(sequence)
    case .scalar: [node]
    default: throw malformed(node, "expected a list, such as [a, b]")
    }
  }

  func string(_ node: Node) throws -> String {
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      throw malformed(node, "expected a word or a text")
    }
    return scalar.string
  }

  func truth(_ node: Node) throws -> Bool {
    switch try string(node).lowercased() {
    case "true", "yes", "on": true
    case "false", "no", "off": false
    default: throw malformed(node, "expected true or false, found \(VisibleText.quoted(shortened(try string(node))))")
    }
  }

  func whole(_ node: Node, _ range: ClosedRange<UInt64>) throws -> UInt64 {
    guard let number = UInt64(try string(node)), range.contains(number) else {
      throw malformed(
        node,
        "expected a whole number from \(range.lowerBound) to \(range.upperBound), found "
          + VisibleText.quoted(shortened(try string(node))))
    }
    return number
  }
}
