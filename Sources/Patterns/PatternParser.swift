import Sequences
import Support

/// A parser by recursive descent for the language of patterns, which `Pattern` describes.
///
///     intersection  = alternation { "&" alternation }
///     alternation   = concatenation { "|" concatenation }
///     concatenation = { item [ "?" | "*" | "+" | "{" m [ "," [ n ] ] "}" ] }
///     item          = symbol | "." | set | "(" intersection ")" | "!" "(" intersection ")"
struct PatternParser {
  /// Groups within groups: more would need too much of the stack.
  static let deepest = 200

  let alphabet: Alphabet
  /// The pattern as messages name it.
  let pattern: String
  private let text: [Character]
  private var position = 0
  private var depth = 0
  /// The sets of symbols that occur, each once.
  private(set) var sets: [SymbolSet] = []
  private var setNumbers: [SymbolSet: Int] = [:]

  /// - Parameter pattern: what messages call the pattern.
  init(_ text: String, _ alphabet: Alphabet, pattern: String) {
    self.alphabet = alphabet
    self.pattern = pattern
    self.text = alphabet.kind == .graphemes ? Array(text) : text.unicodeScalars.map(Character.init)
  }

  /// The syntax tree of the whole text.
  /// - Throws: `PatternError`.
  mutating func parse() throws -> PatternSyntax {
    let syntax = try intersection()
    // Only a ")" ends what came before it.
    if let next { throw expected("the end of the pattern, since no group is open here\(spelling(next))") }
    return syntax
  }

  // MARK: Characters

  /// The next character; where symbols are words, blanks do not count.
  var next: Character? { position < text.count ? text[position] : nil }

  mutating func advance() {
    position += 1
    skipBlanks()
  }

  /// Moves past a character if it is the next one.
  mutating func skip(_ character: Character) -> Bool {
    if next != character { return false }
    advance()
    return true
  }

  private mutating func skipBlanks() {
    while alphabet.kind == .words, let next, next.isWhitespace { position += 1 }
  }

  /// The column of the next character, from 1.
  var column: Int { position + 1 }

  /// An error that says what was expected, and what stands there.
  func expected(_ what: String, column: Int? = nil, found: String? = nil) -> PatternError {
    let found = found ?? next.map { VisibleText.quoted(String($0)) } ?? "the end of the pattern"
    return .malformed(pattern: pattern, column: column ?? self.column, expected: what, found: found)
  }

  /// How a character with a meaning is written as a symbol, for messages.
  func spelling(_ character: Character) -> String {
    alphabet.kind == .words ? "" : #" (the symbol: "\\#(character)")"#
  }

  // MARK: The grammar

  private mutating func intersection() throws -> PatternSyntax {
    skipBlanks()
    var parts = [try alternation()]
    while skip("&") { parts.append(try alternation()) }
    return .intersection(parts)
  }

  private mutating func alternation() throws -> PatternSyntax {
    var parts = [try concatenation()]
    while skip("|") { parts.append(try concatenation()) }
    return parts.count == 1 ? parts[0] : .alternation(parts)
  }

  private mutating func concatenation() throws -> PatternSyntax {
    var parts: [PatternSyntax] = []
    while let next, !["|", "&", ")"].contains(next) {
      let item = try item()
      parts.append(try repeated(item))
    }
    return parts.count == 1 ? parts[0] : .concatenation(parts)
  }

  private mutating func item() throws -> PatternSyntax {
    switch next {
    case "(": return try group()
    case "!":
      advance()
      if next != "(" { throw expected(#""(" after "!", which excludes a group\#(spelling("!"))"#) }
      return .not(try group())
    case ".":
      advance()
      return symbol(SymbolSet([0..<alphabet.size]))
    case "[":
      return symbol(try set())
    case let quantifier? where ["?", "*", "+", "{"].contains(quantifier):
      throw expected("something to repeat before it\(spelling(quantifier))")
    case let bracket? where ["]", "}"].contains(bracket):
      throw expected("an item, since no bracket is open here\(spelling(bracket))")
    default: return try literal()
    }
  }

  private mutating func group() throws -> PatternSyntax {
    let column = column
    depth += 1
    if depth > Self.deepest {
      throw expected("at most \(Self.deepest) groups within each other", found: "one more")
    }
    advance()
    let syntax = try intersection()
    if next != ")" { throw expected(#"the ")" of the "(" in column \#(column)"#) }
    advance()
    depth -= 1
    return syntax
  }

  /// An item with its quantifier, if there is one.
  private mutating func repeated(_ item: PatternSyntax) throws -> PatternSyntax {
    guard let quantifier = next, ["?", "*", "+", "{"].contains(quantifier) else { return item }
    advance()
    let (least, most) =
      switch quantifier {
      case "?": (0, 1 as Int?)
      case "*": (0, nil)
      case "+": (1, nil)
      default: try bounds()
      }
    if let second = next, ["?", "*", "+", "{"].contains(second) {
      throw expected("another item, since a repeated one is repeated again only as a group\(spelling(second))")
    }
    return .repetition(item, atLeast: least, atMost: most)
  }

  /// What stands in braces: `m}`, `m,}` or `m,n}`.
  private mutating func bounds() throws -> (Int, Int?) {
    let least = try number()
    var most: Int? = least
    if skip(",") {
      let column = column
      most = try next == "}" ? nil : number()
      if let most, most < least {
        throw expected("a number of at least \(least)", column: column, found: String(most))
      }
    }
    if next != "}" { throw expected(#""}" after the number"#) }
    advance()
    return (least, most)
  }

  /// A number; one that is too large for any automaton is the largest.
  private mutating func number() throws -> Int {
    var digits = ""
    while let next, next.isASCII, next.isNumber {
      digits.append(next)
      advance()
    }
    if digits.isEmpty { throw expected("a number") }
    return Int(digits) ?? .max
  }

  // MARK: Symbols

  /// A symbol of a set, each set being listed once.
  private mutating func symbol(_ set: SymbolSet) -> PatternSyntax {
    let number = setNumbers[set, default: sets.count]
    if number == sets.count {
      setNumbers[set] = number
      sets.append(set)
    }
    return .symbol(set: number)
  }

  /// A symbol outside of sets.
  private mutating func literal() throws -> PatternSyntax {
    let column = column
    let name = try name()
    // Written as it is, a character beyond ASCII is as many bytes as UTF-8 has of it; "\u{C3}" is the byte itself.
    if alphabet.kind == .bytes, position == column, name.utf8.count > 1 {
      let bytes = name.utf8.map { String(UnicodeScalar($0)) }
      return .concatenation(try bytes.map { symbol(SymbolSet([try range(of: $0, column: column)])) })
    }
    return symbol(SymbolSet([try range(of: name, column: column)]))
  }

  /// Reads the name of a symbol: a character, an escape or `<name>`.
  mutating func name() throws -> String {
    guard let first = next else { throw expected("a symbol") }
    if first == "<" { return try bracketedName() }
    if alphabet.kind == .words { throw expected("a word in <…>") }
    let name = first == "\\" ? try escaped() : String(first)
    advance()
    return name
  }

  private mutating func bracketedName() throws -> String {
    let column = column
    var name = ""
    position += 1
    while let next, next != ">" {
      name += next == "\\" ? try escaped() : String(next)
      position += 1
    }
    if next == nil { throw expected(#"the ">" of the "<" in column \#(column)"#) }
    if name.isEmpty { throw expected(#"a symbol's name before ">""#) }
    advance()
    return name
  }

  /// Reads an escape but for its last character.
  private mutating func escaped() throws -> String {
    position += 1
    switch next {
    case nil: throw expected(#"a character after "\""#)
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try scalar()
    case let character? where character.isASCII && (character.isLetter || character.isNumber):
      throw expected(#"a character other than a letter or digit after "\", but for \n, \r, \t and \u{…}"#)
    case let character?: return String(character)
    }
  }

  /// Reads `u{…}`, a number in hexadecimal, but for the brace at its end.
  private mutating func scalar() throws -> String {
    position += 1
    if next != "{" { throw expected(#""{" and a number in hexadecimal after "\u""#) }
    position += 1
    let column = column
    var digits = ""
    while let next, next.isHexDigit, next.isASCII {
      digits.append(next)
      position += 1
    }
    if digits.isEmpty || next != "}" {
      throw expected(digits.isEmpty ? "a number in hexadecimal" : #""}" after the number"#)
    }
    guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else {
      throw expected("the number of a character in Unicode", column: column, found: shortened(digits))
    }
    return String(Character(scalar))
  }
}
