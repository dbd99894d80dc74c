import Chainrule
import Foundation

/// What the help pages say of a model's word, from the registry.
enum ModelHelp {
  static let text: String = {
    let registry = Registry.standard
    let families = registry.families.map { line($0.name, $0.summary) }
    let lengths = registry.lengths.map { line($0.name, $0.summary) }
    return """
      A model is one word, family[:options][/length[:options]], such as markov:3/halt or gru:128,dropout=0.1/tau.
      Families:
      \(families.joined(separator: "\n"))
      Lengths (how a sequence ends):
      \(lengths.joined(separator: "\n"))
      """
  }()

  private static func line(_ name: String, _ summary: String) -> String {
    "  " + name.padding(toLength: 9, withPad: " ", startingAt: 0) + summary
  }
}
