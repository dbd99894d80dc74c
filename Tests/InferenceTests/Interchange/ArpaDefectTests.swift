import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Files of `Tests/Conformance/arpa`, all made from `sound.arpa` by one change: read as what they are, read with a warning,
/// or refused with the line; never anything else.
@Suite struct ArpaDefectTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Conformance/arpa")

  private func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: Self.folder.appending(path: name + ".arpa"))
  }

  private func model(_ name: String) throws -> (model: SequenceModel, warnings: [String]) {
    // Words, as is said here: their being single characters is no defect.
    try ArpaFile.model(reading: ByteSource(bytes: Array(bytes(name)), name: name + ".arpa"), symbols: .words)
  }

  /// By hand, and KenLM says the same of those files that it reads. P(a b end) = 0.7 · 0.9 · 0.6; P(end) = 0.6 · 0.25; P(b a end) = (0.6 · 0.25) · 0.8 · 0.3;
  /// P(a a end) = 0.7 · (0.2 · 0.4 · 0.5) · 0.3.
  private static let probabilities: [([Symbol], Double)] = [
    ([0, 1], 0.378), ([], 0.15), ([1, 0], 0.036), ([0, 0], 0.0084),
  ]

  private func expectSound(_ model: SequenceModel, but different: [[Symbol]: Double] = [:], _ name: String) {
    #expect(model.alphabet.symbols == ["a", "b"], "\(name)")
    for (sequence, probability) in Self.probabilities {
      let wanted = different[sequence] ?? probability
      #expect(abs(exp(-model.score(of: sequence).nats) / wanted - 1) < 1e-6, "\(name) \(sequence)")
    }
  }

  @Test(arguments: [
    "sound", "blanks", "crlf", "scientific", "comments", "mark", "zero-section", "zero-section-unnamed",
    "zero-backoffs",
    "blanks-in-header",
  ])
  func theSameModelWrittenOtherwise(_ name: String) throws {
    let (model, warnings) = try model(name)
    #expect(warnings.isEmpty, "\(warnings)")
    expectSound(model, name)
  }

  @Test func compressed() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).arpa.gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try OutputFile.write(bytes("sound"), to: path)
    expectSound(try ArpaFile.model(reading: ByteSource(opening: path)).model, "gzip")
  }

  /// The warnings, and those sequences whose probability the change makes another one.
  @Test(
    arguments: [
      ("no-end", ["no-end.arpa:21: missing lines \\end\\"], [:]),
      ("missing-context", ["missing-context.arpa:22: n-grams whose context is missing: 1, the first here: b b a"], [:]),
      ("missing-suffix", ["missing-suffix.arpa:20: n-grams whose shorter n-gram is missing: 1"], [:]),
      // P(a | b) = 0.5 in place of 0.8.
      ("bad-sum", ["the worst is 'b' with 0.69999"], [[1, 0]: 0.0225]),
      ("missing-backoff", ["1 of 6 contexts do not sum to one; the worst is 'a b' with 1.5"], [:]),
      // Nothing is known of beginnings: 0.5 · 0.5 · 0.6, 0.25, 0.25 · 0.8 · 0.3 and 0.5 · (0.4 · 0.5) · 0.3.
      (
        "no-start", ["no-start.arpa:6: missing lines for <s>"], [[0, 1]: 0.15, []: 0.25, [1, 0]: 0.06, [0, 0]: 0.03]
      ),
      ("end-inside", ["end-inside.arpa:18: n-grams that can never occur: 1, the first here: -0.5 </s> a"], [:]),
      ("start-inside", ["start-inside.arpa:18: n-grams that can never occur: 1, the first here: -0.5 a <s>"], [:]),
      ("text-after-end", ["text-after-end.arpa:24: lines behind \\end\\: 1, the first here: and more"], [:]),
      ("longest-backoff", ["longest-backoff.arpa:20: back-offs of the longest n-grams: 1"], [:]),
    ] as [(String, [String], [[Symbol]: Double])])
  func readWithAWarning(_ name: String, _ expected: [String], _ different: [[Symbol]: Double]) throws {
    let (model, warnings) = try model(name)
    #expect(warnings.count == expected.count, "\(warnings)")
    for (warning, part) in zip(warnings, expected) { #expect(warning.contains(part), "\(warning)") }
    expectSound(model, but: different, name)
  }

  @Test(
    arguments: [
      ("empty", 1, "there is no line \\data\\"), ("no-data", 22, "there is no line \\data\\"),
      ("no-counts", 3, "expected 'ngram 1=COUNT'"), ("count-no-number", 3, "expected 'ngram N=COUNT'"),
      ("count-missing", 3, "expected the number of 2-grams"), ("count-twice", 4, "expected the number of 3-grams"),
      ("count-too-small", 17, "one more than the 4 2-grams of the header"),
      ("count-too-large", 19, "the header says 6 2-grams, and there are 5"),
      ("section-missing", 12, "one more than the 4 1-grams"), ("section-misnamed", 12, "expected \\2-grams:"),
      ("cut-between-lines", 20, "the header says 2 3-grams, and there are 1"),
      ("cut-in-a-line", 21, "expected a logarithm, 3 words"), ("cut-in-a-number", 21, "expected a logarithm, 3 words"),
      ("cut-in-a-word", 20, "the file ends within a line"),
      ("positive", 13, "positive logarithms"), ("positive-unigram", 10, "positive logarithms"),
      ("duplicate", 18, "twice: 1, the first here: -0.2 a b"), ("duplicate-unigram", 10, "twice: 1, the first here: a"),
      ("unknown-word", 16, "\"c\" is not among the unigrams"), ("no-end-word", 6, "there is no </s>"),
      ("no-symbols", 6, "there is no symbol"), ("too-few-words", 16, "found 2 pieces"),
      ("too-many-words", 16, "found 5 pieces"), ("no-number", 16, "\"-0.09x\""), ("nan", 16, "\"nan\""),
      ("nan-backoff", 14, "\"nan\""), ("infinite-backoff", 14, "an absurd back-off"),
      ("two-words-one-symbol", 11, "a second word for the symbol \"<x\""),
    ])
  func refusedWithTheLine(_ name: String, _ line: Int, _ reason: String) throws {
    let error = #expect(throws: DataError.self) { try model(name) }
    guard case .malformed(let location, let problem) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(location.file == name + ".arpa" && location.line == line, "\(location)")
    #expect(problem.contains(reason), "\(problem)")
  }

  @Test func otherEncodingsAreRefused() throws {
    let error = #expect(throws: DataError.self) { try model("latin-1") }
    #expect(error == .notUTF8(Location(file: "latin-1.arpa", line: 21, column: 14), byte: 0xE9))
  }

  /// Every file of the folder is in one of the lists above.
  @Test func nothingIsLeftOut() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.count == 10 + 10 + 28 + 1)
  }

  /// The audit's figures; it reads what a model may not be read from.
  @Test(
    arguments: [
      ("sound", [:], true), ("crlf", [:], true), ("no-end", [.missingEnd: 1], true),
      ("missing-suffix", [.missingSuffix: 1], true), ("positive", [.positiveLog: 1], false),
      ("duplicate", [.duplicate: 1], false), ("missing-context", [.missingContext: 1], false), ("bad-sum", [:], false),
    ] as [(String, [ArpaFinding.Kind: Int], Bool)])
  func audit(_ name: String, _ findings: [ArpaFinding.Kind: Int], _ isSound: Bool) throws {
    let audit = try ArpaAudit(reading: ByteSource(bytes: Array(bytes(name)), name: name))
    #expect(audit.findings.mapValues(\.count) == findings)
    #expect(audit.isSound == isSound)
    #expect(audit.counts[0] == 3)
    if name == "sound" {
      #expect(audit.contexts == 6 && audit.unsoundContexts == 0)
      #expect(abs(audit.worst.sum - 1) < 1e-6)
    }
    if name == "bad-sum" { #expect(audit.worst.context == "b" && abs(audit.worst.sum - 0.7) < 1e-6) }
  }

  /// Files with some bytes changed, left out or doubled are refused, or are models that say no NaN.
  @Test func mutationsDoNoHarm() throws {
    let whole = try Array(bytes("sound"))
    var stream = RandomStream(seed: 17, purpose: "arpa")
    var read = 0
    for _ in 0..<4000 {
      var broken = whole
      for _ in 0...Int(stream.uniform() * 3) {
        let place = Int(stream.uniform() * Double(broken.count))
        switch stream.next() % 4 {
        case 0: broken[place] = UInt8(truncatingIfNeeded: stream.next())
        // A character that stands in such files.
        case 1: broken[place] = whole[Int(stream.uniform() * Double(whole.count))]
        case 2: broken.remove(at: place)
        default: broken.insert(broken[place], at: place)
        }
      }
      do {
        let (model, _) = try arpaModel(Data(broken))
        read += 1
        for sequence in Toys.allSequences(min(model.alphabet.size, 2), longest: 3) {
          #expect(!model.score(of: sequence).nats.isNaN)
        }
        _ = try ArpaFile.bytes(of: model)
        _ = try model.pruned(threshold: 1e-3)
      } catch is DataError {}
    }
    #expect(read > 200)
  }
}
