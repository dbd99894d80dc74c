import Foundation
import Inference
import Models
import Sequences
import Testing

/// Recurrent models from files that another program wrote score as that program says: `Tests/Reference/recurrent.py`,
/// which is checked against PyTorch.
@Suite struct ReferenceTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Reference/recurrent").standardized

  static let files = ["rnn", "gru", "lstm"].flatMap { cell in
    [1, 2].flatMap { layers in ["eos", "halt"].map { "\(cell)-\(layers)-\($0).safetensors" } }
  }

  struct Expected {
    var string: String
    var nats: Double
    var natsLength: Double
  }

  /// The lines of `expected.tsv` about a file.
  private static func expected(_ file: String) throws -> [Expected] {
    let table = try String(contentsOf: folder.appending(path: "expected.tsv"), encoding: .utf8)
    return try table.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.first == file[...] else { return nil }
      try #require(fields.count == 4)
      return Expected(
        string: String(fields[1]), nats: try #require(Double(fields[2])), natsLength: try #require(Double(fields[3])))
    }
  }

  @Test(arguments: files)
  func scoresAreTheReferences(_ file: String) throws {
    let model = try ModelFile.model(from: Data(contentsOf: Self.folder.appending(path: file)))
    let expected = try Self.expected(file)
    #expect(expected.count == 13)
    let sequences = try expected.map { line in
      try line.string.map { try #require(model.alphabet.index(of: String($0))) }
    }
    let batched = model.scores(of: SequenceSet(sequences, alphabetSize: model.alphabet.size))
    for (index, line) in expected.enumerated() {
      let tolerance = 1e-5 * max(line.nats, 1)
      for score in [model.score(of: sequences[index]), batched[index]] {
        #expect(abs(score.nats - line.nats) <= tolerance, "\(line.string)")
        #expect(abs(score.natsLength - line.natsLength) <= tolerance, "\(line.string)")
      }
    }
  }
}
