import Foundation
import Testing

/// `sample --most-probable all`.
@Suite struct StreamTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    for (word, file) in [("markov:1", "model"), ("markov:1/tau", "tau"), ("rnn:2,epochs=1", "net")] {
      #expect(try Program.run("train", "train.txt", "--model", word, "-o", file, in: folder).code == 0)
    }
  }

  /// A reader who has seen enough closes the pipe: what came are the first ones, as a number of them asks for.
  @Test(arguments: ["model", "tau", "model --prefix da", "tau --length 4"])
  func aClosedPipeEndsIt(line: String) throws {
    let program = try Program.path
    #expect(try folder.shell("'\(program)' sample \(line) --most-probable all | head -n 101 > all") == 0)
    #expect(try folder.shell("'\(program)' sample \(line) --most-probable 100 > some") == 0)
    #expect(try folder.read("all") == folder.read("some"))
    #expect(try folder.read("all").split(separator: UInt8(ascii: "\n")).count == 101)
  }

  /// Ctrl-C leaves whole JSON.
  @Test func anInterruptionEndsIt() throws {
    let program = try Program(["sample", "model", "--most-probable", "all", "--json"], in: folder)
    program.closeInput()
    Thread.sleep(forTimeInterval: 1)
    program.interrupt()
    let outcome = try program.outcome()
    #expect(outcome.code == 130)
    let json = try JSON(outcome.output)
    #expect(try json["all"].bool == false && json["exact"].bool)
    let nats = try json["samples"].list.map { try $0["nats"].number }
    #expect(nats.count > 10 && zip(nats, nats.dropFirst()).allSatisfy { $0 <= $1 + 1e-9 })
  }

  /// A model of two sequences has no third.
  @Test func allThereAre() throws {
    try folder.write("two.txt", "ab\nab\nb\n")
    let word = "markov:1,smoothing=ml"
    #expect(try Program.run("train", "two.txt", "--model", word, "-o", "two", in: folder).code == 0)
    let json = try Program.run("sample", "two", "--most-probable", "all", "--json", in: folder).json()
    #expect(try json["samples"].list.map { try $0["text"].string } == ["ab", "b"] && json["all"].bool)
    #expect(try json["samples"].list.map { exp(-(try $0["nats"].number)) }.reduce(0, +) > 1 - 1e-9)
  }

  @Test func networksNeedANumber() throws {
    let outcome = try Program.run("sample", "net", "--most-probable", "all", in: folder)
    #expect(outcome.code == 64 && outcome.errors.contains("say how many") && outcome.text == "")
  }
}
