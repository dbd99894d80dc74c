import Foundation
import Testing

/// Inputs x(t) on their way through the program.
@Suite struct InputTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("steps.jsonl", "{\"y\": [\"a\", \"b\"], \"x\": [[1, 2], [3, 4]]}\n{\"y\": [], \"x\": []}\n")
    try folder.write("whole.jsonl", "{\"y\": [\"a\", \"b\"], \"x\": [0.5, 1]}\n{\"y\": [], \"x\": [1, 2]}\n")
    try folder.write("narrow.jsonl", "{\"y\": [\"a\"], \"x\": [1]}\n")
    try folder.write("plain.jsonl", "{\"y\": [\"a\", \"b\"]}\n{\"y\": []}\n")
  }

  @Test(arguments: [("steps", "step"), ("whole", "sequence")])
  func infoTellsOfInputs(name: String, per: String) throws {
    let x = try Program.run("info", "\(name).jsonl", "--json", in: folder).json()["x"]
    #expect(try x["width"].int == 2)
    #expect(try x["per"].string == per)
    let text = try Program.run("info", "\(name).jsonl", in: folder)
    #expect(text.lines.contains("x          2 numbers a \(per)"))
  }

  @Test func infoSaysNothingWithoutInputs() throws {
    #expect(try !Program.run("info", "plain.jsonl", "--json", in: folder).json().keys.contains("x"))
    #expect(try !Program.run("info", "plain.jsonl", in: folder).lines.contains { $0.hasPrefix("x ") })
  }

  /// Lengths that depend on x are drawn with the data's; most probable sequences would depend on it too.
  @Test func lawsOfLengthWithInputs() throws {
    let trained = try Program.run("train", "steps.jsonl", "--model", "rnn:2,epochs=1/eos", "-o", "model", in: folder)
    #expect(trained.code == 0)
    #expect(try Program.run("lengths", "model", in: folder).code == 64)
    #expect(try Program.run("lengths", "model", "plain.jsonl", in: folder).code != 0)
    let json = try Program.run("lengths", "model", "steps.jsonl", "--samples", "50", "--json", in: folder).json()
    #expect(try json["sampled"]["draws"].int == 50)
    #expect(try Program.run("sample", "model", "--most-probable", "2", in: folder).code == 64)
    let compared = try Program.run(
      "compare", "steps.jsonl", "--test", "steps.jsonl", "--lengths", "--model", "rnn:2,epochs=1", "--samples", "1",
      "--json", in: folder
    ).json()
    #expect(try compared["models"].list.allSatisfy { try $0["samples"].list.count == 1 })
  }

  @Test func sequencesThatDifferInInputsAreDistinct() throws {
    try folder.write("same.jsonl", "{\"y\": [1], \"x\": [1]}\n{\"y\": [1], \"x\": [2]}\n{\"y\": [1], \"x\": [1.0]}\n")
    #expect(try Program.run("info", "same.jsonl", "--json", in: folder).json()["distinct"].int == 2)
  }

  /// Bad data, not wrong usage: 65, with the place.
  @Test(arguments: [
    ("{\"y\": [1], \"x\": [1e999]}\n", "bad.jsonl:1:18: expected a number in x"),
    ("{\"y\": [1], \"x\": [1]}\n{\"y\": [1]}\n", "bad.jsonl:2:1: expected x, as in line 1, found none"),
    ("{\"y\": [1, 2], \"x\": [[1]]}\n", "bad.jsonl:1:20: expected 2 vectors in x"),
    ("{\"y\": [\"a\", 2.0]}\n", "bad.jsonl:1:13: a real number or a vector, where a symbol is expected"),
  ])
  func badInputsAreNamed(text: String, message: String) throws {
    try folder.write("bad.jsonl", text)
    let outcome = try Program.run("info", "bad.jsonl", in: folder)
    #expect(outcome.code == 65 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("steps", "narrow", "narrow.jsonl:1:19: expected x of 2 numbers a step, as in the training data, found 1"),
    ("whole", "plain", "plain.jsonl:1:1: expected x of 2 numbers a step, as in the training data, found none"),
    ("plain", "whole", "whole.jsonl:1:24: expected no x, as in the training data, found one of 2 numbers"),
  ])
  func otherDataHaveTheInputsOfTheTrainingData(train: String, other: String, message: String) throws {
    for arguments in [
      ["compare", "\(train).jsonl", "--test", "\(other).jsonl", "--model", "markov:1"],
      ["compare", "\(train).jsonl", "--test", "\(train).jsonl", "--valid", "\(other).jsonl", "--model", "markov:1"],
      ["train", "\(train).jsonl", "--valid", "\(other).jsonl", "--model", "markov:1", "-o", "model"],
    ] {
      let outcome = try Program.run(arguments, in: folder)
      #expect(outcome.code == 65 && outcome.errors.contains(message), "\(arguments) \(outcome.errors)")
    }
  }
}
