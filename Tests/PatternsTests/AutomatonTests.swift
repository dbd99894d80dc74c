import Patterns
import Probability
import Sequences
import Testing

/// Patterns against a naive matcher, and their automata against the language's residuals.
@Suite struct AutomatonTests {
  static func alphabet(_ size: Int) throws -> Alphabet {
    try Alphabet(symbols: Array(["a", "b", "c", "d"].prefix(size)), kind: .characters)
  }

  /// 500 random patterns, each on all words to length 6.
  @Test func randomPatternsAgreeWithANaiveMatcher() throws {
    var random = RandomStream(seed: 19)
    var (matched, unmatched, mixed) = (0, 0, 0)
    for number in 0..<500 {
      let size = 2 + number % 3
      let alphabet = try Self.alphabet(size)
      let random = RandomPattern(&random, depth: 3, alphabetSize: size)
      let pattern = try Pattern(random.text, alphabet)
      let words = words(alphabetSize: size, upTo: 6)
      let expected = words.map(random.matches)
      #expect(words.map(pattern.accepts) == expected, "pattern \(number), seed 19: \(random.text)")
      checkStructure(pattern, alphabet)
      checkLengths(pattern, words, expected)
      try checkIncomplete(pattern, words, expected)
      let count = expected.count { $0 }
      matched += count
      unmatched += words.count - count
      mixed += 0 < count && count < words.count ? 1 : 0
    }
    #expect(matched > 100_000 && unmatched > 100_000 && mixed > 250)
  }

  /// Every state can be reached and accepts something, tables have the right sizes, and components are in order.
  private func checkStructure(_ pattern: Pattern, _ alphabet: Alphabet) {
    #expect(pattern.transitions.count == pattern.stateCount * pattern.classCount)
    #expect(pattern.transitions.allSatisfy { (-1..<Int32(pattern.stateCount)).contains($0) })
    #expect(pattern.classOf.count == alphabet.size)
    var reachable = [[Bool]](repeating: [], count: pattern.stateCount)
    for state in 0..<pattern.stateCount {
      let moves = (0..<alphabet.size).map { pattern.next(state, $0) }
      #expect(pattern.moves(state).map { $0 < 0 ? nil : Int($0) } == moves)
      reachable[state] = closure(pattern, from: state, alphabet.size)
      #expect(zip(reachable[state], pattern.accepting).contains { $0 && $1 })
    }
    if let start = pattern.start { #expect(!reachable[start].contains(false)) }
    // Two states are in one component where each can be reached from the other.
    let components = pattern.components
    #expect(components.flatMap { $0 }.sorted() == Array(0..<pattern.stateCount))
    for (index, component) in components.enumerated() {
      for state in component {
        #expect((0..<pattern.stateCount).filter { reachable[state][$0] && reachable[$0][state] } == component)
        for later in components[(index + 1)...].joined() { #expect(!reachable[state][later]) }
      }
    }
  }

  private func closure(_ pattern: Pattern, from state: Int, _ size: Int) -> [Bool] {
    var reached = (0..<pattern.stateCount).map { $0 == state }
    var waiting = [state]
    while let state = waiting.popLast() {
      for next in (0..<size).compactMap({ pattern.next(state, $0) }) where !reached[next] {
        reached[next] = true
        waiting.append(next)
      }
    }
    return reached
  }

  private func checkLengths(_ pattern: Pattern, _ words: [[Int]], _ expected: [Bool]) {
    let limit = words.last?.count ?? 0
    let lengths = zip(words, expected).filter(\.1).map(\.0.count)
    if let (shortest, longest) = pattern.lengths {
      if shortest <= limit { #expect(lengths.min() == shortest) } else { #expect(lengths.isEmpty) }
      if let longest, longest <= limit { #expect(lengths.max() == longest) }
      if longest == nil { #expect(pattern.components.contains { isCyclic($0, pattern) }) }
    } else {
      #expect(lengths.isEmpty && pattern.start == nil)
    }
  }

  private func isCyclic(_ component: [Int], _ pattern: Pattern) -> Bool {
    component.count > 1 || pattern.moves(component[0]).contains(Int32(component[0]))
  }

  /// Where it is a row of sets, it accepts what the pattern does; else the words are no product of sets.
  private func checkIncomplete(_ pattern: Pattern, _ words: [[Int]], _ expected: [Bool]) throws {
    if let incomplete = pattern.incomplete {
      #expect(words.map(incomplete.accepts) == expected)
      #expect(incomplete.stateCount == pattern.stateCount)
    } else if let (shortest, longest) = pattern.lengths, shortest == longest, shortest <= words.last?.count ?? 0 {
      let accepted = zip(words, expected).filter(\.1).map(\.0)
      let sizes = (0..<shortest).map { position in Set(accepted.map { $0[position] }).count }
      #expect(sizes.reduce(1, *) > accepted.count)
    }
  }

  /// The states are as many as the different sets of ways to continue (Nerode), but for the empty one.
  @Test func automataAreMinimal() throws {
    var random = RandomStream(seed: 71)
    let alphabet = try Self.alphabet(2)
    let (beginnings, endings) = (words(alphabetSize: 2, upTo: 5), words(alphabetSize: 2, upTo: 5))
    var (checked, largest) = (0, 0)
    for _ in 0..<200 {
      let random = RandomPattern(&random, depth: 2, alphabetSize: 2)
      let pattern = try Pattern(random.text, alphabet)
      // Words of 5 elements reach all states and tell all of them apart where these are few.
      guard pattern.stateCount <= 6 else { continue }
      let residuals = Set(beginnings.map { beginning in endings.map { random.matches(beginning + $0) } })
      #expect(pattern.stateCount == residuals.filter { $0.contains(true) }.count, "seed 71: \(random.text)")
      checked += 1
      largest = max(largest, pattern.stateCount)
    }
    #expect(checked > 100 && largest == 6)
  }

  @Test(arguments: [
    ("(a|b)*", ".*"), ("a*", "(a|aa)*"), ("a?b|b", "(a|)b"), ("!(.*b.*)", "a*"), ("a{2,4}", "aa|aaa|aaaa"),
    ("(ab)*a", "a(ba)*"),
    ("!(!(ab))", "ab"), (".*a&.{2}", "[ab]a"), ("a+", "aa*"), ("a{0}", "()"), ("", "()"), ("(a*)*", "a*"),
    ("[^a][^b]", "ba"), ("[^ab]", "a&b"), ("a|b&b|a", "[a-b]"), ("(|a){3}", "a{0,3}"), ("a{2,}", "aaa*"),
  ])
  func equalLanguagesHaveEqualAutomata(one: String, other: String) throws {
    let alphabet = try Self.alphabet(2)
    let (a, b) = (try Pattern(one, alphabet), try Pattern(other, alphabet))
    #expect(a.transitions == b.transitions && a.accepting == b.accepting && a.classOf == b.classOf)
    #expect(a.classCount == b.classCount)
  }

  /// Numbers of states known from textbooks: of "the n-th symbol from the end is a" 2^n, of a word that is contained
  /// its length and one (Knuth, Morris and Pratt), of counting modulo 2 and 3 the product.
  @Test(arguments: [
    (".*a.{3}", 16), (".*a.{7}", 256), (".*abaab.*", 6), ("(b*ab*a)*b*&(a*ba*ba*b)*a*", 6), (".*", 1), ("", 1),
    ("abab", 5),
    ("[^ab]", 0), ("a&b", 0), ("!(.*)", 0), ("a*b*", 2),
  ])
  func numbersOfStates(text: String, states: Int) throws {
    #expect(try Pattern(text, Self.alphabet(2)).stateCount == states)
  }

  @Test func theEmptyLanguageHasNoStart() throws {
    let pattern = try Pattern("a&b", Self.alphabet(2))
    #expect(pattern.start == nil && !pattern.accepts([]) && pattern.lengths == nil && pattern.incomplete == nil)
    #expect(pattern.components.isEmpty)
  }

  @Test func anAlphabetWithoutSymbolsHasTheEmptySequence() throws {
    let alphabet = try Alphabet(symbols: [], kind: .characters)
    #expect(try Pattern(".*", alphabet).accepts([]))
    #expect(try Pattern(".*", alphabet).lengths?.longest == 0)
    #expect(try Pattern(".", alphabet).start == nil)
    #expect(try Pattern("[^a]*", alphabet).stateCount == 1)
  }

  @Test(
    arguments: [
      ("abc", 3, 3), ("a*", 0, nil), ("a{3,7}", 3, 7), ("(ab|c){2}", 2, 4), (".*b", 1, nil), ("", 0, 0),
      ("(a|bc|d{9})c?", 1, 10),
    ] as [(String, Int, Int?)])
  func lengths(text: String, shortest: Int, longest: Int?) throws {
    let lengths = try #require(try Pattern(text, Self.alphabet(4)).lengths)
    #expect(lengths.shortest == shortest && lengths.longest == longest)
  }

  @Test func incompleteSequencesOfPatterns() throws {
    let alphabet = try Self.alphabet(4)
    #expect(
      try Pattern("a.[bc][^d]", alphabet).incomplete?.elements == [
        .symbol(0), .anything, .oneOf([1, 2]), .oneOf([0, 1, 2]),
      ])
    #expect(try Pattern("(a|b)(c|d)", alphabet).incomplete?.elements == [.oneOf([0, 1]), .oneOf([2, 3])])
    #expect(try Pattern("", alphabet).incomplete?.elements == [])
    for text in ["ac|bd", "a?", "a*", "a|bc", "ab|ba", "ac|bc|bd"] {
      #expect(try Pattern(text, alphabet).incomplete == nil, "\(text)")
    }
  }

  @Test func elementsThatAreNotKnown() {
    let sequence = IncompleteSequence([.symbol(2), .oneOf([3, 1, 1]), .anything])
    #expect(sequence.elements[1] == .oneOf([1, 3]))
    #expect(sequence.gaps == [1, 2] && sequence.stateCount == 4)
    #expect(sequence.accepts([2, 3, 0]) && sequence.accepts([2, 1, 9]))
    #expect(!sequence.accepts([2, 2, 0]) && !sequence.accepts([2, 3]) && !sequence.accepts([2, 3, 0, 0]))
    #expect(!sequence.accepts([1, 3, 0]) && !sequence.accepts([]))
    #expect(IncompleteSequence([]).accepts([]) && !IncompleteSequence([]).accepts([0]))
    #expect(IncompleteSequence([.anything, .oneOf([])]).start == nil)
  }
}
