import Patterns
import Sequences
import Testing

/// How patterns are written, for each kind of symbols.
@Suite struct LanguageTests {
  static func matches(_ pattern: String, _ names: [String], _ alphabet: Alphabet) throws -> Bool {
    try Pattern(pattern, alphabet).accepts(names.map { try #require(alphabet.index(of: $0)) })
  }

  static func alphabet(_ symbols: String..., kind: SymbolKind = .characters) throws -> Alphabet {
    try Alphabet(symbols: symbols, kind: kind)
  }

  @Test func words() throws {
    let alphabet = try Self.alphabet(">", "a b", "cat", "dog", "end", "the", kind: .words)
    #expect(try Self.matches("<the> .* <end>", ["the", "cat", "dog", "end"], alphabet))
    #expect(try Self.matches(" <the>.*<end>\n", ["the", "end"], alphabet))
    #expect(try !Self.matches("<the> .* <end>", ["cat", "end"], alphabet))
    #expect(try Self.matches("[ <cat> <dog> ] { 2 }", ["dog", "cat"], alphabet))
    #expect(try !Self.matches("[^ <cat> <dog> <emu>]", ["dog"], alphabet))
    #expect(try Self.matches("[<cat> - <end>] <\\>> <a b>", ["dog", ">", "a b"], alphabet))
    #expect(try !Self.matches("[<cat>-<end>]", ["the"], alphabet))
    #expect(try Self.matches("! ( .* <cat> .* ) & .* <end>", ["dog", "end"], alphabet))
  }

  /// Ranges of integers are by value, though the alphabet is in the order of digits.
  @Test func numbers() throws {
    let alphabet = try Self.alphabet("0", "1", "10", "11", "2", "3", kind: .words)
    let pattern = try Pattern("[<2>-<10>]", alphabet)
    #expect(alphabet.symbols.indices.filter { pattern.accepts([$0]) }.map { alphabet.symbols[$0] } == ["10", "2", "3"])
    #expect(try Pattern("<10>{3}", alphabet).incomplete?.elements == [.symbol(2), .symbol(2), .symbol(2)])
  }

  @Test func charactersAndEscapes() throws {
    let alphabet = try Self.alphabet(
      "\t", "\n", " ", "!", "&", "(", "*", "-", ".", "1", "<", ">", "[", "\\", "]", "^", "a", "b", "c", "é")
    #expect(try Self.matches(#"\*\.\(\<\[\]\\\!\&"#, ["*", ".", "(", "<", "[", "]", "\\", "!", "&"], alphabet))
    #expect(try Self.matches(#"\n\t \u{E9}\u{0061}>-^"#, ["\n", "\t", " ", "é", "a", ">", "-", "^"], alphabet))
    #expect(try Self.matches("<a><\\>>[<<>*.(&]", ["a", ">", "<"], alphabet))
    #expect(try Self.matches(#"[a-][-a][\]\\][a^]"#, ["-", "-", "]", "^"], alphabet))
    #expect(try Self.matches("[^^]", ["a"], alphabet))
    #expect(try !Self.matches("[^^]", ["^"], alphabet))
    let range = try Pattern("[a-z1-9]", alphabet)
    #expect(
      alphabet.symbols.indices.filter { range.accepts([$0]) }.map { alphabet.symbols[$0] } == ["1", "a", "b", "c"])
    #expect(try !Self.matches("[^aqx-z]", ["a"], alphabet))
    #expect(try Self.matches("[^q]", ["a"], alphabet))
  }

  @Test func precedence() throws {
    let alphabet = try Self.alphabet("a", "b", "c")
    #expect(try Self.matches("ab*", ["a", "b", "b"], alphabet))
    #expect(try !Self.matches("ab*", ["a", "b", "a", "b"], alphabet))
    #expect(try Self.matches("a|bc", ["a"], alphabet))
    #expect(try !Self.matches("a|bc", ["a", "c"], alphabet))
    #expect(try Self.matches("a&b|a", ["a"], alphabet))
    #expect(try Self.matches("c|a&b|a", ["a"], alphabet))
    #expect(try !Self.matches("c|a&b|a", ["c"], alphabet))
    #expect(try Self.matches("!(a){2}", ["b", "c"], alphabet))
    #expect(try Self.matches("(a|)b", ["b"], alphabet))
  }

  @Test func graphemes() throws {
    let alphabet = try Self.alphabet("a", "e\u{301}", "é", kind: .graphemes)
    #expect(try Self.matches("e\u{301}*a", ["e\u{301}", "e\u{301}", "a"], alphabet))
    #expect(try !Self.matches("e\u{301}", ["é"], alphabet))
    #expect(try Self.matches("é", ["é"], alphabet))
  }

  /// Of characters an accent is a symbol of its own.
  @Test func scalars() throws {
    let alphabet = try Self.alphabet("e", "\u{301}")
    #expect(try Self.matches("e\u{301}*", ["e", "\u{301}", "\u{301}"], alphabet))
  }

  @Test func bytes() throws {
    let alphabet = try Self.alphabet("a", "©", "Ã", "é", kind: .bytes)
    #expect(try Self.matches("é*a", ["Ã", "©", "Ã", "©", "a"], alphabet))
    #expect(try Self.matches(#"\u{E9}[\u{C3}-\u{FF}]"#, ["é", "Ã"], alphabet))
  }

  /// Unseen symbols have their name and are any symbol, but in no range.
  @Test func unknownSymbols() throws {
    let alphabet = try Alphabet(symbols: ["a", "unk", "z"], kind: .characters, unknown: "unk")
    #expect(try Self.matches("<unk>.", ["unk", "unk"], alphabet))
    #expect(try !Self.matches("[a-z]", ["unk"], alphabet))
  }
}
