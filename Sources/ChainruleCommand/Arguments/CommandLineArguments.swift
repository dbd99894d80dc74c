import ArgumentParser

/// A command in whose line some options may stand several times.
protocol RepeatingOptions {
  static var repeatableOptions: Set<String> { get }
}

/// The words of the command line, in two respects in which the argument parser does not say what a person means.
enum CommandLineArguments {
  /// Joins an option and a negative number behind it, `-n -3` to `-n=-3`: the parser would take the number for an option.
  static func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return joined + arguments[index...] }
      if let option = joined.last, isOption(option), !option.contains("="), isNegativeNumber(argument) {
        joined[joined.count - 1] = "\(option)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
    return joined
  }

  private static func isOption(_ argument: String) -> Bool {
    argument.hasPrefix("-") && argument.count > 1 && !isNegativeNumber(argument)
  }

  private static func isNegativeNumber(_ argument: String) -> Bool {
    argument.hasPrefix("-") && Double(argument) != nil
  }

  /// Refuses an option that is given twice: the parser would take the last one without a word.
  /// - Throws: `ValidationError`.
  static func checkRepetitions(_ arguments: [String], of command: any ParsableCommand.Type) throws {
    let repeatable = (command as? any RepeatingOptions.Type)?.repeatableOptions ?? []
    var seen: Set<String> = []
    for argument in arguments.prefix(while: { $0 != "--" }) where isOption(argument) {
      let name = String(argument.prefix { $0 != "=" })
      guard seen.insert(longNames[name] ?? name).inserted || repeatable.contains(name) else {
        throw ValidationError("\(name) is given twice, and only one of the two could be used.")
      }
    }
  }

  private static let longNames = ["-o": "--output", "-q": "--quiet", "-h": "--help"]
}
