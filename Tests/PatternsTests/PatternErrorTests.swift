import Patterns
import Sequences
import Testing

/// What is refused, and where.
@Suite struct PatternErrorTests {
  static func error(_ text: String, _ alphabet: Alphabet, _ limits: PatternLimits = PatternLimits()) -> PatternError? {
    do {
      _ = try Pattern(text, alphabet, name: "--matching", limits: limits)
      return nil
    } catch { return error as? PatternError }
  }

  static func column(_ error: PatternError?) -> Int? {
    switch error {
    case .malformed(_, let column, _, _), .unknownSymbol(_, let column, _, _): column
    default: nil
    }
  }

  @Test(arguments: [
    ("(ab", 4), ("ab)", 3), ("a(b(c)", 7), ("*a", 1), ("a|*", 3), ("a**", 3), ("a+?", 3), ("a{", 3), ("a{x}", 3),
    ("a{2", 4),
    ("a{2,1}", 5), ("a{2,x}", 5), ("a{,2}", 3), ("[abc", 5), ("[]", 2), ("[^]", 3), ("a]", 2), ("a}", 2), ("a!b", 3),
    ("<a", 3), ("<>", 2), (#"ab\"#, 4), (#"\d"#, 2), (#"\u12"#, 3), (#"\u{}"#, 4), (#"\u{12"#, 6), (#"\u{D800}"#, 4),
    ("[c-a]", 2),
    ("[x-z]", 2), ("abq", 3), ("[abq]", 4), ("a<bc>", 2), ("^a", 1), ("a$", 2), (#"a\*"#, 2), ("aé", 2), ("(a|b))", 6),
  ])
  func columns(text: String, column: Int) throws {
    let error = Self.error(text, try LanguageTests.alphabet("a", "b", "c"))
    #expect(Self.column(error) == column, "\(text): \(error.map(\.description) ?? "no error")")
  }

  @Test(arguments: [
    ("<the> end", 7), ("the", 1), ("<the> [<end> x]", 14), ("<the> <thx>", 7), ("<the", 5), ("  *", 3), ("<the>\\>", 6),
  ])
  func columnsOfWords(text: String, column: Int) throws {
    let error = Self.error(text, try LanguageTests.alphabet("end", "the", kind: .words))
    #expect(Self.column(error) == column, "\(text): \(error.map(\.description) ?? "no error")")
  }

  @Test func sentences() throws {
    let letters = try LanguageTests.alphabet("a", "b", "c")
    let words = try LanguageTests.alphabet("end", "the", kind: .words)
    #expect(
      Self.error("a{x}", letters)?.description == #"--matching "a{x}", column 3: expected a number, found "x"."#)
    #expect(
      Self.error("(ab", letters)?.description
        == #"--matching "(ab", column 4: expected the ")" of the "(" in column 1, found the end of the pattern."#)
    #expect(
      Self.error("aB", letters)?.description
        == #"--matching "aB", column 2: the symbol "B" is not in the alphabet; nearest: "b"."#)
    #expect(
      Self.error("q", letters)?.description
        == #"--matching "q", column 1: the symbol "q" is not in the alphabet; the alphabet has 3 symbols: a b c."#)
    #expect(
      Self.error("<thee>", words)?.description
        == #"--matching "<thee>", column 1: the symbol "thee" is not in the alphabet; nearest: "the"."#)
    #expect(
      Self.error("^a", letters)?.description
        == #"--matching "^a", column 1: the symbol "^" is not in the alphabet; a pattern always matches whole "#
        + "sequences, without anchors.")
    #expect(
      Self.error("a{2000000}", letters)?.description
        == #"--matching "a{2000000}" is too large: its automaton needs more than 1,000,000 states; "#
        + "repeat fewer times or over less.")
  }

  @Test func bytesInSetsAreByNumber() throws {
    #expect(Self.column(Self.error("[aé]", try LanguageTests.alphabet("a", "é", kind: .bytes))) == 3)
  }

  @Test func bracketsMayNestTwoHundredDeep() throws {
    let alphabet = try LanguageTests.alphabet("a", "b", "c")
    func nested(_ depth: Int) -> String {
      String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
    }
    #expect(try Pattern(nested(200), alphabet).accepts([0]))
    #expect(Self.column(Self.error(nested(201), alphabet)) == 201)
    #expect(Self.column(Self.error(nested(10_000), alphabet)) == 201)
    #expect(Self.column(Self.error(String(repeating: "!(", count: 100_000), alphabet)) == 402)
    #expect(
      try Pattern(String(repeating: "!(", count: 200) + "a" + String(repeating: ")", count: 200), alphabet).accepts([0])
    )
  }

  /// Guards of the number of states and of the work, which stop every phase.
  @Test(arguments: [
    "((a{1000}){1000})", "(.*a.{30})", "a{1000000000000000000}", "a{99999999999999999999999}",
    "(){1000000000000000000}",
    "a{0,1000000000000000000}", "((a?){900}){900}", "(!(a{100})){10000}", "((((a{0,60}){0,60}){0,60}){0,60}){0,60}",
    "!(.*a.{30})", ".*a.{30}&.*b.{31}", "(.*[ab].{500}){9}", "((a*){100}){100000}",
  ])
  func largeAutomataAreRefused(text: String) throws {
    let limits = PatternLimits(states: 20_000, steps: 500_000)
    switch Self.error(text, try LanguageTests.alphabet("a", "b", "c"), limits) {
    case .tooManyStates, .tooManySteps: break
    case let other: Issue.record("\(text): \(String(describing: other))")
    }
  }

  /// What backtracking would take exponential time for.
  @Test func ambiguousPatternsAreSmall() throws {
    let alphabet = try LanguageTests.alphabet("a", "b", "c")
    let nested = String(repeating: "(", count: 150) + "a|aa" + String(repeating: ")*|aa", count: 150)
    let limits = PatternLimits(states: 2_000, steps: 100_000)
    let pattern = try Pattern(nested, alphabet, limits: limits)
    #expect(pattern.stateCount == 1 && pattern.accepts(Array(repeating: 0, count: 10_000)))
    #expect(try Pattern("(a?){200}a{200}", alphabet).lengths?.longest == 400)
    #expect(try Pattern("(.*a){20}", alphabet, limits: limits).stateCount == 21)
  }

  /// The classes of symbols keep an alphabet of 50,000 words from costing anything.
  @Test func largeAlphabets() throws {
    let alphabet = try Alphabet(symbols: (0..<50_000).map { "w\($0)" }.sorted(), kind: .words)
    let limits = PatternLimits(states: 100, steps: 10_000)
    let pattern = try Pattern(".* <w17> .*", alphabet, limits: limits)
    #expect(pattern.stateCount == 2 && pattern.classCount == 2)
    let word = try #require(alphabet.index(of: "w17"))
    #expect(pattern.accepts([3, word, 4]) && !pattern.accepts([3, 4]))
    let several = try Pattern("([^<w1> <w2>] | <w3> [<w4> - <w5>]){2,9}", alphabet, limits: limits)
    #expect(several.classCount == 4 && several.lengths?.longest == 18)
  }

  /// A long pattern, and a long sequence.
  @Test func longPatterns() throws {
    let alphabet = try LanguageTests.alphabet("a", "b", "c")
    let symbols = (0..<5_000).map { $0 * $0 % 7 % 3 }
    let text = symbols.map { alphabet.symbols[$0] }.joined()
    let pattern = try Pattern(text, alphabet)
    #expect(pattern.stateCount == 5_001 && pattern.accepts(symbols) && !pattern.accepts(symbols.dropLast()))
    #expect(pattern.incomplete?.gaps == [])
  }
}
