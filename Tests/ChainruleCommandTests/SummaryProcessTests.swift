import Chainrule
import Foundation
import Probability
import Testing

/// Summaries of parts of the data that were made in processes of their own, each of which ends within a time limit.
@Suite struct SummaryProcessTests {
  /// Runs all at a time, and gives the files that they have written.
  private static func summaries(_ calls: [[String]], in folder: Folder) throws -> [TensorFile] {
    let executable = try Program.path(of: "SummaryProcess")
    let programs = try calls.enumerated().map { number, arguments in
      try Program(executable: executable, arguments + ["\(number).part"], in: folder)
    }
    return try programs.enumerated().map { number, program in
      let outcome = try program.outcome()
      try #require(outcome.code == 0, "\(outcome.errors)")
      return try TensorFile(folder.read("\(number).part"))
    }
  }

  /// Sequences with inputs x(t) of 0 or 1, as JSON lines.
  private static func data(_ count: Int, longest: Int, in folder: Folder) throws -> Dataset {
    var stream = RandomStream(seed: 12)
    let lines = (0..<count).map { _ in
      let length = Int(stream.uniform() * Double(longest + 1))
      let elements = (0..<length).map { _ in Int(stream.uniform() * 3) }
      let inputs = (0..<length).map { _ in [Int(stream.uniform() * 2)] }
      return #"{"y": \#(elements), "x": \#(inputs)}"#
    }
    try folder.write("data.jsonl", lines.joined(separator: "\n") + "\n")
    return try Dataset(reading: folder.url.appending(path: "data.jsonl").path)
  }

  /// Every table family: the model of three processes' counts is, byte for byte, that of the whole set.
  @Test(arguments: [
    "markov:3/eos", "markov:60/halt", "vlmc:4/eos", "ctw:30/tau", "table:x0+y2/halt", "tabular/tau:input=total",
  ])
  func countsAdd(_ word: String) throws {
    let folder = try Folder()
    let data = try Self.data(50, longest: 150, in: folder)
    let specification = try ModelSpecification(word)
    let parts = [0..<11, 11..<12, 12..<50]
    let summaries = try Self.summaries(
      parts.map { ["counts", word, "data.jsonl", "\($0.lowerBound)", "\($0.upperBound)"] }, in: folder)
    let whole = try SequenceModel.fit(specification, to: data.sequences, data.alphabet)
    let sum = try SequenceModel.fit(specification, toSummaries: summaries, of: data.sequences, data.alphabet)
    #expect(try ModelFile.bytes(of: sum) == ModelFile.bytes(of: whole))
  }

  /// Recurrent networks: the loss and gradient of four processes' shards are those of the minibatch, bit for bit.
  @Test(arguments: ["rnn:5/eos", "gru:hidden=4,layers=2/halt", "lstm:5/tau"])
  func gradientsAdd(_ word: String) throws {
    let folder = try Folder()
    let set = try Self.data(100, longest: 20, in: folder).sequences
    let specification = try ModelSpecification(word)
    let family = try #require(specification.family as? any RecurrentFamily)
    let cell = type(of: family).cell
    let shape = specification.shape(alphabetSize: set.alphabetSize, inputWidth: set.inputWidth)
    let layout = RecurrentLayout(shape: shape, family.architecture, cell)
    let parameters = RecurrentConditional<Float>(layout: layout, cell: cell, seed: 1).parameters
    let shards = BatchGradient<Float>.shards(set.count)
    #expect(shards == 4)
    var sum = LossGradient<Float>(count: layout.count)
    for file in try Self.summaries((0..<shards).map { ["gradient", word, "data.jsonl", "\($0)"] }, in: folder) {
      sum.add(try LossGradient(from: file, count: layout.count))
    }
    let whole = BatchGradient<Float>(layout, cell, threads: 2)
    let (nats, events, _) = whole.compute(whole.turns(of: set), of: set, parameters)
    #expect(sum.gradient == whole.sum && sum.nats == nats && sum.events == events)
    #expect(events == (0..<set.count).reduce(0) { $0 + shape.steps(length: set.length($1)) })
  }
}
