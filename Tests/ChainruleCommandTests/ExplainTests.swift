import Foundation
import Testing

/// What `explain` says of each figure.
@Suite struct ExplainTests {
  @Test(arguments: ["nats", "perplexity", "perplexity without end", "ppl1", "AIC", "bic", "delta", "guess number"])
  func figuresAreExplained(name: String) throws {
    let text = try Program.run("explain", name, in: Folder())
    #expect(text.code == 0 && ["formula", "counted", "unit"].allSatisfy { text.text.contains("\n\($0) ") })
    let json = try Program.run("explain", name, "--json", in: Folder()).json()["metrics"].list
    #expect(try json.count == 1 && json[0]["names"].list.contains { try $0.string.lowercased() == name.lowercased() })
    let list = try Program.run("explain", in: Folder())
    #expect(try list.text.contains("\n\(json[0]["names"].list[0].string) "))
    #expect(list.lines.count == (try Program.run("explain", "--json", in: Folder()).json()["metrics"].list.count) + 1)
  }

  @Test func asATable() throws {
    let outcome = try Program.run("explain", "--csv", in: Folder())
    #expect(outcome.code == 0 && outcome.lines[0] == "name,meaning,formula,counted,unit,printed_by,source")
    #expect(try outcome.lines.count == Program.run("explain", in: Folder()).lines.count)
  }
}
