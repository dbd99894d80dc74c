import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// ARPA files out and in.
@Suite struct ArpaTests {
  static let words =
    Toys.words.filter {
      ($0.hasPrefix("markov") || $0.hasPrefix("vlmc")) && $0.hasSuffix("/eos") && !$0.contains("time=")
    } + ["markov:9/eos"]

  private func letters(_ sequence: [Symbol]) -> [String] { sequence.map { ["a", "b", "c"][$0] } }

  /// What is written means the same to another reader, and every n-gram's context is there.
  @Test(arguments: words)
  func anotherReaderFindsTheSame(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let file = try ArpaByHand(ArpaFile.bytes(of: model, .full))
    for words in file.grams.keys where words.count > 1 {
      #expect(file.grams[words.dropLast()] != nil, "\(words)")
      #expect(file.grams[Array(words.dropFirst())] != nil || word.contains("add") || word.contains("ml"), "\(words)")
    }
    #expect(file.counts.reduce(0, +) == file.grams.count)
    for sequence in Toys.allSequences(3, longest: 4) {
      let nats = model.score(of: sequence).nats
      // There is no log of 0 in ARPA: 10^-99 stands for it.
      if nats == .infinity {
        #expect(file.nats(letters(sequence)) > 98 * log(10))
      } else {
        #expect(abs(file.nats(letters(sequence)) - nats) < 1e-12 * (1 + nats), "\(word) \(sequence)")
      }
    }
  }

  @Test(arguments: words)
  func roundTrip(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let isUnsmoothed = model.specification.family.isUnsmoothed
    // Seven decimals of log10 are 1.2e-7 of a nat, twice for each event at most.
    for (precision, tolerance) in [(.full, 1e-13), (.seven, 2.5e-7)] as [(ArpaFile.Precision, Double)] {
      let bytes = try ArpaFile.bytes(of: model, precision)
      let (back, warnings) = try arpaModel(bytes)
      #expect(back.specification.word.hasPrefix("arpa:k=") && back.specification.word.hasSuffix("/eos"))
      #expect(back.alphabet == model.alphabet)
      #expect(warnings.allSatisfy { $0.contains("shorter n-gram") && (word.contains("add") || word.contains("ml")) })
      #expect(try ArpaAudit(reading: ByteSource(bytes: Array(bytes), name: "a")).isSound)
      for sequence in Toys.allSequences(3, longest: 4) {
        let nats = model.score(of: sequence).nats
        if isUnsmoothed, nats == .infinity { continue }
        #expect(abs(back.score(of: sequence).nats - nats) < tolerance * Double(4 * sequence.count + 4), "\(word)")
      }
    }
  }

  /// As a safetensors file: the same model, the same bytes.
  @Test(arguments: words)
  func survivesItsModelFile(_ word: String) throws {
    let (model, _) = try arpaModel(ArpaFile.bytes(of: Toys.model(word, alphabetSize: 3)))
    let bytes = try ModelFile.bytes(of: model)
    let back = try ModelFile.model(from: bytes)
    #expect(back.specification.word == model.specification.word)
    #expect(back.alphabet == model.alphabet && back.notes == model.notes)
    #expect(back.storedParameters == model.storedParameters)
    #expect(try ModelFile.bytes(of: back) == bytes)
    for sequence in Toys.allSequences(3, longest: 4) {
      #expect(back.score(of: sequence) == model.score(of: sequence))
    }
  }

  /// A distribution over all strings, step by step, with and without `predict`.
  @Test(arguments: words.filter { !$0.contains("ml") })
  func stepsAreDistributions(_ word: String) throws {
    let (model, _) = try arpaModel(ArpaFile.bytes(of: Toys.model(word, alphabetSize: 3), .full))
    func check<C: Conditional>(_ conditional: C) {
      let inputs = StepInputs(time: 0)
      var prediction = Prediction(conditional.shape)
      for sequence in [[], [0], [2, 2, 2, 2], [1, 0, 2, 1, 0, 2]] as [[Symbol]] {
        var state = conditional.start(inputs)
        for time in 0...sequence.count {
          conditional.predict(state, inputs, into: &prediction)
          #expect(abs(prediction.logProbabilities.reduce(0) { $0 + exp($1) } - 1) < 1e-12)
          for (outcome, logProbability) in prediction.logProbabilities.enumerated() {
            #expect(abs(exp(logProbability) - exp(conditional.logProbability(of: outcome, state, inputs))) < 1e-14)
          }
          #expect(prediction.logStop == prediction.logProbabilities[conditional.shape.alphabetSize])
          #expect(abs(exp(prediction.logStop) + exp(prediction.logContinue) - 1) < 1e-12)
          if time < sequence.count { conditional.advance(&state, past: sequence[time], inputs) }
        }
      }
    }
    check(model.conditional)
  }

  /// Many at once are scored as by the walk, whole models and pruned ones.
  @Test(arguments: words, [0, 1e-3, 1e-2])
  func batchAgreesWithTheWalk(_ word: String, _ threshold: Double) throws {
    let fitted = try Toys.model(word, alphabetSize: 3)
    let (model, _) = try arpaModel(ArpaFile.bytes(of: threshold == 0 ? fitted : fitted.pruned(threshold: threshold)))
    let set = SequenceSet(Toys.allSequences(3, longest: 5), alphabetSize: 3)
    for (score, walked) in zip(model.scores(of: set, threads: 2), model.walkScores(of: set)) {
      #expect(abs(score.nats - walked.nats) < 1e-10 * (1 + walked.nats))
    }
  }

  /// Symbols that contain blanks, look like reserved words or like the escapes of such.
  @Test(arguments: [nil, "?", "<unk>", "<s>"] as [String?], [SymbolKind.words, .graphemes])
  func anySymbolComesBack(_ unknown: String?, _ kind: SymbolKind) throws {
    let odd = [
      " ", "\t", "\n", "a b", "\u{A0}", "\u{2028}", "\u{85}", "\0", "<s>", "</s>", "<unk>", "<UNK>", "<S>", "<U+0020>",
      "<U+003C>", "<U+003C>s>", "<U+0041>", "<", "<<s>", "<U+", "%20", "\\end\\", "\\2-grams:", "#", "-1", "é", "?",
      "🙂",
    ]
    let symbols = odd.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let alphabet = try Alphabet(symbols: symbols, kind: kind, unknown: unknown)
    let set = SequenceSet(
      [Array(0..<symbols.count), Array((0..<symbols.count).reversed())], alphabetSize: symbols.count)
    let model = try SequenceModel.fit(ModelSpecification("markov:2"), to: set, alphabet)
    let (back, warnings) = try arpaModel(ArpaFile.bytes(of: model, .full))
    #expect(warnings.isEmpty)
    #expect(back.alphabet == alphabet)
    #expect(abs(back.score(of: set[0]).nats - model.score(of: set[0]).nats) < 1e-10)
    let counts = try NGramCounts(of: model)
    let again = try CountsFile.counts(reading: ByteSource(bytes: Array(CountsFile.bytes(of: counts)), name: "c"))
    #expect(again.alphabet == alphabet)
  }

  /// A file of another program: words, and its `<unk>` for unseen ones.
  @Test func unseenWordsAreUnknown() throws {
    let text = """
      \\data\\
      ngram 1=4

      \\1-grams:
      -0.30103 a
      -0.60206 <unk>
      -0.60206 </s>
      -99 <s>

      \\end\\

      """
    let (model, warnings) = try arpaModel(Data(text.utf8))
    #expect(warnings.isEmpty)
    #expect(model.alphabet.kind == .words && model.alphabet.symbols == ["<unk>", "a"] && model.alphabet.unknown == 0)
    // 1/4 of the unseen word, 1/2 of "a", 1/4 of the end.
    #expect(abs(model.score(of: [0, 1]).nats - log(32)) < 1e-5)
  }

  @Test(arguments: ["markov:2/halt", "markov:2/tau", "tabular/eos", "rnn:4/eos"])
  func otherModelsAreRefused(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    #expect(throws: SpecificationError.self) { try ArpaFile.bytes(of: model) }
  }

  /// It holds what was read, and cannot be fitted.
  @Test func theFamilyIsNotFitted() throws {
    #expect(throws: SpecificationError.self) { try Toys.model("arpa:2/eos", alphabetSize: 2) }
    #expect(throws: SpecificationError.self) { try ModelSpecification("arpa/eos") }
    let fitted = try ModelSpecification("markov:2/eos")
    let specification = try ModelSpecification("arpa:2")
    #expect(specification.word == "arpa:k=2/eos")
    #expect(
      try specification.freeParameters(alphabetSize: 26, longest: nil)
        == fitted.freeParameters(alphabetSize: 26, longest: nil))
  }

  /// A model file with some bytes changed is refused, or is a model that says no NaN.
  @Test func brokenModelFilesDoNoHarm() throws {
    let bytes = try ModelFile.bytes(of: arpaModel(ArpaFile.bytes(of: Toys.model("markov:2", alphabetSize: 2))).model)
    var stream = RandomStream(seed: 31, purpose: "arpa")
    for _ in 0..<1000 {
      var broken = bytes
      for _ in 0...Int(stream.uniform() * 3) {
        broken[Int(stream.uniform() * Double(broken.count))] = UInt8(truncatingIfNeeded: stream.next())
      }
      guard let model = try? ModelFile.model(from: broken) else { continue }
      for sequence in Toys.allSequences(min(model.alphabet.size, 2), longest: 3) {
        #expect(!model.score(of: sequence).nats.isNaN)
      }
      var options = SamplingOptions()
      options.maximumLength = 50
      _ = try model.samples(3, seed: 1, options)
    }
  }
}
