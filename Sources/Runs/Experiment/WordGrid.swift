/// Grids of model words: `gru:{32,64}/{eos,halt}` stands for four words.
public enum WordGrid {
  /// What is wrong with a grid.
  public struct Malformed: Error, CustomStringConvertible {
    /// A sentence.
    public let description: String
  }

  /// The words that a grid stands for, in order: the last braces vary fastest. Braces may stand inside braces.
  /// - Throws: `Malformed` for braces without a partner, and for more words than `limit`.
  public static func words(of pattern: String, atMost limit: Int) throws -> [String] {
    var rest = pattern[...]
    let words = try alternatives(&rest, depth: 0, limit)
    if !rest.isEmpty { throw Malformed(description: "\(pattern): a } without its {") }
    return words
  }

  private static func alternatives(_ rest: inout Substring, depth: Int, _ limit: Int) throws -> [String] {
    if depth > 20 { throw Malformed(description: "braces inside braces, more than 20 deep") }
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
        guard rest.popFirst() == "}" else { throw Malformed(description: "a { without its }") }
        guard words.count * choices.count <= limit else {
          throw Malformed(description: "the grids stand for more than \(limit) models")
        }
        words = words.flatMap { word in choices.map { word + $0 } }
      } else {
        for index in words.indices { words[index].append(character) }
        rest.removeFirst()
      }
      if all.count + words.count > limit {
        throw Malformed(description: "the grids stand for more than \(limit) models")
      }
    }
    if depth > 0 { throw Malformed(description: "a { without its }") }
    return words
  }
}
