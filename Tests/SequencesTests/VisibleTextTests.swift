import Sequences
import Testing

/// What nobody would see is shown by its number.
@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("a", "a"), ("é", "é"), ("e\u{301}", "e\u{301}"), ("日本", "日本"), ("👨\u{200D}👩\u{200D}👧", "👨\u{200D}👩\u{200D}👧"),
    ("❤\u{FE0F}", "❤\u{FE0F}"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\r\n", "\\r\\n"), ("\\", "\\\\"),
    ("\u{0}", "<U+0000>"), ("\u{7F}", "<U+007F>"), ("\u{1B}[31m", "<U+001B>[31m"), (" ", "<U+0020>"),
    ("\u{A0}", "<U+00A0>"), ("\u{3000}", "<U+3000>"), ("\u{200B}", "<U+200B>"), ("\u{200D}", "<U+200D>"),
    ("\u{FEFF}", "<U+FEFF>"), ("\u{301}", "<U+0301>"), ("\u{FE0F}", "<U+FE0F>"), ("\u{AD}", "<U+00AD>"),
    ("\u{202E}", "<U+202E>"), ("\u{2028}", "<U+2028>"), ("\u{E000}", "<U+E000>"), ("\u{3164}", "<U+3164>"),
    ("\u{E0041}", "<U+E0041>"), ("", ""),
    ("<U+200B>", "<U+003C>U+200B>"), ("<U+003C>", "<U+003C>U+003C>"), ("a<U+0041>", "a<U+003C>U+0041>"),
    ("<", "<"), ("<U+>", "<U+>"), ("<U+20>", "<U+20>"), ("(end)", "<U+0028>end)"), ("(start)", "<U+0028>start)"),
    ("end", "end"), ("(", "("),
  ])
  func aSymbolShows(symbol: String, shown: String) { #expect(VisibleText.symbol(symbol) == shown) }

  /// No two symbols look the same: all texts of few pieces that escapes are made of.
  @Test func differentSymbolsLookDifferent() {
    let pieces = ["<", "U+200B", ">", "\u{200B}", "\\", "n", "\n", "<U+003C>", "(", "end)", "<U+0028>", "\u{600}"]
    let texts = pieces.flatMap { a in pieces.flatMap { b in pieces.map { a + b + $0 } } } + pieces + ["(end)"]
    #expect(Set(texts.map(VisibleText.symbol)).count == Set(texts).count)
  }

  @Test func aSequenceIsOneLineOfATable() throws {
    let symbols = ["\t", "\n", " ", "a", "b", "\u{A0}", "\u{200B}"]
    let alphabet = try Alphabet(symbols: symbols, kind: .characters)
    #expect(alphabet.visibleText(of: [3, 0, 4, 2, 1, 5, 6, 3]) == "a\\tb \\n<U+00A0><U+200B>a")
    let words = try Alphabet(symbols: ["a\u{200B}", "b\tc"], kind: .words)
    #expect(words.visibleText(of: [0, 1]) == "a<U+200B> b\\tc")
  }
}
