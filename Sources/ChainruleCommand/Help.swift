import ArgumentParser

/// Help pages with the usage in front: the parser puts it behind the overview, where long ones hide it.
enum Help {
  /// The page that a request for help asks for; `nil` for any other error.
  static func page(for error: any Error) -> String? {
    let page = Main.fullMessage(for: error)
    guard Main.exitCode(for: error) == .success, page.hasPrefix(overview),
      let start = page.firstRange(of: "\n\n" + usage)?.lowerBound
    else { return nil }
    let rest = page[start...].dropFirst(2)
    let end = rest.firstRange(of: "\n\n")?.lowerBound ?? rest.endIndex
    return rest[..<end] + "\n\n" + page[..<start].dropFirst(overview.count) + rest[end...]
  }

  /// The parser answers `help` of something unknown with the root's page and success.
  /// - Throws: `ValidationError` where there is no such command.
  static func checkTopic(_ arguments: [String]) throws {
    guard arguments.first == "help", let topic = arguments.dropFirst().first(where: { !$0.hasPrefix("-") }) else {
      return
    }
    let commands = Main.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if !commands.contains(topic) {
      throw ValidationError("There is no command '\(topic)'; there are \(commands.joined(separator: ", ")).")
    }
  }

  private static let overview = "OVERVIEW: "
  private static let usage = "USAGE: "
}
