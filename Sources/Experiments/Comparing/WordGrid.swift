import Models

/// Grids of model words: `gru:{32,64}/{eos,halt}` stands for four words.
public enum WordGrid {
  /// More words than these are a mistake.
  public static let mostWords = 10_000

  /// The words that a grid stands for, in order: the last braces vary fastest. Braces may stand inside braces.
  /// - Throws: `SpecificationError.malformed` for braces without a partner, and for more words than `limit`.
  public static func words(of pattern: String, atMost limit: Int = mostWords) throws -> [String] {
    var rest = pattern[...]
    let words = try alternatives(&rest, depth: 0, limit)
    if !rest.isEmpty { throw SpecificationError.malformed("\(pattern): a } without its {") }
    return words
  }

  private static func alternatives(_ rest: inout Substring, depth: Int, _ limit: Int) throws -> [String] {
    if depth > 20 { throw SpecificationError.malformed("braces inside braces, more than 20 deep") }
    var (all, words) = ([String](), [""])
    while let character = rest.first {
      if depth > 0, character == "," || character == "}" {
        all += words
        if character == "}" { return all }
        words = [""]
        rest.removeFirst()
      } else if character == "}" {
        return words
      } else if character == "{" {
        rest.removeFirst()
        let choices = try alternatives(&rest, depth: depth + 1, limit)
        guard rest.popFirst() == "}" else { throw SpecificationError.malformed("a { without its }") }
        guard words.count * choices.count <= limit else {
          throw SpecificationError.malformed("the grids stand for more than \(limit) models")
        }
        words = words.flatMap { word in choices.map { word + $0 } }
      } else {
        for index in words.indices { words[index].append(character) }
        rest.removeFirst()
      }
      if all.count + words.count > limit {
        throw SpecificationError.malformed("the grids stand for more than \(limit) models")
      }
    }
    if depth > 0 { throw SpecificationError.malformed("a { without its }") }
    return words
  }
}
