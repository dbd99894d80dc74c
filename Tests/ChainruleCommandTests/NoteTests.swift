import Chainrule
import Foundation
import Testing

/// Notes on what a person may not expect, on standard error.
@Suite struct NoteTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
  }

  private func run(_ line: String, input: String? = nil) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), input: input.map { Data($0.utf8) }, in: folder)
  }

  /// One sequence cannot be divided: no part of nothing has figures.
  @Test func oneSequenceHoldsNothingOut() throws {
    try folder.write("one.txt", "abracadabra\n")
    for model in ["rnn:2,epochs=1", "markov:1,tune=valid"] {
      let outcome = try run("train one.txt --model \(model) -o out")
      #expect(outcome.code == 0 && outcome.errors.contains("one sequence leaves none to hold out"), "\(outcome.errors)")
      #expect(!outcome.text.contains("\nvalid") && !outcome.errors.contains("0 sequences"), "\(outcome.text)")
    }
    let compared = try run("compare one.txt --test one.txt --model rnn:2,epochs=1 --model markov:1 --json").json()
    for model in try compared["models"].list { #expect(!model.keys.contains("valid")) }
  }

  @Test func constantLengthsAreSaidToBe() throws {
    let same = (0..<60).map { ["abcab", "bbaca", "cabab"][$0 % 3] + "\n" }.joined()
    try folder.write("same.txt", same)
    let outcome = try run("compare same.txt --model markov:0 -q")
    #expect(outcome.text.contains("All training sequences have length 5: markov:0/eos spends"), "\(outcome.text)")
  }

  @Test func aModelOfATextReadsLinesWithANote() throws {
    try folder.write("text", String(repeating: "ab\nba\n", count: 20))
    #expect(try run("train text --input-format text --model markov:1 -o model").code == 0)
    let lines = try run("score model text")
    #expect(lines.code == 0 && lines.errors.contains("--input-format text"), "\(lines.errors)")
    for line in ["score model text --input-format text", "score model text --input-format lines"] {
      #expect(try !run(line).errors.contains("--input-format"))
    }
  }

  @Test(arguments: [(">a\nAC\n>b\nCA\n", "FASTA"), ("a,b\n1,2\n3,4\n", "commas")])
  func standardInputThatLooksLikeSomethingElse(text: String, name: String) throws {
    let outcome = try run("info -", input: text)
    #expect(outcome.code == 0 && outcome.errors.contains(name), "\(outcome.errors)")
  }

  /// A count that is the same for all lengths is given for this one, with a note.
  @Test func aCountThatDoesNotDependOnTheLength() throws {
    let counted = try run("parameters markov:1 gru:2 --alphabet-size 3 --length 4")
    #expect(counted.code == 0 && counted.errors.contains("do not depend on --length"), "\(counted.errors)")
    #expect(try run("parameters markov:1 tabular --alphabet-size 3 --length 4").errors == "")
  }

  /// The inputs that nobody gives are named.
  @Test func showSaysWhichInputsItTakes() throws {
    try folder.write("x.jsonl", "{\"y\": [\"a\", \"b\"], \"x\": [[1], [2]]}\n{\"y\": [\"b\"], \"x\": [[3]]}\n")
    #expect(try run("train x.jsonl --model rnn:2,epochs=1 -o model").code == 0)
    #expect(try run("show model").errors.contains("inputs x: they are taken as 0"))
    #expect(try run("train train.txt --model rnn:2,epochs=1 -o model").code == 0)
    #expect(try run("show model").errors == "")
  }

  /// Tables of order 2 under a word of order 3.
  @Test(arguments: ["markov:2/eos", "markov:2/halt", "markov:2,time=bucket:2/tau", "markov:2,smoothing=add:1/eos"])
  func aModelOfMoreOrderThanItsTablesIsRefused(word: String) throws {
    #expect(try run("train train.txt --model \(word) -o model").code == 0)
    var file = try TensorFile(folder.read("model"))
    let own = try #require(file.metadata["chainrule.model"])
    file.metadata["chainrule.model"] = own.replacing("k=2", with: "k=3")
    try folder.write("model", file.serialized())
    let outcome = try run("info model")
    #expect(outcome.code == 65 && outcome.errors.contains("order 3"), "\(outcome.errors)")
  }
}
