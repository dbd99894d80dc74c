import Support
import Sequences

/// What can be wrong with a pattern. All of them are wrong usage (exit code 64).
public enum PatternError: Error, Equatable, CustomStringConvertible {
  /// A text that is not of the language of patterns. The column counts characters from 1.
  case malformed(pattern: String, column: Int, expected: String, found: String)
  /// A symbol that is not in the alphabet. The advice, if there is any, is a clause that says what helps.
  case unknownSymbol(pattern: String, column: Int, symbol: String, advice: String?)
  /// An automaton of more states than the limit.
  case tooManyStates(pattern: String, limit: Int)
  /// A construction that takes more steps than the limit, with the states that the automaton had by then.
  case tooManySteps(pattern: String, limit: Int, states: Int)

  /// What is wrong and where, as a sentence.
  public var description: String {
    switch self {
    case .malformed(let pattern, let column, let expected, let found):
      "\(pattern), column \(column): expected \(expected), found \(found)."
    case .unknownSymbol(let pattern, let column, let symbol, let advice):
      "\(pattern), column \(column): the symbol \(VisibleText.quoted(shortened(symbol))) is not in the alphabet"
        + "\(advice.map { "; " + $0 } ?? "")."
    case .tooManyStates(let pattern, let limit):
      "\(pattern) is too large: its automaton needs more than \(limit.grouped) states; repeat fewer times or over less."
    case .tooManySteps(let pattern, let limit, let states):
      "\(pattern) is too large: \(limit.grouped) steps of its construction made \(states.grouped) states and not all "
        + "of them; repeat fewer times or over less."
    }
  }
}

extension Int {
  /// The number with commas between groups of three digits.
  fileprivate var grouped: String {
    let digits = Array(String(self))
    return digits.indices.map { ($0 > 0 && (digits.count - $0) % 3 == 0 ? "," : "") + String(digits[$0]) }.joined()
  }
}
