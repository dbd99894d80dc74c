import Sequences
import Support

/// A regular expression over the symbols of an alphabet, compiled to a minimal deterministic automaton.
///
/// A pattern matches whole sequences: "contains son" is `.*son.*`.
///
/// | written | matches |
/// | --- | --- |
/// | `a` | the symbol a, where symbols are characters, graphemes or bytes |
/// | `<the>` | the symbol of that name; where symbols are words or numbers, all are written so |
/// | `.` | any symbol |
/// | `[abc]`, `[a-e]`, `[<a> <b>]` | a symbol of a set; ranges are of what the alphabet has |
/// | `[^abc]` | any symbol but those; those need not be in the alphabet |
/// | `x?`, `x*`, `x+` | x at most once, any number of times, at least once |
/// | `x{m}`, `x{m,}`, `x{m,n}` | x m times, at least m times, m to n times |
/// | `xy` | x, then y |
/// | `x\|y` | x or y |
/// | `x&y` | what both x and y match; it binds less than `\|` |
/// | `(x)` | x; `()`, like an empty pattern, matches the empty sequence |
/// | `!(x)` | any sequence that x does not match |
/// | `\*` | the symbol `*`, and so with any character but letters and digits |
/// | `\n`, `\r`, `\t`, `\u{E9}` | line feed, carriage return, tab, a character by its number in Unicode |
///
/// So `!(.*x.*)&.*y` is "contains no x and ends in y". Ranges follow the order of code points, and between words that
/// are integers that of their values. Where symbols are words, blanks between items do not count. Where they are bytes,
/// a character beyond ASCII is its bytes in UTF-8.
///
/// The automaton comes from Thompson's construction (1968), the subset construction over classes of symbols, and
/// Hopcroft's minimisation (1971). Every state can be reached and can still accept. States are in breadth-first order
/// from the start, so that two patterns of one language have the same automaton.
public struct Pattern: SymbolAutomaton, Hashable {
  /// The pattern as it was written.
  public let text: String
  /// The class of each symbol: an index into the rows of `transitions`.
  public let classOf: [Int32]
  /// The number of classes of symbols that the automaton tells apart.
  public let classCount: Int
  /// A row a state: the next state for each class of symbols, −1 where none follows. stateCount × classCount.
  public let transitions: [Int32]
  /// Whether each state accepts.
  public let accepting: [Bool]

  /// Compiles a pattern. Time and memory are bounded: about a second, whatever the pattern.
  ///
  /// - Parameters:
  ///   - name: what messages call it, such as the option that it came from.
  /// - Throws: `PatternError` for a text that is no pattern, for a symbol that the alphabet does not have, and where
  ///   the automaton would have more than a million states.
  public init(_ text: String, _ alphabet: Alphabet, name: String = "the pattern") throws {
    try self.init(text, alphabet, name: name, limits: PatternLimits())
  }

  /// The same with limits of its size.
  package init(_ text: String, _ alphabet: Alphabet, name: String = "the pattern", limits: PatternLimits) throws {
    let shown = "\(name) \(VisibleText.quoted(shortened(text)))"
    var parser = PatternParser(text, alphabet, pattern: shown)
    let syntax = try parser.parse()
    var budget = ConstructionBudget(pattern: shown, limits)
    let classes = try SymbolClasses(of: parser.sets, alphabetSize: alphabet.size, budget: &budget)
    let table = try StateTable(minimising: NondeterministicAutomaton(syntax, classes, &budget), &budget)
    self.text = text
    let numbers = table.equivalentClasses()
    let merged = table.mergingClasses(numbers).inCanonicalOrder()
    classOf = classes.classOf.map { numbers[Int($0)] }
    classCount = merged.classCount
    transitions = merged.transitions
    accepting = merged.accepting
  }

  /// The number of states; 0 where no sequence is accepted.
  public var stateCount: Int { accepting.count }

  /// The state before the first element, 0; nil where no sequence is accepted.
  public var start: Int? { accepting.isEmpty ? nil : 0 }

  /// The state after one more symbol; nil where no continuation is accepted. O(1).
  @inlinable public func next(_ state: Int, _ symbol: Symbol) -> Int? {
    let next = transitions[state * classCount + Int(classOf[symbol])]
    return next < 0 ? nil : Int(next)
  }

  /// Whether sequences that end in a state are accepted.
  @inlinable public func isAccepting(_ state: Int) -> Bool { accepting[state] }

  /// The next state for each symbol of the alphabet, −1 where no continuation is accepted. O(size of the alphabet).
  public func moves(_ state: Int) -> [Int32] {
    let row = state * classCount
    return classOf.map { transitions[row + Int($0)] }
  }
}
