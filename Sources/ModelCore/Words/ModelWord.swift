/// One part of a model's word, a family's or a length strategy's: `name[(component;component…)][:options]`.
struct ModelWordPart {
  let name: String
  /// What stands in the brackets, each the word of a family.
  let components: [Substring]
  let options: Substring?

  /// Deeper brackets are refused: nested words are parsed recursively.
  static let deepest = 32

  /// - Throws: `SpecificationError.malformed` for brackets that do not match, too deep ones, or empty components.
  init(_ text: Substring) throws {
    try Self.checkBrackets(text)
    let halves = text.split(outsideBracketsAt: ":", maxSplits: 1)
    options = halves.count > 1 ? halves[1] : nil
    guard let open = halves[0].firstIndex(of: "(") else {
      (name, components) = (String(halves[0]), [])
      return
    }
    name = String(halves[0][..<open])
    guard halves[0].last == ")" else {
      throw SpecificationError.malformed(
        "\(name): after the closing bracket come options, as in \(name)(…):option=value")
    }
    components = halves[0][open...].dropFirst().dropLast().split(outsideBracketsAt: ";")
    guard components.allSatisfy({ !$0.isEmpty }) else {
      throw SpecificationError.malformed("\(name): in its brackets stand models, separated by ';', and one is empty")
    }
  }

  private static func checkBrackets(_ text: Substring) throws {
    var depth = 0
    for character in text {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      guard depth >= 0 else {
        throw SpecificationError.malformed("a closing bracket in the model's word has none before it")
      }
      guard depth <= deepest else {
        throw SpecificationError.malformed("brackets in a model's word go at most \(deepest) deep")
      }
    }
    guard depth == 0 else { throw SpecificationError.malformed("a bracket in the model's word is not closed") }
  }
}

extension Substring {
  /// The parts between separators that stand outside of all brackets, empty ones among them.
  func split(outsideBracketsAt separator: Character, maxSplits: Int = .max) -> [Substring] {
    var parts: [Substring] = []
    var (depth, start) = (0, startIndex)
    for index in indices {
      switch self[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case separator where depth == 0 && parts.count < maxSplits:
        parts.append(self[start..<index])
        start = self.index(after: index)
      default: break
      }
    }
    return parts + [self[start...]]
  }
}

extension ModelFamily {
  /// The family's word: its name, its components in brackets, and its options, all or those that are not default.
  public func word(
    of components: [any ModelFamily] = [], _ options: [(key: String, value: String, isDefault: Bool)], complete: Bool
  ) -> String {
    modelWord(Self.name, of: components, options, complete: complete)
  }
}

/// Writes a family's or strategy's word: its name, its components in brackets, and those options that are wanted.
package func modelWord(
  _ name: String, of components: [any ModelFamily] = [],
  _ options: [(key: String, value: String, isDefault: Bool)], complete: Bool
) -> String {
  let brackets = components.map { $0.word(complete: complete) }.joined(separator: ";")
  let shown = options.filter { complete || !$0.isDefault }.map { "\($0.key)=\($0.value)" }
  return name + (components.isEmpty ? "" : "(\(brackets))") + (shown.isEmpty ? "" : ":" + shown.joined(separator: ","))
}
