import Sequences
import Testing

/// Grapheme clusters against Swift's own `Character`, which segments the whole line at once.
@Suite struct GraphemeTests {
  /// Scalars of every class of Unicode annex 29 that joins or breaks, and plain ones of several scripts.
  static let scalars: [Unicode.Scalar] = [
    "a", "b", " ", "~", "\t", "\u{0}", "\r", "\n", "\u{7F}", "é", "ø", "ß", "日", "本", "語", "中", "ア", "。",
    "\u{301}", "\u{308}", "\u{20DD}",  // Extend
    "\u{200D}", "\u{200C}", "\u{FE0F}", "\u{1F3FB}",  // joiner, variation selector, skin tone
    "👩", "👧", "❤", "🏳", "🌈",  // Extended_Pictographic
    "\u{1F1E9}", "\u{1F1EA}", "\u{1F1EB}",  // Regional_Indicator
    "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}", "\u{AC01}",  // Hangul L, V, T, LV, LVT
    "\u{0600}", "\u{110BD}",  // Prepend
    "\u{0903}", "\u{093E}", "\u{0E33}",  // SpacingMark
    "\u{0915}", "\u{094D}", "\u{0937}",  // Indic conjuncts
    "\u{85}", "\u{2028}", "\u{AD}", "\u{FEFF}",  // Control
  ]

  /// What a file holds by definition: CR LF counts as LF, and LF ends a line.
  private func expected(_ scalars: [Unicode.Scalar], lineByLine: Bool) -> [[Character]] {
    var kept = String.UnicodeScalarView()
    for (i, scalar) in scalars.enumerated() where scalar != "\r" || i + 1 == scalars.count || scalars[i + 1] != "\n" {
      kept.append(scalar)
    }
    guard lineByLine else { return kept.isEmpty ? [] : [Array(String(kept))] }
    var lines = kept.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { Array(String($0)) }
  }

  @Test(arguments: [1, 2, 5, 64, 1 << 20])
  func clustersAreSwiftsCharacters(blockSize: Int) throws {
    var random = SplitMix(state: UInt64(blockSize))
    for _ in 0..<200 {
      // The first scalar must be no byte-order mark; a line feed keeps lone CRs from being line ends.
      var scalars = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        Self.scalars.randomElement(using: &random) ?? "a"
      }
      scalars = ["\n"] + scalars
      if Bool.random(using: &random) { scalars.append("\n") }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      for format in ["lines", "text"] {
        let named = try read(text, format: format, symbols: .graphemes, blockSize: blockSize).named
        let wanted = expected(scalars, lineByLine: format == "lines").map { $0.map { Array($0.unicodeScalars) } }
        #expect(named.map { $0.map { Array($0.unicodeScalars) } } == wanted, "\(format) \(scalars.map(\.value))")
      }
    }
  }

  /// Lines that begin with other letters than ASCII's, after each way to end the line before.
  @Test(arguments: ["\n", "\r\n", "\n\n", "\r\r\n", " \n"])
  func aLineThatBeginsBeyondASCIIKeepsItsLetters(end: String) throws {
    let text = ["émile", "élodie", "øystein", "anna", "日本語"].joined(separator: end)
    let named = try read(text, symbols: .graphemes).named
    #expect(
      named.map { $0.filter { $0 != "\r" && $0 != " " } }.filter { !$0.isEmpty }.map { $0.joined() }
        == ["émile", "élodie", "øystein", "anna", "日本語"])
    #expect(try read("a\ré\n", symbols: .graphemes).named == [["a", "\r", "é"]])
  }
}

/// A small generator, so that the cases are the same each time (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
