import Foundation

/// What the program itself says of its commands and their options.
struct CommandList {
  struct Option: Sendable {
    /// The long name where there is one: "--seed", "-n".
    var name: String
    var isFlag: Bool
    var isRepeating: Bool
  }

  struct Command: Sendable, CustomStringConvertible {
    var name: String
    var options: [Option]
    var description: String { name }
  }

  /// All commands but `help`, without the options that the argument parser answers itself.
  static let commands: [Command] = (try? read()) ?? []

  private static func read() throws -> [Command] {
    let text = try Program.run("--experimental-dump-help", in: Folder()).output
    return try JSON(text)["command"]["subcommands"].list.compactMap { command in
      let name = try command["commandName"].string
      guard name != "help", command.keys.contains("arguments") else { return nil }
      let options = try command["arguments"].list.compactMap { argument -> Option? in
        let kind = try argument["kind"].string
        guard kind != "positional" else { return nil }
        let names = try argument["names"].list.map { name in
          (try name["kind"].string == "long" ? "--" : "-") + (try name["name"].string)
        }
        guard let name = names.first(where: { $0.hasPrefix("--") }) ?? names.first,
          !["--help", "--version"].contains(name)
        else { return nil }
        return Option(name: name, isFlag: kind == "flag", isRepeating: try argument["isRepeating"].bool)
      }
      return Command(name: name, options: options)
    }
  }
}
