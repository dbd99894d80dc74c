import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// A model comes back from its file as it was, and a broken file does not come back at all.
@Suite struct ModelFileTests {
  @Test(arguments: Toys.words)
  func roundTrip(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let bytes = try ModelFile.bytes(of: model)
    let back = try ModelFile.model(from: bytes)
    #expect(back.specification.word == model.specification.word)
    #expect(back.alphabet == model.alphabet)
    #expect(back.facts == model.facts)
    #expect(back.prior.map { AnyHashable($0) } == model.prior.map { AnyHashable($0) })
    #expect(back.storedParameters == model.storedParameters)
    #expect(back.notes == model.notes)
    #expect(try ModelFile.bytes(of: back) == bytes)
    var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
    #expect(try ModelFile.bytes(of: ModelFile.model(reading: &source)) == bytes)
    for sequence in Toys.allSequences(3, longest: 4) {
      #expect(back.score(of: sequence) == model.score(of: sequence))
    }
  }

  /// Every shorter file is refused.
  @Test(arguments: Toys.words.filter { $0.hasSuffix("/tau:input=total") })
  func truncatedFilesAreRefused(_ word: String) throws {
    let bytes = try ModelFile.bytes(of: Toys.model(word, alphabetSize: 2))
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: ModelFileError.self) { try ModelFile.model(from: bytes.prefix(length)) }
    }
  }

  /// Tensors that the family does not have, or not in that size, are refused by the header alone: none of the gigabytes
  /// that it promises is there.
  @Test(arguments: [
    ("gru:2/eos", "junk"), ("gru:2/eos", "rnn.weight_ih_l1"), ("gru:2/eos", "rnn.bias_hh_l0"), ("markov:1", "junk"),
    ("markov:1", "query.stored"), ("tabular/tau", "counts.counts"),
  ])
  func tensorsOfAnotherModelAreNotRead(_ word: String, _ name: String) throws {
    let whole = [UInt8](try Toys.bytesWithoutChecksums(of: Toys.model(word, alphabetSize: 2)))
    let length = whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = try #require(
      JSONSerialization.jsonObject(with: Data(whole[8..<(8 + length)])) as? [String: [String: Any]])
    // The tensor comes last, in the place of one that is there already.
    header[name] = nil
    var offset = 0
    for (key, member) in header.sorted(by: { $0.key < $1.key }) {
      guard let offsets = member["data_offsets"] as? [Int] else { continue }
      header[key]?["data_offsets"] = [offset, offset + offsets[1] - offsets[0]]
      offset += offsets[1] - offsets[0]
    }
    header[name] = ["dtype": "F32", "shape": [3 << 28], "data_offsets": [offset, offset + (3 << 30)]]
    let json = try JSONSerialization.data(withJSONObject: header)
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
    var source = try ByteSource(bytes: bytes, name: "model")
    do {
      _ = try ModelFile.model(reading: &source)
      Issue.record("it was read")
    } catch ModelFileError.wrongTensor(let reason) {
      #expect(reason.hasPrefix("tensor \(name) "))
    }
  }

  /// A file without checksums in which some bytes were changed is refused, or is a model that neither crashes nor says NaN.
  @Test(arguments: Toys.words)
  func brokenFilesDoNoHarm(_ word: String) throws {
    let bytes = try Toys.bytesWithoutChecksums(of: Toys.model(word, alphabetSize: 2))
    var stream = RandomStream(seed: 99, purpose: word)
    for _ in 0..<300 {
      var broken = bytes
      for _ in 0...Int(stream.uniform() * 3) {
        broken[Int(stream.uniform() * Double(broken.count))] = UInt8(truncatingIfNeeded: stream.next())
      }
      guard let model = try? ModelFile.model(from: broken) else { continue }
      let sequences = Toys.allSequences(min(model.alphabet.size, 2), longest: 3)
      for sequence in sequences { #expect(!model.score(of: sequence).nats.isNaN) }
      let set = SequenceSet(sequences, alphabetSize: model.alphabet.size)
      if set.inputWidth == model.conditional.shape.inputWidth {
        #expect(model.scores(of: set).allSatisfy { !$0.nats.isNaN })
      }
      var options = SamplingOptions()
      options.maximumLength = 50
      _ = try model.samples(3, seed: 1, options)
      // Elsewhere by rejection, which takes its time.
      guard model.conditional is any FiniteStateConditional else { continue }
      options.length = 3
      _ = try? model.samples(3, seed: 1, options)
      (options.truncation.temperature, options.truncation.topP, options.truncation.endPolicy) = (0.7, 0.9, .keep)
      _ = try? model.samples(3, seed: 1, options)
    }
  }

  /// Contexts of symbols that the alphabet has not, and counts that do not add up, are refused.
  @Test(arguments: [
    "markov:k=2,smoothing=kneser-ney", "markov:k=2/halt", "markov:k=1,time=each/tau", "ctw:2", "vlmc:2",
  ])
  func countsThatCannotBeAreRefused(_ word: String) throws {
    let bytes = try ModelFile.bytes(of: Toys.model(word, alphabetSize: 3))
    let file = try TensorFile(bytes)
    let labels = try file.int32s("contexts.labels")
    let counts = try file.counts("counts.counts")
    var strange = file
    strange.remove("contexts.labels")
    strange.set("contexts.labels", labels.dropLast() + [labels[labels.count - 1] + 5_000_000])
    // The last label of a path may be any number where it is t or a length.
    if !word.hasSuffix("/tau") {
      #expect(throws: ModelFileError.self) { try ModelFile.model(from: strange.serialized()) }
    }
    strange = file
    var more = counts.map(Int64.init)
    more[more.count - 1] += 1_000
    strange.remove("counts.counts")
    strange.set("counts.counts", more)
    #expect(throws: ModelFileError.self) { try ModelFile.model(from: strange.serialized()) }
  }
}
