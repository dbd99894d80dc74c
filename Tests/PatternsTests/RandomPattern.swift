import Probability

/// A random regular expression, with its text and a naive matcher that knows nothing of automata.
indirect enum RandomPattern {
  case symbols([Int], isComplement: Bool)
  case anything
  case concatenation([RandomPattern])
  case alternation([RandomPattern])
  case intersection([RandomPattern])
  case complement(RandomPattern)
  case repetition(RandomPattern, Int, Int?)

  /// - Parameter depth: operators within each other.
  init(_ random: inout RandomStream, depth: Int, alphabetSize: Int) {
    func parts(_ random: inout RandomStream) -> [RandomPattern] {
      (0..<Int.random(in: 2...3, using: &random)).map { _ in
        RandomPattern(&random, depth: depth - 1, alphabetSize: alphabetSize)
      }
    }
    func part(_ random: inout RandomStream) -> RandomPattern {
      RandomPattern(&random, depth: depth - 1, alphabetSize: alphabetSize)
    }
    switch depth == 0 ? 0 : Int.random(in: 0..<12, using: &random) {
    case 0...1:
      switch Int.random(in: 0..<5, using: &random) {
      case 0: self = .anything
      case 1:
        let set = (0..<alphabetSize).filter { _ in Bool.random(using: &random) }
        self = .symbols(set.isEmpty ? [0] : set, isComplement: Bool.random(using: &random))
      default: self = .symbols([Int.random(in: 0..<alphabetSize, using: &random)], isComplement: false)
      }
    case 2...4: self = .concatenation(parts(&random))
    case 5...6: self = .alternation(parts(&random))
    case 7: self = .intersection(parts(&random))
    case 8: self = .complement(part(&random))
    default:
      let (least, more) = (Int.random(in: 0...2, using: &random), Int.random(in: 0...3, using: &random))
      self = .repetition(part(&random), least, more == 3 ? nil : least + more)
    }
  }

  /// The pattern as the language writes it; symbols are a, b, c, ….
  var text: String {
    func name(_ symbol: Int) -> String { ["a", "b", "c", "d"][symbol] }
    switch self {
    case .symbols(let symbols, let isComplement):
      if !isComplement, symbols.count == 1 { return name(symbols[0]) }
      return "[" + (isComplement ? "^" : "") + symbols.map(name).joined() + "]"
    case .anything: return "."
    case .concatenation(let parts): return parts.map { "(\($0.text))" }.joined()
    case .alternation(let parts): return parts.map(\.text).map { "(\($0))" }.joined(separator: "|")
    case .intersection(let parts): return "(" + parts.map(\.text).joined(separator: "&") + ")"
    case .complement(let part): return "!(\(part.text))"
    case .repetition(let part, let least, let most):
      let bounds =
        switch (least, most) {
        case (0, nil): "*"
        case (1, nil): "+"
        case (0, 1): "?"
        case (_, nil): "{\(least),}"
        case (_, let most?): most == least ? "{\(least)}" : "{\(least),\(most)}"
        }
      return "(\(part.text))\(bounds)"
    }
  }

  /// The positions at which a match that begins at `start` may end, a bit for each.
  func ends(_ word: [Int], from start: Int) -> UInt64 {
    switch self {
    case .symbols(let symbols, let isComplement):
      return start < word.count && symbols.contains(word[start]) != isComplement ? 2 << start : 0
    case .anything: return start < word.count ? 2 << start : 0
    case .concatenation(let parts): return parts.reduce(1 << start) { $1.ends(word, fromAny: $0) }
    case .alternation(let parts): return parts.reduce(0) { $0 | $1.ends(word, from: start) }
    case .intersection(let parts): return parts.reduce(.max) { $0 & $1.ends(word, from: start) }
    case .complement(let part):
      return (start...word.count).reduce(0) { $0 | 1 << $1 } & ~part.ends(word, from: start)
    case .repetition(let part, let least, let most):
      var ends: UInt64 = 1 << start
      for _ in 0..<least { ends = part.ends(word, fromAny: ends) }
      // A word of n elements is matched by n repetitions more, or not at all.
      var all = ends
      for _ in 0..<(most.map { $0 - least } ?? word.count) {
        ends = part.ends(word, fromAny: ends)
        all |= ends
      }
      return all
    }
  }

  private func ends(_ word: [Int], fromAny starts: UInt64) -> UInt64 {
    (0...word.count).reduce(0) { starts >> $1 & 1 == 0 ? $0 : $0 | ends(word, from: $1) }
  }

  func matches(_ word: [Int]) -> Bool { ends(word, from: 0) >> word.count & 1 == 1 }
}

/// All words over 0 ..< alphabetSize up to a length, shorter ones first.
func words(alphabetSize: Int, upTo length: Int) -> [[Int]] {
  var all: [[Int]] = [[]]
  var last = all
  for _ in 0..<length {
    last = last.flatMap { word in (0..<alphabetSize).map { word + [$0] } }
    all += last
  }
  return all
}
