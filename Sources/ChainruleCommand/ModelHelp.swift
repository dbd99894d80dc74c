import Chainrule
import Foundation

/// What the help pages say of a model's word, from the registry.
enum ModelHelp {
  static let text: String = {
    let registry = Registry.standard
    let families = registry.families.map { entry($0.name, $0.summary) }
    let lengths = registry.lengths.map { entry($0.name, $0.summary) }
    return """
      A model is one word, family[:options][/length[:options]], such as gru:128/tau
      or markov:3,smoothing=witten-bell/halt; without a length it ends by /eos.

      Families:
      \(families.joined(separator: "\n"))
      Lengths (how a sequence ends):
      \(lengths.joined(separator: "\n"))
      """
  }()

  /// A name and what it means, in lines of at most 78 columns that begin below each other.
  private static func entry(_ name: String, _ summary: String) -> String {
    let indent = 11
    var lines = [("  " + name).padding(toLength: indent, withPad: " ", startingAt: 0)]
    for word in summary.split(separator: " ") {
      if let last = lines.last, last.count > indent, last.count + 1 + word.count > 78 {
        lines.append(String(repeating: " ", count: indent))
      }
      let isFirst = lines[lines.count - 1].count == indent
      lines[lines.count - 1] += (isFirst ? "" : " ") + word
    }
    return lines.joined(separator: "\n")
  }
}
