import Chainrule
import Foundation

/// What the help pages say of a model's word, from the registry.
enum ModelHelp {
  static let text: String = {
    let registry = Registry.standard
    let families = registry.families.map { (name: $0.name, summary: $0.summary) }
    let lengths = registry.lengths.map { (name: $0.name, summary: $0.summary) }
    let smoothers = registry.smoothers.map { (name: $0.name, summary: $0.summary) }
    // Summaries begin with the word and its parameter.
    let emissions = registry.emissions.map { type in
      let parts = type.summary.components(separatedBy: ": ")
      return (name: parts[0], summary: parts.dropFirst().joined(separator: ": "))
    }
    let indent = ((families + lengths + smoothers).map(\.name.count).max() ?? 0) + 4
    func list(_ entries: [(name: String, summary: String)]) -> String {
      entries.map { entry($0.name, $0.summary, indent) }.joined(separator: "\n")
    }
    return """
      A model is one word, family[:options][/length[:options]], such as gru:128/tau
      or markov:3,smoothing=witten-bell/halt; without a length it ends by /eos.

      Families:
      \(list(families))
      Smoothing of Markov models:
      \(list(smoothers))
      Lengths (how a sequence ends):
      \(list(lengths))
      Emissions (of vectors of d numbers at each step, emission=…):
      \(emissions.map { entry($0.name, $0.summary, (emissions.map(\.name.count).max() ?? 0) + 4) }.joined(separator: "\n"))
      Left out: gaussian:diagonal for real numbers, poisson for counts,
      bernoulli:autoregressive for bits, categorical:autoregressive for columns of
      categories.
      """
  }()

  /// A name and what it means, in lines of at most 78 columns that begin below each other; a line of the summary's own
  /// begins a new one.
  static func entry(_ name: String, _ summary: String, _ indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for paragraph in summary.split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        if !line.isEmpty, indent + line.count + 1 + word.count > 78 {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
      }
      lines.append(line)
    }
    let head = ("  " + name).padding(toLength: indent, withPad: " ", startingAt: 0)
    return head + lines.joined(separator: "\n" + margin)
  }
}
