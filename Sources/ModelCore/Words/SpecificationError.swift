import GraphicalModel
import Support

/// What can be wrong with a model's word, or with asking it of some data. All of them are wrong usage (exit code 64).
public enum SpecificationError: Error, Equatable, CustomStringConvertible {
  /// Not a word at all.
  case malformed(String)
  /// A name that nobody has registered; the nearest known one is suggested.
  case unknown(what: String, word: String, known: [String])
  /// A right word that cannot be used here, with the reason.
  case refused(model: String, reason: String)

  /// What is wrong and, for an unknown name, what is known.
  public var description: String {
    switch self {
    case .malformed(let sentence): return sentence
    case .unknown(let what, let word, let known):
      let list = known.joined(separator: ", ")
      let hint = nearest(to: word, among: known).map { "; did you mean '\($0)'?" } ?? "."
      return "unknown \(what) '\(word)'\(hint)" + (known.isEmpty ? "" : " Known: \(list)")
    case .refused(let model, let reason): return "\(model): \(reason)"
    }
  }
}
