import Chainrule
import Foundation
import Testing

/// The same seed gives the same result, whatever the number of threads.
@Suite struct RepetitionTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(90, seed: 1))
  }

  @Test func compareDoesNotDependOnThreads() throws {
    func compare(_ threads: Int, seed: Int) throws -> [String: NSObject] {
      let outcome = try Program.run(
        ["compare", "train.txt", "--json", "--seed", "\(seed)", "--threads", "\(threads)"]
          + smallModels.flatMap { ["--model", $0] }, in: folder)
      // All but the time it took, and the command with its number of threads.
      var object = try #require(JSONSerialization.jsonObject(with: outcome.output) as? [String: NSObject])
      let models = try #require(object["models"] as? [[String: NSObject]])
      object["models"] = models.map { $0.filter { $0.key != "fitSeconds" } } as NSObject
      object["command"] = nil
      return object
    }
    let once = try compare(1, seed: 1)
    #expect(try compare(2, seed: 1) == once)
    #expect(try compare(3, seed: 1) == once)
    #expect(try compare(1, seed: 2) != once)
  }

  @Test(arguments: smallModels) func samplesDependNeitherOnThreadsNorOnTheirNumber(word: String) throws {
    func train(_ threads: Int) throws -> Data {
      let trained = try Program.run(
        "train", "train.txt", "--model", word, "-o", "model", "--threads", "\(threads)", in: folder)
      #expect(trained.code == 0, "\(trained.errors)")
      return try folder.read("model")
    }
    #expect(try train(1) == train(2))
    func sample(_ count: Int, seed: Int = 7, threads: Int) throws -> [String] {
      let options = ["-n", "\(count)", "--seed", "\(seed)", "--threads", "\(threads)", "--max-length", "40"]
      return try Program.run(["sample", "model"] + options, in: folder).lines
    }
    let fifty = try sample(50, threads: 1)
    #expect(fifty.count == 50)
    #expect(try sample(50, threads: 2) == fifty)
    #expect(try sample(5, threads: 2) == Array(fifty.prefix(5)))
    #expect(try sample(0, threads: 1) == [])
    #expect(try sample(50, seed: 8, threads: 1) != fifty)
  }

  /// They are drawn in pieces of some thousands.
  @Test func aPieceGoesOnWhereTheLastOneEnded() throws {
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
    let all = try Program.run("sample", "model", "-n", "5000", "--json", in: folder).json()
    let words = try all["samples"].list.map { try $0["y"].list.map { try $0.string }.joined() }
    #expect(words.count == 5000)
    #expect(try Program.run("sample", "model", "-n", "5000", in: folder).lines == words)
  }
}
