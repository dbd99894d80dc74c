import Foundation
import Testing

/// Help pages and tables as people see them.
@Suite struct LayoutTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
  }

  @Test(arguments: CommandList.commands)
  func usageComesFirst(command: CommandList.Command) throws {
    let page = try Program.run("help", command.name, in: folder)
    #expect(page.code == 0 && page.errors == "")
    #expect(page.text.hasPrefix("USAGE: chainrule \(command.name) "))
    #expect(page.text.contains("\nOPTIONS:\n") && !page.text.contains("OVERVIEW"))
    #expect(try Program.run(command.name, "--help", in: folder).text == page.text)
    // What a model may be is on a page of its own.
    #expect(page.text.contains("modified-kneser-ney") == (command.name == "models"))
    for line in page.lines.drop(while: { !$0.isEmpty }) { #expect(line.count <= 80, "\(line)") }
  }

  @Test func thePageOfModelsNamesThemAll() throws {
    let page = try Program.run("help", "models", in: folder).text
    let list = try Program.run("models", in: folder).text
    let json = try Program.run("models", "--json", in: folder).json()
    for kind in ["families", "smoothing", "lengths"] {
      for entry in try json[kind].list {
        let name = try entry["name"].string
        #expect(page.contains("  \(name) ") && list.contains("  \(name) "), "\(name)")
      }
    }
  }

  /// In a terminal of COLUMNS columns, columns are left out, said so, and names are cut; in a file there is room for all.
  @Test func tablesFitTheTerminal() throws {
    let words = "--model markov:1 --model markov:2,smoothing=jelinek-mercer,tune=valid/tau:input=total,prior=poisson"
    let command = "\(try Program.path) compare train.txt \(words) -q"
    #expect(try folder.shell("unset COLUMNS; \(command) > wide") == 0)
    for columns in [72, 80, 100] {
      #expect(try folder.shell("COLUMNS=\(columns) \(command) > narrow") == 0)
      let lines = String(decoding: try folder.read("narrow"), as: UTF8.self).split(separator: "\n")
      // The header and two rows.
      let table = lines.drop { !$0.contains("  test") }.prefix(3)
      // By these figures * is chosen.
      #expect(table.first?.contains("  valid") == true, "\(lines)")
      #expect(table.count == 3 && table.allSatisfy { $0.count <= columns }, "\(lines)")
      #expect(lines.contains { $0.hasPrefix("(no room for: fitted in") })
    }
    let wide = String(decoding: try folder.read("wide"), as: UTF8.self)
    #expect(wide.contains("fitted in") && !wide.contains("no room") && !wide.contains("…"))
  }
}
