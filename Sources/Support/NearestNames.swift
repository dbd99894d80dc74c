/// The word with the fewest edits from `word` (Levenshtein; case is none), if one is near: at most half its length away.
package func nearest(to word: String, among known: [String]) -> String? {
  if word.count > 2, let longer = known.first(where: { $0.hasSuffix(word) || $0.hasPrefix(word) }) { return longer }
  let best = known.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
  guard let best, best.1 <= max(2, best.0.count / 2) else { return nil }
  return best.0
}

/// The insertions, deletions and replacements that lead from one word to another. O(product of the lengths).
package func editDistance(_ word: String, _ known: String) -> Int {
  let (a, b) = (Array(word.lowercased()), Array(known))
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

/// A word from outside for a message: its beginning, where it is long.
package func shortened(_ word: some StringProtocol) -> String {
  let most = 60
  return word.count <= most ? String(word) : word.prefix(most - 1) + "…"
}
