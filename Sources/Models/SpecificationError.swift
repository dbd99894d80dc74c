/// What can be wrong with a model's word, or with asking it of some data. All of them are wrong usage (exit code 64).
public enum SpecificationError: Error, Equatable, CustomStringConvertible {
  /// Not a word at all.
  case malformed(String)
  /// A name that nobody has registered; the nearest known one is suggested.
  case unknown(what: String, word: String, known: [String])
  /// A right word that cannot be used here, with the reason.
  case refused(model: String, reason: String)

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

/// The word with the fewest edits from `word` (Levenshtein; case is none), if one is near: at most half its length away.
func nearest(to word: String, among known: [String]) -> String? {
  if word.count > 2, let longer = known.first(where: { $0.hasSuffix(word) || $0.hasPrefix(word) }) { return longer }
  let best = known.map { ($0, editDistance(Array(word.lowercased()), Array($0))) }.min { $0.1 < $1.1 }
  guard let best, best.1 <= max(2, best.0.count / 2) else { return nil }
  return best.0
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let substituted = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
